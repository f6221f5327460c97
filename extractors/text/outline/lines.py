"""The lines of a document and what each is: heading, lead-in, bullet, table row, running text or noise."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .splits import row_signs

LineKind = Literal["heading", "lead", "bullet", "row", "text", "noise"]

_SIGNS = "-–—*•·▪●○◦‣⁃✓✔➢►▶■□❑❖»›→➤⇒◆◇♦☐☑+"
BULLET = re.compile(
    rf"(?P<indent>[ \t]*)(?P<sign>[{_SIGNS}]+|>{{1,2}}|->|o(?=[ \t]))(?P<gap>[ \t]+)"
    r"(?:[✓✔➢❑❖□■•►→☐☑]+[ \t]*)?(?=\S)"
)
NUMBERED = re.compile(
    r"(?P<indent>[ \t]*)(?P<sign>\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|\d{1,2}\)|(?:Item|"
    r"Article|Section)[ ]\d{1,2}[.:])(?P<gap>[ \t]+)(?=\S)"
)
MARKDOWN = re.compile(r"[ \t]{0,3}(?P<sign>#{1,6})[ \t]+(?=\S)")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:19|20)\d\d"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_AFTER = rf"(?:,\s(?:(?:\d{{1,2}}\s)?{_MONTH}(?:\s\d{{1,2}})?|{_SEASON})(?=[.:]))"  # "2004, 3 May."
_DATE = rf"(?:(?:\d{{1,2}}\s+)?{_MONTH},?\s+|{_MONTH}\s+\d{{1,2}},\s+|\d{{1,2}}[./])?"
_DATE = rf"{_DATE}{_YEAR}(?:\s?[-–/]\s?\d{{2,4}}|{_AFTER})?"
DATED = re.compile(
    r"(?P<indent>[ \t]*)(?P<sign>[-–—*•·▪●○◦‣►▶■□❑❖»→✓+o][ \t]+)?(?:\*\*|__|\[|\()?"
    rf"(?P<date>{_DATE})(?:\*\*|__|\]|\))?"
    r"(?:[ \t]*[:–—|•→][ \t]*|[ \t]+-+>?[ \t]+|\.[ \t]+(?-i:(?=[A-Z]))|(?(sign),?[ \t]+(?-i:(?=[A-Z]))|(?!)))"
    r"(?:\*\*|__)?[ \t]*(?=[^\W\d]|[\"“'‘(])",
    re.I,
)
_BARE = re.compile(
    rf"(?P<indent>[ \t]*)(?P<sign>(?!))?(?:\*\*|__)?(?P<date>(?:{_YEAR}[–-])?{_YEAR})(?:\*\*|__)?[ \t]+(?=[A-Z])"
)
YEAR_ALONE = re.compile(rf"[ \t]*(?:\*\*)?{_DATE}(?:\*\*)?:?[ \t]*$", re.I)
BOLD = re.compile(r"[ \t]*(?:\*\*|__)(?P<text>[^*_\n]{2,90})(?:\*\*|__)[ \t:]*$")
NOISE = re.compile(
    r"[ \t]*(?:\*?(?:slide|page|p\.|folie)[ ]?\d{1,3}\*?|\d{1,3}|[-=_*~+ \t|:–—]{3,}|<?https?://\S+)[ \t]*$", re.I
)
_IMPRINT = re.compile(
    r"(?:.*,\s)?(?:\w+['’]?s? ){0,2}(?:brief(?:ing)?|paper|press release|news release|fact ?sheet|newsletter|bulletin|"
    r"seminar|talk|lecture|workshop|webinar|presentation)\b|(?:background|technical|research|policy) note\b|"
    r"(?:prepared|compiled|published|presented|written) (?:by|for|at)\b|(?:speaker|authors?)\b",
    re.I,
)
_HEAD = 4  # lines in which a document names its publisher
_CLOSED = re.compile(r"[.!?;,…][\"'”’)\]*]*$")
_CAPITAL = re.compile(r"[\"“‘'(*]*[A-Z0-9ÀÁÂÄÅÇÈÉÊËÍÎÑÓÔÖØÚÜ]")
_LONGEST_HEADING = 90
_MOST_WORDS = 13
_LONGEST_ITEM = 80
_OPENS = re.compile(r"[\"“‘'(]*[A-ZÀ-Þ0-9€$£¥~<>]")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|said|says|signed|agreed|launched|joined|announced|opened|gave|lent|"
    r"pledged|approved|provided|extended|can|may|must|should|could|did|does)\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the offsets of its content without marker or indent, what it is, and how deep it stands.

    ``date`` bounds the date that a line of a chronology begins with ("2003 – ", "May 1995: ").
    """

    start: int
    end: int
    kind: LineKind
    level: int = 0
    sign: str = ""
    date: tuple[int, int] | None = None


def lines(text: str) -> list[Line]:
    """Return the non-blank lines of ``text`` with their kinds, in order."""
    raw = list(_raw(text))
    signs = row_signs(text, raw)
    dates = [None if signs[i] else DATED.match(text, a, b) for i, (a, b, _) in enumerate(raw)]
    if sum(match is not None for match in dates) < 2:
        dates = _bare_dates(text, raw, signs)
    found = [_dated(date, raw[i]) if (date := dates[i]) else _line(text, raw, i, signs[i]) for i in range(len(raw))]
    return _with_items(text, found, raw)


