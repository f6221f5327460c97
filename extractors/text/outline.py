"""The outline of a document: what each line is (heading, lead-in, bullet, table row, running text or noise), and which
headings, lead-ins and parent bullets stand above it.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Literal

from extractors.text.sentences import RawLine, raw_lines

LineKind = Literal["heading", "lead", "bullet", "row", "text", "noise"]

_SIGNS = "-–—*•·▪●○◦‣⁃✓✔➢►▶■□❑❖»›→➤⇒◆◇♦☐☑+"
_BULLET = re.compile(
    rf"(?P<indent>[ \t]*)(?P<sign>[{_SIGNS}]+|>{{1,2}}|->|o(?=[ \t]))(?P<gap>[ \t]+)"
    r"(?:[✓✔➢❑❖□■•►→☐☑]+[ \t]*)?(?=\S)"
)
_NUMBERED = re.compile(
    r"(?P<indent>[ \t]*)(?P<sign>\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|\d{1,2}\)|(?:Item|"
    r"Article|Section)[ ]\d{1,2}[.:])(?P<gap>[ \t]+)(?=\S)"
)
_MARKDOWN = re.compile(r"[ \t]{0,3}(?P<sign>#{1,6})[ \t]+(?=\S)")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:19|20)\d\d"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_AFTER = rf"(?:,\s(?:(?:\d{{1,2}}\s)?{_MONTH}(?:\s\d{{1,2}})?|{_SEASON})(?=[.:]))"  # "2004, 3 May."
_DATE = rf"(?:(?:\d{{1,2}}\s+)?{_MONTH},?\s+|{_MONTH}\s+\d{{1,2}},\s+|\d{{1,2}}[./])?"
_DATE = rf"{_DATE}{_YEAR}(?:\s?[-–/]\s?\d{{2,4}}|{_AFTER})?"
_DATED = re.compile(
    r"(?P<indent>[ \t]*)(?P<sign>[-–—*•·▪●○◦‣►▶■□❑❖»→✓+o][ \t]+)?(?:\*\*|__|\[|\()?"
    rf"(?P<date>{_DATE})(?:\*\*|__|\]|\))?"
    r"(?:[ \t]*[:–—|•→][ \t]*|[ \t]+-+>?[ \t]+|\.[ \t]+(?-i:(?=[A-Z]))|(?(sign),?[ \t]+(?-i:(?=[A-Z]))|(?!)))"
    r"(?:\*\*|__)?[ \t]*(?=[^\W\d]|[\"“'‘(])",
    re.I,
)
_BARE = re.compile(
    rf"(?P<indent>[ \t]*)(?P<sign>(?!))?(?:\*\*|__)?(?P<date>(?:{_YEAR}[–-])?{_YEAR})(?:\*\*|__)?[ \t]+(?=[A-Z])"
)
_YEAR_ALONE = re.compile(rf"[ \t]*(?:\*\*)?{_DATE}(?:\*\*)?:?[ \t]*$", re.I)
_BOLD = re.compile(r"[ \t]*(?:\*\*|__)(?P<text>[^*_\n]{2,90})(?:\*\*|__)[ \t:]*$")
_NOISE = re.compile(r"\*?(?:slide|page|p\.|folie)[ ]?\d{1,3}\*?|\d{1,3}|<?https?://\S+", re.I)
_RULE = re.compile(r"[-=_*~+ \t|:–—]{3,}")
_IMPRINT = re.compile(
    r"(?:.*,\s)?(?:\w+['’]?s? ){0,2}(?:brief(?:ing)?|paper|press release|news release|fact ?sheet|newsletter|bulletin|"
    r"seminar|talk|lecture|workshop|webinar|presentation)\b|(?:background|technical|research|policy) note\b|"
    r"(?:prepared|compiled|published|presented|written) (?:by|for|at)\b|(?:speaker|authors?)\b",
    re.I,
)
_HEAD = 4  # lines in which a document names its publisher
_CLOSED = re.compile(r"[.!?;,…][\"'”’)\]*]*$")
_STOPPED = re.compile(r"[.!?:;][\"'”’)\]*]*$")
_CAPITAL = re.compile(r"[\"“‘'(*]*[A-Z0-9ÀÁÂÄÅÇÈÉÊËÍÎÑÓÔÖØÚÜ]")
_BLANK = re.compile(r"\n[^\S\n\r\v\f\x85\u2028\u2029]*[\n\r\v\f\x85\u2028\u2029]")
_LONGEST_HEADING = 90
_MOST_WORDS = 13
_LONGEST_ITEM = 80
_OPENS = re.compile(r"[\"“‘'(]*[A-ZÀ-Þ0-9€$£¥~<>]")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|said|says|signed|agreed|launched|joined|announced|opened|gave|lent|"
    r"pledged|approved|provided|extended|can|may|must|should|could|did|does)\b"
)
_QUOTED = re.compile(r'"(?:[^"]|"")*"|[\s\S]')
_LONGEST = 80  # characters of a cell
_FEWEST = 3  # rows, where only their likeness shows the table
_PLAIN = 10  # the depth of a heading that nothing but its shape marks
_LEAD, _ITEM = 100, 200  # the depths of a lead-in and of the outmost bullets, deeper than any heading
_NEAREST = 4  # lines above, at most


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the offsets of its content without marker, indent or date, what it is, and how deep it stands."""

    start: int
    end: int
    kind: LineKind
    level: int = 0
    sign: str = ""


