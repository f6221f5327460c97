"""Edits that flow a wrapped text: each replaces a line break, or a run of blanks, by the one blank that it stands for.

Only the shape of the lines is used. Programs that leave one blank where they break a line (``fold -s``, mail in
``format=flowed``) thereby mark the break. Otherwise, a line that a program broke is *full*: the first word of the next
line would not have fitted at its end. Other lines end where the writer chose, and a few of these are full by chance.
So pairs of lines are classified by how the first ends and how the second begins, in an indented text also by the
change of indent, and the full pairs of a kind are joined where they are clearly more than chance explains.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise, zip_longest
from typing import NamedTuple

from schemas.packaged import packaged_rows

_NARROWEST, _WIDEST = 30, 130  # characters of a full line
_STEPS, _SURE = 3, 5  # lines deeper than the one before, full lines before lower case: then indents count
_FEWEST = 2  # full lines before a line in lower case, by which a text counts as wrapped
_LINE = re.compile(r"([^\r\n\f]*)(\r\n|\r|\n|\f+|$)")
_ITEM = re.compile(
    r"[-–—*•·▪●○◦‣⁃✓✔➢►▶■□❑❖|>#+](?=\s|$|#)|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,5})[.):](?=\s)|(?:19|20)\d\d\S{0,5}\s*[-–—:|•](?!\d)"
)
_NOT_JOINED = re.compile(r"(?:https?://|www\.)\S+|\d{1,3}$|>|[-=_*~+]{3}")
_CLOSED = re.compile(r"[.!?…:;|][\"'”’)\]*_]*$")
_OPENED, _SHUT = re.compile(r"\([^()]*$"), re.compile(r"[^()]*\)")
_BROKEN = re.compile(r"\w-$")
_FIRST_HALF = re.compile(r"[^-]*[^\W\d_]-(?=[^\W\d_])")  # programs that break at hyphens do not break ranges of years
_HYPHENS = 20  # a program that hyphenates breaks words in more than one of so many lines
_SPLIT_WORD = re.compile(r"[a-z]-$")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_COLUMN_GAP = re.compile(r"(?<=\S)[ ]{3,}(?=\S)")
_BLANKS = re.compile(r"(?<=\S)[ ]+(?=\S)")
_AFTER_STOP = re.compile(r"[.!?][\"'”’)\]]*$")
_CLOSING = 5  # most characters of a stop and the closing marks after it
_SPREAD = 12  # most blanks in a gap of a justified line
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
_NEAR = 80  # characters before the hyphen that are searched
_ADDRESS = re.compile(r"[/@]\S*$")
_WORD = re.compile(r"[^\W\d_]+")
_HEADING = 120  # most characters of a heading of one or two lines
_NEVER_JOINED = ("", "apart")
_DOUBT = {"item": 1.0, "capital": 0.5}  # added to the full pairs of such a kind that chance explains


_COMPOUND_HALVES = {(row["side"], row["form"]) for row in packaged_rows("extractors.text", "tables/compounds.csv")}


class Hyphens:
    """Decides which hyphens are of a compound: by the words of the text, then by a table of halves of compounds."""

    def __init__(self, text: str) -> None:
        """Take the text whose words decide."""
        self._text = text

    def kept(self, before: str, after: str, *, else_kept: bool = False) -> bool:
        """Return whether the hyphen that ends ``before`` stays when ``after`` is joined to it.

        ``else_kept`` is the answer for a word that neither the text nor the table has.
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
        return else_kept or ("left", left[-1]) in _COMPOUND_HALVES or ("right", right[0]) in _COMPOUND_HALVES

    @cached_property
    def _compounds(self) -> frozenset[str]:
        return frozenset(one.lower() for one in _COMPOUND.findall(self._text))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(one.lower() for one in _WORD.findall(self._text))