def _bare_dates(text: str, raw: Sequence[tuple[int, int, bool]], signs: Sequence[str]) -> list[re.Match[str] | None]:
    """The years that open the lines of a chronology without any sign, where they rise."""
    dates = [None if signs[i] else _BARE.match(text, a, b) for i, (a, b, _) in enumerate(raw)]
    years = [int(match["date"][-4:]) for match in dates if match is not None]
    return dates if len(years) > 2 and years == sorted(years) else [None] * len(raw)


def _with_items(text: str, found: list[Line], raw: Sequence[tuple[int, int, bool]]) -> list[Line]:
    """Lines with the short ones below a heading of a slide, blank lines around, as its items."""
    starts = [i for i, (_, _, blank) in enumerate(raw) if blank] + [len(raw)]
    for a, b in zip(starts[1:], starts[2:], strict=False):
        block = found[a:b]
        plain = all(x.kind in {"heading", "text"} and not x.sign and _OPENS.match(text, x.start) for x in block)
        stops = sum(text[x.end - 1] in ".;,?!" for x in block)
        if b - a > 2 and plain and max(x.end - x.start for x in block) <= _LONGEST_ITEM and 3 * stops <= b - a:
            found[a + 1 : b] = [replace(x, kind="bullet", level=0) for x in block[1:]]
    return found


def _dated(found: re.Match[str], bounds: tuple[int, int, bool]) -> Line:
    """A line of a chronology without its date: an item, or a paragraph where the date is a sentence of its own."""
    level = _width(found["indent"])
    paragraph = found.string[found.end("date") : found.end()].strip() == "." and not found["sign"]
    kind: LineKind = "text" if paragraph else "bullet"
    return Line(found.end(), bounds[1], kind, level, "t", (found.start("date"), found.end("date")))


def _raw(text: str) -> Iterator[tuple[int, int, bool]]:
    """Offsets of each non-blank line and whether a blank line stands before it."""
    blank = True
    for match in re.finditer(r"[^\n\r\v\f\x85\u2028\u2029]*", text):
        if not match.group().strip():
            blank = blank or bool(match.start() and text[match.start() - 1] == "\n")
            continue
        yield match.start(), match.end(), blank
        blank = False


def _line(text: str, raw: list[tuple[int, int, bool]], i: int, row: str) -> Line:
    start, end, _ = raw[i]
    content = text[start:end]
    lead = len(content) - len(content.lstrip())
    tail = start + len(content.rstrip())
    if NOISE.match(content):
        return Line(start + lead, tail, "noise")
    if row:
        return Line(start + lead, tail, "row", sign=row)
    if match := MARKDOWN.match(content):
        return Line(start + match.end(), tail, "heading", len(match["sign"]), "#")
    if match := BOLD.match(content):
        return Line(start + match.start("text"), start + match.end("text"), "heading", 5, "**")
    if match := BULLET.match(content):
        level = _width(match["indent"])
        return Line(start + match.end(), tail, "bullet", level, match["sign"][0])
    if match := NUMBERED.match(content):
        short = _looks_like_heading(text, raw, i, text[start + match.end() : tail])
        kind: LineKind = "heading" if short and not _numbered_neighbour(text, raw, i) else "bullet"
        return Line(start + match.end(), tail, kind, 6 if kind == "heading" else _width(match["indent"]), "1")
    body = content.strip()
    if YEAR_ALONE.match(content):
        return Line(start + lead, tail, "heading", 7)
    if body.endswith(":") and len(body) <= 200:
        return Line(start + lead, tail, "lead")
    if _looks_like_heading(text, raw, i, body):
        if 0 < i < _HEAD and _IMPRINT.match(body):
            return Line(start + lead, tail, "text")
        return Line(start + lead, tail, "heading", 1 if body.isupper() and len(body) > 4 else 7)
    return Line(start + lead, tail, "text")


def _width(indent: str) -> int:
    return len(indent.expandtabs(2))


def _numbered_neighbour(text: str, raw: list[tuple[int, int, bool]], i: int) -> bool:
    """Whether the next line or the one before is numbered too: then this is an item of a list, not a heading."""
    return any(NUMBERED.match(text[raw[k][0] : raw[k][1]]) is not None for k in (i - 1, i + 1) if 0 <= k < len(raw))


def _looks_like_heading(text: str, raw: list[tuple[int, int, bool]], i: int, body: str) -> bool:
    if not body or len(body) > _LONGEST_HEADING or len(body.split()) > _MOST_WORDS or not _CAPITAL.match(body):
        return False
    if _CLOSED.search(body) or body.count("(") != body.count(")") or not re.search(r"[A-Za-z]{2}", body):
        return False
    before = text[raw[i - 1][0] : raw[i - 1][1]].strip() if i and not raw[i][2] else ""
    after = text[raw[i + 1][0] : raw[i + 1][1]].strip() if i + 1 < len(raw) and not raw[i + 1][2] else ""
    if after[:1].islower() or (
        before and len(before) > _LONGEST_HEADING and not re.search(r"[.!?:;][\"'”’)\]*]*$", before)
    ):
        return False
    title = i == 0 and (len(raw) < 3 or raw[2][2])
    wrapped = len(body) >= 50 and 50 <= len(after) <= 100 and not _CLOSED.search(after) and not BULLET.match(after)
    wrapped = wrapped and not title
    return not wrapped and not (_FINITE.search(body) and len(body.split()) > 8 and not after and not before)
