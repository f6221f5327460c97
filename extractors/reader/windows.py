"""Stretches of a text that the encoder reads at once, each with what stands above it."""

from dataclasses import dataclass

import numpy as np

from extractors.reader.pieces import MARKS, TAGS, Ints, Pieces, Vocabulary
from extractors.text.outline import Line, Outline

LONGEST = 510  # pieces of a window, without its two ends: the encoder knows 512 places
CORE, _BEFORE, _AFTER = 340, 100, 50
_TITLE, _ABOVE = 32, 24  # pieces of the title, and of each line above
_SNAP = 60  # a core ends at a line or sentence within so many pieces


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of pieces with its context.

    ``parts`` are the stretches of pieces in the order they are read, ``order`` the same piece by piece, -1 for the ends
    and breaks; anchors are taken from the core, pieces ``core[0]`` to ``core[1]`` (end exclusive). ``place`` maps a
    piece to where it is read.
    """

    parts: tuple[range, ...]
    order: Ints
    core: tuple[int, int]
    place: dict[int, int]


def windows(pieces: Pieces, outline: Outline, *, core: int = CORE, whole: int = LONGEST) -> list[Window]:
    """Cut a text into windows; the cores cover it without overlap.

    ``core`` is how many pieces a core has at most, but for a little; a text of up to ``whole`` pieces is one window.
    """
    total = len(pieces)
    if total <= whole:
        return [_window([range(total)], (0, total))] if total else []
    size = -(-total // -(-total // core))  # cores of like size
    heads, title = _heads(outline), outline.title()
    found, at = [], 0
    while at < total:
        stop = total if total - at <= size + _SNAP // 2 else _stop(pieces, at, at + size)
        above = _above(pieces, outline, title, heads, at, max(0, at - _BEFORE))
        while above and _room(above, stop - at) < 0:
            above.pop()
        room = _room(above, stop - at)
        before = min(_BEFORE, at, room)
        after = min(_AFTER, total - stop, room - before)
        found.append(_window([*above, range(at - before, stop + after)], (at, stop)))
        at = stop
    return found


def inputs(window: Window, pieces: Pieces, vocabulary: Vocabulary) -> tuple[Ints, Ints, Ints]:
    """Return ids, shapes and tags of the pieces of a window, as the encoder takes them: three arrays of its length."""
    outside = window.order < 0
    order = np.maximum(window.order, 0)
    ids = np.where(outside, vocabulary.marks["break"], pieces.ids[order])
    ids[0], ids[-1] = vocabulary.begin, vocabulary.end
    tags = np.where(outside, TAGS.index(MARKS[-1]), pieces.tags[order])
    tags[[0, -1]] = 0
    return ids, np.where(outside, 0, pieces.shapes[order]), tags


def _room(above: list[range], core: int) -> int:
    """How many pieces may still stand beside a core and what stands above it."""
    return LONGEST - core - sum(len(part) + 1 for part in above)


def _window(parts: list[range], core: tuple[int, int]) -> Window:
    order = [-1]
    for part in parts:
        order += [*part, -1]
    return Window(
        tuple(parts), np.array(order, dtype=np.int64), core, {piece: i for i, piece in enumerate(order) if piece >= 0}
    )


def _stop(pieces: Pieces, at: int, stop: int) -> int:
    """The last end of a line before ``stop``, else of a sentence, if one is near."""
    low = max(at + 1, stop - _SNAP)
    lines = [i for i in range(low, stop) if pieces.starts[i] == pieces.ends[i]]
    if lines:
        return lines[-1]
    ends = [i for i in range(low, stop) if pieces.sentences[i] != pieces.sentences[i - 1]]
    return ends[-1] if ends else stop


def _above(
    pieces: Pieces, outline: Outline, title: Line | None, heads: dict[int, tuple[int, int]], at: int, first: int
) -> list[range]:
    """The title, the heads of the table and the headings over piece ``at``, where they stand before ``first``."""
    lines = [(line.start, line.end, _TITLE) for line in (title,) if line is not None]
    place = outline.at(int(pieces.starts[at]))
    if place is not None:
        lines += [(line.start, line.end, _ABOVE) for line in reversed(outline.above(place))]
        if place.line.start in heads:
            lines.append((*heads[place.line.start], 2 * _ABOVE))
    found: list[range] = []
    for start, end, most in lines:
        a, b = pieces.within(start, end)
        part = range(a, min(b, a + most))
        if part and part.stop <= first and not any(part.start < other.stop for other in found):
            found.append(part)
    return found


def _heads(outline: Outline) -> dict[int, tuple[int, int]]:
    """The bounds of the first line of the table that each row belongs to, by where the row starts."""
    heads: dict[int, tuple[int, int]] = {}
    head: tuple[int, int] | None = None
    for place in outline.places:
        line = place.line
        if line.kind == "row":
            head = head or (line.start, line.end)
            heads[line.start] = head
        elif line.kind != "noise":
            head = None
    return heads