class Edit(NamedTuple):
    """``text[start:end]`` is replaced by ``mended``."""

    start: int
    end: int
    mended: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank: the bounds of its content, its width with indent, and the blank lines before it.

    ``gaps`` are the edits of its runs of blanks, if these are as even as a program spreads them; ``typed`` means that
    all of them are the two blanks that typists leave after a sentence.
    """

    start: int
    end: int
    width: int
    text: str
    blank_lines: int
    gaps: tuple[Edit, ...]
    typed: bool
    ends_in_blank: bool  # whether it ends in one blank

    @property
    def indent(self) -> int:
        """The number of characters before its content."""
        return self.width - len(self.text)

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table, which is never joined."""
        return "\t" in self.text or self.text.count("|") > 1 or len(_COLUMN_GAP.findall(self.text)) > 1 > len(self.gaps)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbouring lines: their kind, whether the first is full, and the probability that it is so by chance."""

    first: _Line
    second: _Line
    kind: tuple[str, ...]
    full: bool
    chance: float


def edits(text: str, title: int = 0) -> Iterator[Edit]:
    """Yield the edits that flow a wrapped, justified or double-spaced text, in order.

    Any other text has only its broken words joined. Lines that begin in the first ``title`` characters are not changed.
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
        if joined or (after.blank_lines == 0 and _SPLIT_WORD.search(line.text) and after.text[0].islower()):
            yield _join(line, after, hyphens, rare=joined and flow.unhyphenated)
        elif flow.doubled:
            yield _undoubled(text, line.end, after.start)


class _Flow(NamedTuple):
    """How the lines of a text flow.

    ``joined`` has the starts of lines that go on in the next one, ``justified`` the width of justified lines or 0.
    ``unhyphenated``: so few joined lines end in a hyphen that no program put them there. ``doubled``: each line break
    is doubled.
    """

    joined: frozenset[int] = frozenset()
    justified: int = 0
    unhyphenated: bool = False
    doubled: bool = False


def _flow(lines: Sequence[_Line]) -> _Flow:
    between = _blank_lines_between(lines)
    width = _full_width(lines, between)
    justified = _is_justified(lines, width)
    pairs = list(_pairs(lines, width, between, justified=justified))
    if width < _NARROWEST or not (justified or _is_wrapped(pairs)):
        return _Flow()
    if _is_indented(pairs):
        pairs = [replace(one, kind=_kind_with_step(one)) for one in pairs]
    kinds = _joined_kinds(pairs)
    marked = _has_marked_breaks(pairs)
    continued = [one for one in pairs if (one.first.ends_in_blank if marked else one.full and one.kind in kinds)]
    hyphens = sum(one.kind[0] == "broken" for one in continued)
    joined = frozenset(one.first.start for one in continued)
    if not marked:
        joined -= set(_before_headings(lines, joined))
    return _Flow(joined, width * justified, _HYPHENS * hyphens < len(continued), between > 0)


def _lines(text: str) -> Iterator[_Line]:
    blank_lines = 0
    for match in _LINE.finditer(text):
        content = match[1].strip()
        if content:
            start = match.start() + len(match[1]) - len(match[1].lstrip())
            width = len(match[1].rstrip())
            ends_in_blank = len(match[1]) == width + 1
            yield _Line(start, start + len(content), width, content, blank_lines, *_gaps(content, start), ends_in_blank)
            blank_lines = 0
        else:
            blank_lines += 1
        blank_lines += 2 * ("\f" in match[2])  # the end of a page separates more than a blank line


def _pairs(lines: Sequence[_Line], width: int, between: int, *, justified: bool) -> Iterator[_Pair]:
    hyphenated = any(_BROKEN.search(line.text) for line in lines)
    for first, second in pairwise(lines):
        if second.blank_lines != between or first.is_row or second.is_row or max(first.width, second.width) > width:
            continue
        word = second.text.split(maxsplit=1)[0]
        if hyphenated and (half := _FIRST_HALF.match(word)):
            word = half[0]
        room = 0 if _BROKEN.search(first.text) else 1
        full = first.width == width if justified else first.width + room + len(word) > width
        chance = 1 if justified else len(word) + 1
        yield _Pair(first, second, _kind_of(first, second), full, 2 * chance / width if 2 * first.width > width else 0)


