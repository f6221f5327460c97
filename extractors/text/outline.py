"""The outline of a document: the kind of each line (heading, lead-in, bullet, table row, running text or noise), and
the headings, lead-ins and parent bullets above it.
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
_DAY_AFTER_YEAR = rf"(?:,\s(?:(?:\d{{1,2}}\s)?{_MONTH}(?:\s\d{{1,2}})?|{_SEASON})(?=[.:]))"  # "2004, 3 May."
_DATE = rf"(?:(?:\d{{1,2}}\s+)?{_MONTH},?\s+|{_MONTH}\s+\d{{1,2}},\s+|\d{{1,2}}[./])?"
_DATE = rf"{_DATE}{_YEAR}(?:\s?[-–/]\s?\d{{2,4}}|{_DAY_AFTER_YEAR})?"
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
_HEAD = 4  # first lines of a document, which may name its publisher
_CLOSED = re.compile(r"[.!?;,…][\"'”’)\]*]*$")
_STOPPED = re.compile(r"[.!?:;][\"'”’)\]*]*$")
_CAPITAL = re.compile(r"[\"“‘'(*]*[A-Z0-9ÀÁÂÄÅÇÈÉÊËÍÎÑÓÔÖØÚÜ]")
_BLANK = re.compile(r"\n[^\S\n\r\v\f\x85\u2028\u2029]*[\n\r\v\f\x85\u2028\u2029]")
_LONGEST_HEADING = 90  # characters
_MOST_WORDS = 13  # of a heading
_LONGEST_ITEM = 80  # characters of a line below a heading that has no bullet
_ITEM_START = re.compile(r"[\"“‘'(]*[A-ZÀ-Þ0-9€$£¥~<>]")
_FINITE_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|said|says|signed|agreed|launched|joined|announced|opened|gave|lent|"
    r"pledged|approved|provided|extended|can|may|must|should|could|did|does)\b"
)
_QUOTED_OR_CHARACTER = re.compile(r'"(?:[^"]|"")*"|[\s\S]')
_LONGEST_CELL = 80  # characters
_FEWEST_ROWS = 3  # of a table without tabs or bars
_UNMARKED = 10  # depth of a heading that is known by its shape alone
_LEAD, _ITEM = 100, 200  # depths of a lead-in and of outermost bullets: below any heading
_NEAREST = 4  # most lines above that a place has


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the offsets of its content without marker, indent or date, its kind, level and marker (``sign``)."""

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
    """The places of all lines of a text, in order."""

    def __init__(self, text: str) -> None:
        """Make the outline of ``text``."""
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
    """Return the place of each line: below the headings, the lead-in and the bullets that are open there."""
    places: list[OutlinePlace] = []
    open_lines: list[tuple[int, int]] = []  # depth and index of lines, each deeper than the one before
    for i, line in enumerate(found):
        depth = _depth_of(line, open_lines, after=found[i - 1].kind if i else "heading")
        if line.kind not in {"row", "noise"}:
            _close(open_lines, depth)
        above = (index for other, index in reversed(open_lines) if other < depth)
        places.append(OutlinePlace(line, tuple(islice(above, _NEAREST))))
        if line.kind == "noise":
            _close(open_lines, _UNMARKED)
        elif line.kind in {"heading", "lead", "bullet"}:
            open_lines.append((depth, i))
    return places


def _close(open_lines: list[tuple[int, int]], depth: int) -> None:
    """Remove the open lines that are at least as deep as ``depth``."""
    while open_lines and open_lines[-1][0] >= depth:
        open_lines.pop()


