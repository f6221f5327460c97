"""The outline: which headings, lead-ins and parent bullets stand above each line."""

from bisect import bisect_right
from dataclasses import dataclass

from .lines import Line, lines

_PLAIN = 10  # the depth of a heading that nothing but its shape marks
_NEAREST = 4  # lines above, at most


@dataclass(frozen=True, slots=True)
class Place:
    """A line in the outline: the lines above it, nearest first, and the index of the list it is an item of (or -1)."""

    line: Line
    above: tuple[int, ...]
    list_id: int = -1


class Outline:
    """The places of all lines of a text in order; ``at`` finds that of an offset."""

    def __init__(self, text: str) -> None:
        """Read the outline of ``text``."""
        self.text = text
        self.places = _places(lines(text))
        self._starts = [place.line.start for place in self.places]

    def at(self, offset: int) -> Place | None:
        """Return the place of the line that holds ``offset``, None before the first line."""
        i = bisect_right(self._starts, offset) - 1
        return self.places[i] if i >= 0 else None

    def above(self, place: Place) -> list[Line]:
        """Return the lines above a place, nearest first."""
        return [self.places[i].line for i in place.above]

    def title(self) -> Line | None:
        """Return the first heading or line of the document."""
        return next((p.line for p in self.places if p.line.kind in {"heading", "text", "lead"}), None)


def _places(found: list[Line]) -> list[Place]:
    places: list[Place] = []
    headings: list[tuple[int, int]] = []  # depth and index
    lead: int | None = None
    bullets: list[tuple[int, int]] = []  # level and index
    list_id, content = -1, False
    for i, line in enumerate(found):
        if line.kind == "heading":
            depth = _depth(line, headings, content)
            _leave(headings, depth)
            above = _nearest(headings)
            headings.append((depth, i))
            lead, bullets, content = None, [], False
        elif line.kind == "bullet":
            if not bullets:
                list_id += 1
            _leave(bullets, line.level)
            above = (*_nearest(bullets), *((lead,) if lead is not None else ()), *_nearest(headings))
            bullets.append((line.level, i))
            content = True
        else:
            above = (*((lead,) if lead is not None and line.kind == "row" else ()), *_nearest(headings))
            if line.kind == "noise":
                _leave(headings, _PLAIN)
                lead, bullets = None, []
            content = True
            if line.kind in {"text", "lead"}:
                bullets = []
                lead = i if line.kind == "lead" else None
        in_list = list_id if line.kind == "bullet" else -1
        places.append(Place(line, above[:_NEAREST], in_list))
    return places


def _leave(open_: list[tuple[int, int]], depth: int) -> None:
    """Close what is at least as deep as ``depth``; each that is open is deeper than the one before it."""
    while open_ and open_[-1][0] >= depth:
        open_.pop()


def _nearest(open_: list[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(i for _, i in reversed(open_[-_NEAREST:]))


def _depth(line: Line, headings: list[tuple[int, int]], content: bool) -> int:
    """A heading's depth: its own where the text marks one.

    Else beside the last, or under it where nothing stands between.
    """
    if line.sign == "#":
        return line.level
    if line.level == 1:
        return 1
    if line.sign in {"**", "1"}:
        return 2 * _PLAIN + line.level
    last = headings[-1][0] if headings else 0
    if last < _PLAIN or last > _PLAIN + 1:
        return _PLAIN
    return last if content else _PLAIN + 1