def _before_headings(lines: Sequence[_Line], joined: frozenset[int]) -> Iterator[int]:
    """Yield the starts of full lines that end a paragraph before a heading: a short one, which ends without a stop.

    The heading began after the stop that ends the full line. Items of lists are excepted: they often end without one.
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


def _kind_of(first: _Line, second: _Line) -> tuple[str, ...]:
    end = "broken" if _BROKEN.search(first.text) else "closed" if _CLOSED.search(first.text) else "open"
    begin = second.text.lstrip("\"'“‘([*_")[:1]
    if _OPENED.search(first.text) and _SHUT.match(second.text):
        return end, "inside"
    if _NOT_JOINED.match(second.text) or (end == "closed" and _ITEM.match(second.text)):
        return _NEVER_JOINED
    if _ITEM.match(second.text):
        return end, "item"
    if second.text[0] == "(":
        return end, "bracket"
    return end, "small" if begin.islower() else "digit" if begin.isdigit() else "capital"


def _full_width(lines: Sequence[_Line], between: int) -> int:
    """Return the width at which most lines before lower case are full; of several, that at which most lines are."""
    small, full = [0] * (_WIDEST + 2), [0] * (_WIDEST + 2)
    for one, after in pairwise(lines):
        if after.blank_lines == between and one.width <= _WIDEST and not one.is_row and not after.is_row:
            needed = min(one.width + 1 + len(after.text.split(maxsplit=1)[0]), _WIDEST + 1)
            for counts in (full, small) if after.text[0].islower() else (full,):
                counts[one.width] += 1
                counts[needed] -= 1
    small, full = list(accumulate(small)), list(accumulate(full))
    widest = max((small[width], full[width], width) for width in range(_NARROWEST, _WIDEST + 1))[2]
    return max((line.width for line in lines if line.width <= widest), default=0)


def _is_wrapped(pairs: Sequence[_Pair]) -> bool:
    full = sum(one.full for one in pairs)
    small = [one for one in pairs if one.kind[1] == "small"]
    both = sum(one.full for one in small)
    many = 3 * both >= full or full > 2 * sum(one.chance for one in pairs)
    return both >= _FEWEST and many and 2 * both >= len(small)


def _is_indented(pairs: Sequence[_Pair]) -> bool:
    """Whether a text was surely wrapped and its lines begin at several depths: of paragraphs, or inside items."""
    sure = sum(one.full and one.kind[1] == "small" for one in pairs)
    return sure >= _SURE and sum(one.first.indent < one.second.indent for one in pairs) >= _STEPS


def _kind_with_step(pair: _Pair) -> tuple[str, ...]:
    step = pair.second.indent - pair.first.indent
    return pair.kind if pair.kind == _NEVER_JOINED or not step else (*pair.kind, "deeper" if step > 0 else "back")


def _has_marked_breaks(pairs: Sequence[_Pair]) -> bool:
    """Whether a blank at the end of a line marks that it goes on: nearly all full lines have it, and no others."""
    ends = [one for one in pairs if one.kind[1] == "small" or one.first.ends_in_blank]
    shown = sum(one.first.ends_in_blank for one in ends)
    return shown >= _FEWEST and 20 * sum(one.full != one.first.ends_in_blank for one in ends) <= len(ends)


def _joined_kinds(pairs: Sequence[_Pair]) -> set[tuple[str, ...]]:
    """Return the kinds of which clearly more pairs are full than by chance; with a deeper indent, than are not full."""
    full = Counter(one.kind for one in pairs if one.full)
    chance: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for one in pairs:
        if not one.full:
            chance[one.kind] += 1 if one.kind[-1] == "deeper" else one.chance
    return {
        kind
        for kind, count in full.items()
        if count > 2 * chance[kind] + _DOUBT.get(kind[1], 0) * (kind[-1] != "deeper") and kind != _NEVER_JOINED
    }


def _blank_lines_between(lines: Sequence[_Line]) -> int:
    """Return the number of blank lines between neighbours: one in a double-spaced text, else none."""
    single = sum(line.blank_lines == 0 for line in lines[1:])
    return int(20 * single < len(lines))


def _is_justified(lines: Sequence[_Line], width: int) -> bool:
    """Whether evenly spread lines are as wide as the text: at least two, and a third of all lines or most of these."""
    spread = [line.width for line in lines if line.gaps and len(line.text.split()) > 2 and not line.typed]
    even = spread.count(width)
    return even >= _FEWEST and (3 * even >= len(lines) or 4 * even >= 3 * len(spread))


def _join(first: _Line, second: _Line, hyphens: Hyphens, *, rare: bool) -> Edit:
    if not _BROKEN.search(first.text):
        return Edit(first.end, second.start, " ")
    return Edit(first.end - (not hyphens.kept(first.text, second.text, else_kept=rare)), second.start, "")


def _undoubled(text: str, start: int, end: int) -> Edit:
    """Return the edit that keeps every other line break between two lines, with the blanks around them."""
    found = text[start:end]
    if "\f" in found:
        return Edit(start, end, found)
    parts = _LINE_BREAK.split(found)
    kept = [part + "\n" * (i % 2 == 0) for i, part in enumerate(parts[:-1])]
    return Edit(start, end, "".join([*kept, parts[-1]]))


def _gaps(text: str, at: int) -> tuple[tuple[Edit, ...], bool]:
    """Return the edits of the runs of blanks in a line that starts at ``at``, if a program spread them evenly.

    Those after the end of a sentence may be one blank wider. The second value is whether a typist left them all.
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