@dataclass(frozen=True, slots=True)
class OutlinePlace:
    """A line in the outline, and the indices of the lines above it, nearest first."""

    line: Line
    above: tuple[int, ...]


class Outline:
    """The places of all lines of a text in order; ``at`` finds that of an offset."""

    def __init__(self, text: str) -> None:
        """Read the outline of ``text``."""
        self.text = text
        self.places = _places(_lines(text))
        self._starts = [place.line.start for place in self.places]

    def at(self, offset: int) -> OutlinePlace | None:
        """Return the place of the line that holds ``offset``, None before the first line."""
        i = bisect_right(self._starts, offset) - 1
        return self.places[i] if i >= 0 else None

    def above(self, place: OutlinePlace) -> list[Line]:
        """Return the lines above a place, nearest first."""
        return [self.places[i].line for i in place.above]

    def title(self) -> Line | None:
        """Return the first heading or line of the document."""
        return next((p.line for p in self.places if p.line.kind in {"heading", "text", "lead"}), None)


def _places(found: list[Line]) -> list[OutlinePlace]:
    """Put each line under the headings, the lead-in and the bullets that are open where it stands."""
    places: list[OutlinePlace] = []
    open_: list[tuple[int, int]] = []  # depth and index, each deeper than the one before it
    for i, line in enumerate(found):
        depth = _depth(line, open_, after=found[i - 1].kind if i else "heading")
        if line.kind not in {"row", "noise"}:
            _leave(open_, depth)
        above = (index for other, index in reversed(open_) if other < depth)
        places.append(OutlinePlace(line, tuple(islice(above, _NEAREST))))
        if line.kind == "noise":
            _leave(open_, _PLAIN)
        elif line.kind in {"heading", "lead", "bullet"}:
            open_.append((depth, i))
    return places


def _leave(open_: list[tuple[int, int]], depth: int) -> None:
    """Close what is at least as deep as ``depth``."""
    while open_ and open_[-1][0] >= depth:
        open_.pop()


def _depth(line: Line, open_: list[tuple[int, int]], *, after: LineKind) -> int:
    """How deep a line stands: text under headings, bullets and rows under a lead-in as well.

    A heading's depth is its own where the text marks one; else beside the last, or under it where nothing stands
    between: where it comes ``after`` a heading.
    """
    if line.kind == "bullet":
        return _ITEM + line.level
    if line.kind != "heading":
        return _ITEM if line.kind == "row" else _LEAD
    if line.sign == "#":
        return line.level
    if line.level == 1:
        return 1
    if line.sign in {"**", "1"}:
        return 2 * _PLAIN + line.level
    last = next((depth for depth, _ in reversed(open_) if depth < _LEAD), 0)
    if last < _PLAIN or last > _PLAIN + 1:
        return _PLAIN
    return _PLAIN + 1 if after == "heading" else last


def _lines(text: str) -> list[Line]:
    """The non-blank lines of ``text`` with their kinds, in order."""
    raw = list(raw_lines(text))
    signs = _row_signs([one.text.strip() for one in raw])
    dates = [None if sign else _DATED.match(text, one.start, one.end) for one, sign in zip(raw, signs, strict=True)]
    if sum(match is not None for match in dates) < 2:
        dates = _bare_dates(text, raw, signs)
    found = [_dated(date, raw[i].end) if (date := dates[i]) else _line(raw, i, signs[i]) for i in range(len(raw))]
    return _with_items(text, found, raw)


def _is_apart(line: RawLine) -> bool:
    """Whether a blank line stands before a line."""
    return _BLANK.search(line.gap) is not None


def _bare_dates(text: str, raw: Sequence[RawLine], signs: Sequence[str]) -> list[re.Match[str] | None]:
    """The years that open the lines of a chronology without any sign, where they rise."""
    dates = [None if sign else _BARE.match(text, one.start, one.end) for one, sign in zip(raw, signs, strict=True)]
    years = [int(match["date"][-4:]) for match in dates if match is not None]
    return dates if len(years) > 2 and years == sorted(years) else [None] * len(raw)


def _with_items(text: str, found: list[Line], raw: Sequence[RawLine]) -> list[Line]:
    """Lines with the short ones below a heading of a slide, blank lines around, as its items."""
    starts = [i for i, one in enumerate(raw) if _is_apart(one)] + [len(raw)]
    for a, b in zip(starts[1:], starts[2:], strict=False):
        block = found[a:b]
        plain = all(x.kind in {"heading", "text"} and not x.sign and _OPENS.match(text, x.start) for x in block)
        stops = sum(text[x.end - 1] in ".;,?!" for x in block)
        if b - a > 2 and plain and max(x.end - x.start for x in block) <= _LONGEST_ITEM and 3 * stops <= b - a:
            found[a + 1 : b] = [replace(x, kind="bullet", level=0) for x in block[1:]]
    return found


