"""Lines that a program broke: where a break, or a run of blanks, stands for the one blank of the flowed text.

Nothing but the shape of the lines is looked at. Programs that leave one blank where they broke a line (``fold -s``,
mail in ``format=flowed``) say so themselves. Else a line that was broken is *full*: the first word of the next one
would not have fitted beside it. Other lines end where they do because their writer wanted it, and a few of those are
full by chance. So pairs of lines are sorted by how the first ends and how the second begins, in an indented text also
by the step between them, and a kind of pair is joined where clearly more of them are full than chance makes of that
kind.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise, zip_longest
from typing import NamedTuple

from schemas.packaged import packaged_rows

_NARROWEST, _WIDEST = 30, 130  # characters of a line
_STEPS, _SURE = 3, 5  # lines deeper than the one before, full lines that go on in small letters: then indents count
_FEWEST = 2  # full lines that go on in small letters, which show that a text was wrapped
_LINE = re.compile(r"([^\r\n\f]*)(\r\n|\r|\n|\f+|$)")
_ITEM = re.compile(
    r"[-–—*•·▪●○◦‣⁃✓✔➢►▶■□❑❖|>#+](?=\s|$|#)|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,5})[.):](?=\s)|(?:19|20)\d\d\S{0,5}\s*[-–—:|•](?!\d)"
)
_OTHER = re.compile(r"(?:https?://|www\.)\S+|\d{1,3}$|>|[-=_*~+]{3}")
_CLOSED = re.compile(r"[.!?…:;|][\"'”’)\]*_]*$")
_OPENED, _SHUT = re.compile(r"\([^()]*$"), re.compile(r"[^()]*\)")
_BROKEN = re.compile(r"\w-$")
_HALF = re.compile(r"[^-]*[^\W\d_]-(?=[^\W\d_])")  # programs that break at hyphens leave ranges of years whole
_HYPHENS = 20  # a program that breaks words does so in more than one of so many lines
_SPLIT = re.compile(r"[a-z]-$")
_BREAK = re.compile(r"\r\n|\r|\n")
_COLUMN = re.compile(r"(?<=\S)[ ]{3,}(?=\S)")
_BLANKS = re.compile(r"(?<=\S)[ ]+(?=\S)")
_AFTER_STOP = re.compile(r"[.!?][\"'”’)\]]*$")
_CLOSING = 5  # characters that end a sentence, at most
_SPREAD = 12  # blanks in a gap of a justified line, at most
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
_NEAR = 80  # characters before the hyphen that are looked at
_ADDRESS = re.compile(r"[/@]\S*$")
_WORD = re.compile(r"[^\W\d_]+")
_HEADING = 120  # characters of a heading, at most, in no more lines than two
_NEVER = ("", "apart")
_DOUBT = {"item": 1.0, "capital": 0.5}  # added to what chance makes of such a kind, where few are seen


_HALVES = {(row["side"], row["form"]) for row in packaged_rows("extractors.text", "tables/compounds.csv")}


class Hyphens:
    """Judges hyphens by the words of their own text, then by a table of the usual halves of compounds."""

    def __init__(self, text: str) -> None:
        """Take the text that the words are looked for in."""
        self._text = text

    def kept(self, before: str, after: str, *, else_kept: bool = False) -> bool:
        """Whether the hyphen that ends ``before`` is kept where ``after`` is put behind it.

        ``else_kept`` decides where neither the text nor the table knows the word.
        """
        near = before[-_NEAR:]
        left = [] if _ADDRESS.search(near) else _WORD.findall(near)
        right = _WORD.match(after)
        if not left or not right or not (left[-1].islower() and right[0].islower()):
            return True
        if f"{left[-1]}-{right[0]}" in self._compounds:
            return True
        if f"{left[-1]}{right[0]}" in self._words:
            return False
        return else_kept or ("left", left[-1]) in _HALVES or ("right", right[0]) in _HALVES

    @cached_property
    def _compounds(self) -> frozenset[str]:
        return frozenset(one.lower() for one in _COMPOUND.findall(self._text))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(one.lower() for one in _WORD.findall(self._text))


class Edit(NamedTuple):
    """``text[start:end]`` is to be read as ``mended``."""

    start: int
    end: int
    mended: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank: the bounds of its content, its width with indent, and the blank lines before it.

    ``gaps`` are its runs of blanks, if they are as even as a program spreads them; ``typed`` if all of them follow the
    end of a sentence, as typists leave two.
    """

    start: int
    end: int
    width: int
    text: str
    blanks: int
    gaps: tuple[Edit, ...]
    typed: bool
    trails: bool  # whether one blank stands at its end

    @property
    def indent(self) -> int:
        """How many characters stand before its content."""
        return self.width - len(self.text)

    @property
    def row(self) -> bool:
        """Whether it is a row of a table, which no program breaks."""
        return "\t" in self.text or self.text.count("|") > 1 or len(_COLUMN.findall(self.text)) > 1 > len(self.gaps)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbouring lines: the kind of their meeting, whether the first is full, and how likely by chance."""

    first: _Line
    second: _Line
    kind: tuple[str, ...]
    full: bool
    chance: float


def edits(text: str, title: int = 0) -> Iterator[Edit]:
    """Yield what flows a wrapped, justified or double-spaced text, in order; of others only words broken in two.

    The first ``title`` characters are left alone.
    """
    lines = [line for line in _lines(text) if line.start >= title]
    hyphens = Hyphens(text)
    flow = _flow(lines)
    for line, after in zip_longest(lines, lines[1:]):
        joined = line.start in flow.joined
        if joined or line.width == flow.justified or line.typed:
            yield from line.gaps
        if after is None:
            return
        if joined or (after.blanks == 0 and _SPLIT.search(line.text) and after.text[0].islower()):
            yield _join(line, after, hyphens, rare=joined and flow.unhyphenated)
        elif flow.doubled:
            yield _halved(text, line.end, after.start)


class _Flow(NamedTuple):
    """The starts of the lines that go on in the next one, the width to which lines are justified (0: they are not).

    ``unhyphenated``: so few of them end with a hyphen that no program put it there. ``doubled``: each line break was
    doubled.
    """

    joined: frozenset[int] = frozenset()
    justified: int = 0
    unhyphenated: bool = False
    doubled: bool = False


def _flow(lines: Sequence[_Line]) -> _Flow:
    between = _between(lines)
    width = _width(lines, between)
    justified = _justified(lines, width)
    pairs = list(_pairs(lines, width, between, justified=justified))
    if width < _NARROWEST or not (justified or _wrapped(pairs)):
        return _Flow()
    if _indented(pairs):
        pairs = [replace(one, kind=_stepped(one)) for one in pairs]
    kinds = _kinds(pairs)
    marked = _marked(pairs)
    on = [one for one in pairs if (one.first.trails if marked else one.full and one.kind in kinds)]
    hyphens = sum(one.kind[0] == "broken" for one in on)
    joined = frozenset(one.first.start for one in on)
    if not marked:
        joined -= set(_before_headings(lines, joined))
    return _Flow(joined, width * justified, _HYPHENS * hyphens < len(on), between > 0)


def _lines(text: str) -> Iterator[_Line]:
    blanks = 0
    for match in _LINE.finditer(text):
        content = match[1].strip()
        if content:
            start = match.start() + len(match[1]) - len(match[1].lstrip())
            width = len(match[1].rstrip())
            trails = len(match[1]) == width + 1
            yield _Line(start, start + len(content), width, content, blanks, *_gaps(content, start), trails)
            blanks = 0
        else:
            blanks += 1
        blanks += 2 * ("\f" in match[2])  # a page's end parts more than any blank line


def _pairs(lines: Sequence[_Line], width: int, between: int, *, justified: bool) -> Iterator[_Pair]:
    hyphenated = any(_BROKEN.search(line.text) for line in lines)
    for first, second in pairwise(lines):
        if second.blanks != between or first.row or second.row or max(first.width, second.width) > width:
            continue
        word = second.text.split(maxsplit=1)[0]
        if hyphenated and (half := _HALF.match(word)):
            word = half[0]
        room = 0 if _BROKEN.search(first.text) else 1
        full = first.width == width if justified else first.width + room + len(word) > width
        chance = 1 if justified else len(word) + 1
        yield _Pair(first, second, _kind(first, second), full, 2 * chance / width if 2 * first.width > width else 0)


def _before_headings(lines: Sequence[_Line], joined: frozenset[int]) -> Iterator[int]:
    """The starts of full lines that end a paragraph before a heading: short, and without a stop where it ends.

    What a writer ended without a stop began after the last stop; in a list's items that means nothing.
    """
    began: _Line | None = None
    for i, line in enumerate(lines):
        before, began = began, None
        if line.start not in joined:
            continue
        began = before or line
        heading = lines[i + 1 : i + 3] if lines[i + 1].start in joined else lines[i + 1 : i + 2]
        ended = heading[-1].start not in joined and heading[-1] is not lines[-1]
        short = sum(len(one.text) for one in heading) < _HEADING
        bare = not any(_CLOSED.search(one.text) or _BROKEN.search(one.text) for one in heading)
        if ended and short and bare and _CLOSED.search(line.text) and not _ITEM.match(began.text):
            yield line.start


def _kind(first: _Line, second: _Line) -> tuple[str, ...]:
    end = "broken" if _BROKEN.search(first.text) else "closed" if _CLOSED.search(first.text) else "open"
    begin = second.text.lstrip("\"'“‘([*_")[:1]
    if _OPENED.search(first.text) and _SHUT.match(second.text):
        return end, "inside"
    if _OTHER.match(second.text) or (end == "closed" and _ITEM.match(second.text)):
        return _NEVER
    if _ITEM.match(second.text):
        return end, "item"
    if second.text[0] == "(":
        return end, "bracket"
    return end, "small" if begin.islower() else "digit" if begin.isdigit() else "capital"


def _width(lines: Sequence[_Line], between: int) -> int:
    """The width at which most lines that go on in small letters are full, then most of all: that of the widest."""
    small, full = [0] * (_WIDEST + 2), [0] * (_WIDEST + 2)
    for one, after in pairwise(lines):
        if after.blanks == between and one.width <= _WIDEST and not one.row and not after.row:
            needed = min(one.width + 1 + len(after.text.split(maxsplit=1)[0]), _WIDEST + 1)
            for counts in (full, small) if after.text[0].islower() else (full,):
                counts[one.width] += 1
                counts[needed] -= 1
    small, full = list(accumulate(small)), list(accumulate(full))
    widest = max((small[width], full[width], width) for width in range(_NARROWEST, _WIDEST + 1))[2]
    return max((line.width for line in lines if line.width <= widest), default=0)


def _wrapped(pairs: Sequence[_Pair]) -> bool:
    full = sum(one.full for one in pairs)
    small = [one for one in pairs if one.kind[1] == "small"]
    both = sum(one.full for one in small)
    many = 3 * both >= full or full > 2 * sum(one.chance for one in pairs)
    return both >= _FEWEST and many and 2 * both >= len(small)


def _indented(pairs: Sequence[_Pair]) -> bool:
    """Whether lines of a text that was surely wrapped begin at several depths: those of paragraphs, or inside items."""
    sure = sum(one.full and one.kind[1] == "small" for one in pairs)
    return sure >= _SURE and sum(one.first.indent < one.second.indent for one in pairs) >= _STEPS


def _stepped(pair: _Pair) -> tuple[str, ...]:
    step = pair.second.indent - pair.first.indent
    return pair.kind if pair.kind == _NEVER or not step else (*pair.kind, "deeper" if step > 0 else "back")


def _marked(pairs: Sequence[_Pair]) -> bool:
    """Whether the one blank at the ends of lines shows which of them go on: full ones have it, others do not."""
    ends = [one for one in pairs if one.kind[1] == "small" or one.first.trails]
    shown = sum(one.first.trails for one in ends)
    return shown >= _FEWEST and 20 * sum(one.full != one.first.trails for one in ends) <= len(ends)


def _kinds(pairs: Sequence[_Pair]) -> set[tuple[str, ...]]:
    """The kinds of which clearly more are full than chance makes; of those that step deeper, more than are not full."""
    full = Counter(one.kind for one in pairs if one.full)
    chance: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for one in pairs:
        if not one.full:
            chance[one.kind] += 1 if one.kind[-1] == "deeper" else one.chance
    return {
        kind
        for kind, count in full.items()
        if count > 2 * chance[kind] + _DOUBT.get(kind[1], 0) * (kind[-1] != "deeper") and kind != _NEVER
    }


def _between(lines: Sequence[_Line]) -> int:
    """How many blank lines stand between neighbours: one in a double-spaced text, else none."""
    single = sum(line.blanks == 0 for line in lines[1:])
    return int(20 * single < len(lines))


def _justified(lines: Sequence[_Line], width: int) -> bool:
    """Whether lines whose blanks a program spread evenly are as wide as the text: two, and a third or nearly all."""
    spread = [line.width for line in lines if line.gaps and len(line.text.split()) > 2 and not line.typed]
    even = spread.count(width)
    return even >= _FEWEST and (3 * even >= len(lines) or 4 * even >= 3 * len(spread))


def _join(first: _Line, second: _Line, hyphens: Hyphens, *, rare: bool) -> Edit:
    if not _BROKEN.search(first.text):
        return Edit(first.end, second.start, " ")
    return Edit(first.end - (not hyphens.kept(first.text, second.text, else_kept=rare)), second.start, "")


def _halved(text: str, start: int, end: int) -> Edit:
    """Every other line break between two lines, with the blanks around them."""
    found = text[start:end]
    if "\f" in found:
        return Edit(start, end, found)
    parts = _BREAK.split(found)
    kept = [part + "\n" * (i % 2 == 0) for i, part in enumerate(parts[:-1])]
    return Edit(start, end, "".join([*kept, parts[-1]]))


def _gaps(text: str, at: int) -> tuple[tuple[Edit, ...], bool]:
    """The runs of blanks in a line that starts at ``at``, if all are as even as a program spreads them.

    Those after the end of a sentence may be one blank wider. Besides, whether a typist left them all.
    """
    found = list(_BLANKS.finditer(text))
    widths = [match.end() - match.start() for match in found]
    wide = [
        (match, width, _AFTER_STOP.search(text, max(0, match.start() - _CLOSING), match.start()) is not None)
        for match, width in zip(found, widths, strict=True)
        if width > 1
    ]
    most = 1 + min(widths, default=0)
    if most > _SPREAD or any(width > most + stops for _, width, stops in wide):
        return (), False
    gaps = tuple(Edit(at + match.start(), at + match.end(), " ") for match, _, _ in wide)
    return gaps, bool(wide) and all(width == 2 and stops for _, width, stops in wide)
