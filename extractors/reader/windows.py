"""Windows: the parts of a text that the encoder reads at once, each with its title, headings and table heads."""

from dataclasses import dataclass

import numpy as np

from extractors.reader.pieces import MARKS, TAGS, Ints, Pieces, Vocabulary
from extractors.text.outline import Line, Outline

LONGEST = 510  # pieces of a window without its begin and end tokens: the encoder has 512 places
CORE, _BEFORE, _AFTER = 340, 100, 50  # pieces of a core, and of the text that is shown around it
_TITLE, _ABOVE = 32, 24  # pieces of the title, and of each heading
_SNAP = 60  # a core ends at a line or sentence within so many pieces


@dataclass(frozen=True, slots=True)
class Window:
    """A range of pieces, the core, with its context.

    ``parts`` are the ranges of pieces in the order they are read, ``order`` the same piece by piece, with -1 for the
    begin, the end and the break after each part; anchors are taken only from the core, pieces ``core[0]`` to
    ``core[1]`` (end exclusive). ``place`` maps a piece to its index in ``order``.
    """

    parts: tuple[range, ...]
    order: Ints
    core: tuple[int, int]
    place: dict[int, int]


def windows(pieces: Pieces, outline: Outline, *, core: int = CORE, whole: int = LONGEST) -> list[Window]:
    """Cut a text into windows; the cores cover it without overlap.

    ``core`` is the most pieces of a core, but the last may have a few more; a text of up to ``whole`` pieces is one
    window.
    """
    total = len(pieces)
    if total <= whole:
        return [_window([range(total)], (0, total))] if total else []
    size = -(-total // -(-total // core))  # cores of about equal size
    heads, title = _table_heads(outline), outline.title()
    found, at = [], 0
    while at < total:
        stop = total if total - at <= size + _SNAP // 2 else _core_end(pieces, at, at + size)
        above = _context_above(pieces, outline, title, heads, at, max(0, at - _BEFORE))
        while above and _room(above, stop - at) < 0:
            above.pop()
        room = _room(above, stop - at)
        before = min(_BEFORE, at, room)
        after = min(_AFTER, total - stop, room - before)
        found.append(_window([*above, range(at - before, stop + after)], (at, stop)))
        at = stop
    return found


def inputs(window: Window, pieces: Pieces, vocabulary: Vocabulary) -> tuple[Ints, Ints, Ints]:
    """Return the encoder's inputs for a window: ids, shapes and tags of its pieces, three arrays of its length."""
    outside = window.order < 0
    order = np.maximum(window.order, 0)
    ids = np.where(outside, vocabulary.marks["break"], pieces.ids[order])
    ids[0], ids[-1] = vocabulary.begin, vocabulary.end
    tags = np.where(outside, TAGS.index(MARKS[-1]), pieces.tags[order])
    tags[[0, -1]] = 0
    return ids, np.where(outside, 0, pieces.shapes[order]), tags


def _room(above: list[range], core: int) -> int:
    """The number of pieces that fit into a window beside a core and the context above it."""
    return LONGEST - core - sum(len(part) + 1 for part in above)


def _window(parts: list[range], core: tuple[int, int]) -> Window:
    order = [-1]
    for part in parts:
        order += [*part, -1]
    return Window(
        tuple(parts), np.array(order, dtype=np.int64), core, {piece: i for i, piece in enumerate(order) if piece >= 0}
    )


def _core_end(pieces: Pieces, at: int, stop: int) -> int:
    """Where a core that starts at ``at`` ends: at the last line end before ``stop``, else sentence end, if near."""
    low = max(at + 1, stop - _SNAP)
    lines = [i for i in range(low, stop) if pieces.starts[i] == pieces.ends[i]]
    if lines:
        return lines[-1]
    ends = [i for i in range(low, stop) if pieces.sentences[i] != pieces.sentences[i - 1]]
    return ends[-1] if ends else stop


def _context_above(
    pieces: Pieces, outline: Outline, title: Line | None, heads: dict[int, tuple[int, int]], at: int, first: int
) -> list[range]:
    """The title, the headings and the table's heads above piece ``at``, as far as they stand before ``first``."""
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


def _table_heads(outline: Outline) -> dict[int, tuple[int, int]]:
    """The bounds of the first row of each row's table, by the offset where the row starts."""
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