def _dated(found: re.Match[str], end: int) -> Line:
    """A line of a chronology without its date: an item, or a paragraph where the date is a sentence of its own."""
    paragraph = found.string[found.end("date") : found.end()].strip() == "." and not found["sign"]
    return Line(found.end(), end, "text" if paragraph else "bullet", _width(found["indent"]), "t")


def _line(raw: Sequence[RawLine], i: int, row: str) -> Line:
    start, end, content, _ = raw[i]
    body = content.strip()
    lead, tail = end - len(content.lstrip()), start + len(content.rstrip())
    if _RULE.fullmatch(content) or _NOISE.fullmatch(content.strip(" \t")):
        return Line(lead, tail, "noise")
    if row:
        return Line(lead, tail, "row", sign=row)
    if match := _MARKDOWN.match(content):
        return Line(start + match.end(), tail, "heading", len(match["sign"]), "#")
    if match := _BOLD.match(content):
        return Line(start + match.start("text"), start + match.end("text"), "heading", 5, "**")
    if match := _BULLET.match(content):
        return Line(start + match.end(), tail, "bullet", _width(match["indent"]), match["sign"][0])
    if match := _NUMBERED.match(content):
        numbered = any(_NUMBERED.match(raw[k].text) for k in (i - 1, i + 1) if 0 <= k < len(raw))
        if not numbered and _looks_like_heading(raw, i, content[match.end() :].rstrip()):
            return Line(start + match.end(), tail, "heading", 6, "1")
        return Line(start + match.end(), tail, "bullet", _width(match["indent"]), "1")
    if _YEAR_ALONE.match(content):
        return Line(lead, tail, "heading", 7)
    if body.endswith(":") and len(body) <= 200:
        return Line(lead, tail, "lead")
    if _looks_like_heading(raw, i, body) and not (0 < i < _HEAD and _IMPRINT.match(body)):
        return Line(lead, tail, "heading", 1 if body.isupper() and len(body) > 4 else 7)
    return Line(lead, tail, "text")


def _width(indent: str) -> int:
    return len(indent.expandtabs(2))


def _looks_like_heading(raw: Sequence[RawLine], i: int, body: str) -> bool:
    if not body or len(body) > _LONGEST_HEADING or len(body.split()) > _MOST_WORDS or not _CAPITAL.match(body):
        return False
    if _CLOSED.search(body) or body.count("(") != body.count(")") or not re.search(r"[A-Za-z]{2}", body):
        return False
    before = raw[i - 1].text.strip() if not _is_apart(raw[i]) else ""
    after = raw[i + 1].text.strip() if i + 1 < len(raw) and not _is_apart(raw[i + 1]) else ""
    if after[:1].islower() or (len(before) > _LONGEST_HEADING and not _STOPPED.search(before)):
        return False
    title = i == 0 and (len(raw) < 3 or _is_apart(raw[2]))
    wrapped = len(body) >= 50 and 50 <= len(after) <= 100 and not _CLOSED.search(after) and not _BULLET.match(after)
    if wrapped and not title:
        return False
    return not (_FINITE.search(body) and len(body.split()) > 8 and not after and not before)


def _row_signs(bodies: Sequence[str]) -> list[str]:
    """Return for each line the sign that parts its cells, "" where the line is no row."""
    signs = ["\t" if body.count("\t") >= 2 else "|" if body.count("|") >= 2 else "" for body in bodies]
    for sign in "\t|":
        once = [False, *(body.count(sign) == 1 for body in bodies), False]
        for i in range(len(bodies)):
            if not signs[i] and once[i + 1] and (once[i] or once[i + 2]):
                signs[i] = sign
    for sign in (";", ",", "  ", "   "):
        counts = [0 if signs[i] else _count_cells(body, sign) for i, body in enumerate(bodies)]
        for count, run in groupby(range(len(bodies)), counts.__getitem__):
            alike = list(run)
            if count and len(alike) >= _FEWEST and any(char.isdigit() for i in alike for char in bodies[i]):
                signs[alike[0] : alike[-1] + 1] = [sign] * len(alike)
    return signs


def _count_cells(body: str, sign: str) -> int:
    """How many short cells a line has with this sign; 0 where it reads as prose or as an item of a list."""
    fewest = 3
    if sign.strip():
        if (
            body.count(sign) < fewest - 1
            or (sign == "," and ", " in re.sub(r'"[^"]*"', "", body))
            or body.endswith(".")
        ):
            return 0
        lengths = [0]
        for piece in _QUOTED.findall(body):
            if piece == sign:
                lengths.append(0)
            else:
                lengths[-1] += len(piece)
    else:
        if not body[:1].isalnum() or body[-1:] in ".;:" or re.match(r"(?:\d{1,2}|[a-zA-Z])[.)]\s", body):
            return 0
        lengths = [len(cell) for cell in re.split(rf"[ \t]{{{len(sign)},}}", body)]
        fewest = 2 if len(sign) == 3 else 3
    return len(lengths) if len(lengths) >= fewest and max(lengths) <= _LONGEST else 0