def _depth_of(line: Line, open_lines: list[tuple[int, int]], *, after: LineKind) -> int:
    """Return the depth of a line: text is below headings; bullets and rows are below a lead-in too.

    A heading has the depth that its marker or capitals state. Any other is beside the last heading, or below it where
    it comes right ``after`` it.
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
        return 2 * _UNMARKED + line.level
    last = next((depth for depth, _ in reversed(open_lines) if depth < _LEAD), 0)
    if last < _UNMARKED or last > _UNMARKED + 1:
        return _UNMARKED
    return _UNMARKED + 1 if after == "heading" else last


def _lines(text: str) -> list[Line]:
    """Return the non-blank lines of ``text`` with their kinds, in order."""
    raw = list(raw_lines(text))
    signs = _row_delimiters([one.text.strip() for one in raw])
    dates = [None if sign else _DATED.match(text, one.start, one.end) for one, sign in zip(raw, signs, strict=True)]
    if sum(match is not None for match in dates) < 2:
        dates = _bare_dates(text, raw, signs)
    found = [_dated(date, raw[i].end) if (date := dates[i]) else _classify(raw, i, signs[i]) for i in range(len(raw))]
    return _with_items(text, found, raw)


def _follows_blank_line(line: RawLine) -> bool:
    """Whether a blank line stands before a line."""
    return _BLANK.search(line.gap) is not None


def _bare_dates(text: str, raw: Sequence[RawLine], signs: Sequence[str]) -> list[re.Match[str] | None]:
    """Return the years with which the lines of a chronology without markers begin, if they are in order."""
    dates = [None if sign else _BARE.match(text, one.start, one.end) for one, sign in zip(raw, signs, strict=True)]
    years = [int(match["date"][-4:]) for match in dates if match is not None]
    return dates if len(years) > 2 and years == sorted(years) else [None] * len(raw)


def _with_items(text: str, found: list[Line], raw: Sequence[RawLine]) -> list[Line]:
    """Return the lines, with the short lines below the heading of a slide, between blank lines, as its bullets."""
    starts = [i for i, one in enumerate(raw) if _follows_blank_line(one)] + [len(raw)]
    for a, b in zip(starts[1:], starts[2:], strict=False):
        block = found[a:b]
        plain = all(x.kind in {"heading", "text"} and not x.sign and _ITEM_START.match(text, x.start) for x in block)
        stops = sum(text[x.end - 1] in ".;,?!" for x in block)
        if b - a > 2 and plain and max(x.end - x.start for x in block) <= _LONGEST_ITEM and 3 * stops <= b - a:
            found[a + 1 : b] = [replace(x, kind="bullet", level=0) for x in block[1:]]
    return found


def _dated(found: re.Match[str], end: int) -> Line:
    """Return a line of a chronology without its date: a bullet, or text where the date is a sentence of its own."""
    paragraph = found.string[found.end("date") : found.end()].strip() == "." and not found["sign"]
    return Line(found.end(), end, "text" if paragraph else "bullet", _indent_width(found["indent"]), "t")


def _classify(raw: Sequence[RawLine], i: int, delimiter: str) -> Line:
    start, end, content, _ = raw[i]
    body = content.strip()
    begin, stop = end - len(content.lstrip()), start + len(content.rstrip())
    if _RULE.fullmatch(content) or _NOISE.fullmatch(content.strip(" \t")):
        return Line(begin, stop, "noise")
    if delimiter:
        return Line(begin, stop, "row", sign=delimiter)
    if match := _MARKDOWN.match(content):
        return Line(start + match.end(), stop, "heading", len(match["sign"]), "#")
    if match := _BOLD.match(content):
        return Line(start + match.start("text"), start + match.end("text"), "heading", 5, "**")
    if match := _BULLET.match(content):
        return Line(start + match.end(), stop, "bullet", _indent_width(match["indent"]), match["sign"][0])
    if match := _NUMBERED.match(content):
        numbered = any(_NUMBERED.match(raw[k].text) for k in (i - 1, i + 1) if 0 <= k < len(raw))
        if not numbered and _looks_like_heading(raw, i, content[match.end() :].rstrip()):
            return Line(start + match.end(), stop, "heading", 6, "1")
        return Line(start + match.end(), stop, "bullet", _indent_width(match["indent"]), "1")
    if _YEAR_ALONE.match(content):
        return Line(begin, stop, "heading", 7)
    if body.endswith(":") and len(body) <= 200:
        return Line(begin, stop, "lead")
    if _looks_like_heading(raw, i, body) and not (0 < i < _HEAD and _IMPRINT.match(body)):
        return Line(begin, stop, "heading", 1 if body.isupper() and len(body) > 4 else 7)
    return Line(begin, stop, "text")


def _indent_width(indent: str) -> int:
    return len(indent.expandtabs(2))


def _looks_like_heading(raw: Sequence[RawLine], i: int, body: str) -> bool:
    if not body or len(body) > _LONGEST_HEADING or len(body.split()) > _MOST_WORDS or not _CAPITAL.match(body):
        return False
    if _CLOSED.search(body) or body.count("(") != body.count(")") or not re.search(r"[A-Za-z]{2}", body):
        return False
    before = raw[i - 1].text.strip() if not _follows_blank_line(raw[i]) else ""
    after = raw[i + 1].text.strip() if i + 1 < len(raw) and not _follows_blank_line(raw[i + 1]) else ""
    if after[:1].islower() or (len(before) > _LONGEST_HEADING and not _STOPPED.search(before)):
        return False
    title = i == 0 and (len(raw) < 3 or _follows_blank_line(raw[2]))
    wrapped = len(body) >= 50 and 50 <= len(after) <= 100 and not _CLOSED.search(after) and not _BULLET.match(after)
    if wrapped and not title:
        return False
    return not (_FINITE_VERB.search(body) and len(body.split()) > 8 and not after and not before)


def _row_delimiters(bodies: Sequence[str]) -> list[str]:
    """Return for each line the delimiter of its cells, or "" where it is no row of a table."""
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
            if count and len(alike) >= _FEWEST_ROWS and any(char.isdigit() for i in alike for char in bodies[i]):
                signs[alike[0] : alike[-1] + 1] = [sign] * len(alike)
    return signs


def _count_cells(body: str, sign: str) -> int:
    """Return how many short cells a line has with this delimiter; 0 where it looks like prose or an item of a list."""
    fewest = 3
    if sign.strip():
        if (
            body.count(sign) < fewest - 1
            or (sign == "," and ", " in re.sub(r'"[^"]*"', "", body))
            or body.endswith(".")
        ):
            return 0
        lengths = [0]
        for piece in _QUOTED_OR_CHARACTER.findall(body):
            if piece == sign:
                lengths.append(0)
            else:
                lengths[-1] += len(piece)
    else:
        if not body[:1].isalnum() or body[-1:] in ".;:" or re.match(r"(?:\d{1,2}|[a-zA-Z])[.)]\s", body):
            return 0
        lengths = [len(cell) for cell in re.split(rf"[ \t]{{{len(sign)},}}", body)]
        fewest = 2 if len(sign) == 3 else 3
    return len(lengths) if len(lengths) >= fewest and max(lengths) <= _LONGEST_CELL else 0
