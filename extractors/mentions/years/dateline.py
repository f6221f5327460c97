"""The date of a document as its head gives it: the year and month that "last year" and "in May" count from."""

import re

from extractors.mentions.years.patterns import MONTH, MONTHS, YEAR

_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?:{_DAY}\s)?(?P<a_m>{MONTH})[\s,]{{1,2}}(?P<a_y>{YEAR})|(?P<b_m>{MONTH})\s{_DAY},?\s(?P<b_y>{YEAR})|"
    rf"(?P<c_y>{YEAR})-(?P<c_m>[01]\d)-[0-3]\d|{_DAY}[./](?P<d_m>[01]?\d)[./](?P<d_y>{YEAR}))"
)
_SEASON = re.compile(rf"\b(?:spring|summer|autumn|fall|winter)\s(?P<year>{YEAR})\W*(?:$|\()")
_REPORT = re.compile(
    rf"\b(?:(?:annual|activity|activities|yearly) (?:report|review)|relatório \w+ \w+|year in review)\W{{1,3}}(?:for )?"
    rf"(?P<after>{YEAR})(?!\s?[-/]\s?\d)|\b(?P<before>{YEAR}) (?:annual |activity )(?:report|review)\b"
)
_NEWS = re.compile(rf"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?\(?{_DATE}")
_LEAD = 600  # characters in which the news is told
_BULLET = re.compile(r"[-–•·▪●>+*]\s")
_TOLD = r"(?<!\bsigned\s)(?<!\bopened\s)(?<!\blaunched\s)(?<!\bfounded\s)(?<!\bsince\s)(?<!\bfrom\s)(?<!\buntil\s)"
_LINE = re.compile(rf"[^;\n]{{0,100}}?(?<![^\W_]){_TOLD}{_DATE}\W*(?:$|\s{{2,}}\S|\|)")
_LABEL = re.compile(rf"\W*(?:date|dated|published|posted|issued|released)\W{{1,4}}{_DATE}")
_OPENING = re.compile(rf"[^.;\n]{{2,60}}?[\s,(]{_DATE}(?:\s?\([^)]*\))?\)?,?\s?(?:-{{1,2}}|:)\s")
_PLACE = re.compile(rf"(?:[^\s\d.;:]+\s?){{1,3}},\s{_DATE}\.\s")
_HEAD = 8  # lines in which a document is dated
_BRIEF = 140  # characters of such a line
_REACH = 900  # characters in which they must stand


def dateline(low: str) -> tuple[int, int | None] | None:
    """Return year and month of the dateline of a folded text in lower case; None where it has none, or several.

    A dateline is a line of the head that ends with a date, is labelled as one, or opens a paragraph before a dash; the
    title of an annual report, or a season, gives the year alone.
    """
    heads = [line.strip() for line in low[:_REACH].split("\n") if line.strip()][:_HEAD]
    found = [date for line in heads if not _BULLET.match(line) and (date := _of(line.strip("*_# "))) is not None]
    if found:
        return found[0] if len(set(found)) <= 2 and not _listed(heads) else None
    news = _NEWS.search(low[:_LEAD])
    return _read(news) if news is not None else None


def _of(line: str) -> tuple[int, int | None] | None:
    whole = _REPORT.search(line) if len(line) < _BRIEF else None
    if whole is not None:
        return int(whole["after"] or whole["before"]), None
    season = _SEASON.search(line) if len(line) < _BRIEF else None
    if season is not None:
        return int(season["year"]), None
    match = (
        _LABEL.match(line)
        or (_LINE.match(line) if len(line) < _BRIEF else None)
        or _OPENING.match(line)
        or _PLACE.match(line)
    )
    return None if match is None else _read(match)


def _read(match: re.Match[str]) -> tuple[int, int | None] | None:
    month = next(match[name] for name in ("a_m", "b_m", "c_m", "d_m") if match[name])
    year = next(match[name] for name in ("a_y", "b_y", "c_y", "d_y") if match[name])
    number = MONTHS[month] if month in MONTHS else int(month)
    return (int(year), number) if 1 <= number <= 12 else None


_BEGINS = re.compile(rf"\W*{_DATE}")


def _listed(heads: list[str]) -> bool:
    """Whether several lines begin with a date: a chronology, not a dateline."""
    return sum(_BEGINS.match(line) is not None for line in heads) > 1
