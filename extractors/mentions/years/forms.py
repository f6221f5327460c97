"""The forms in which texts write years, as one expression with named branches, and tests of the words around them.

The tests decide whether a number is a year, a goal or an open range. The file also reads the date of the text, and
converts years of other calendars and of national plans.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from extractors.mentions.amounts.number_words import ONES, TEENS, TENS
from extractors.mentions.amounts.tables import CURRENCIES
from extractors.mentions.patterns import Patterns, cue_words, expressions, numerals, search_before, trie_pattern
from schemas.packaged import packaged_rows

Span = tuple[int, int]
MONTHS, ORDINALS, ROMAN, DECADES = map(numerals, ("month", "ordinal", "roman", "decade"))
COUNT_WORDS = numerals("some")  # counts before "year": "a", "fifteen"
MONTH = f"(?:{'|'.join(sorted(map(re.escape, MONTHS), key=len, reverse=True))})(?![a-z])"


class Calendar(NamedTuple):
    """A calendar: its valid years, and how they convert to Gregorian years."""

    least: int
    most: int
    ratio: float  # length of its year in solar years
    add: float
    span: int  # 1 where its year overlaps two Gregorian years, else 0


_CALENDARS = {  # by mark, case kept: "AH", "Heisei"
    mark: Calendar(int(row["least"]), int(row["most"]), float(row["ratio"]), float(row["add"]), int(row["span"]))
    for row in packaged_rows(__package__, "tables/calendars.csv")
    for mark in row["marks"].split("|")
}


def calendar_years(mark: str, number: int) -> Span | None:
    """Return the first and last Gregorian year of a year in the calendar with this mark; None if it is not valid."""
    found = _CALENDARS.get(mark) or _CALENDARS.get(mark.capitalize())
    if found is None or not found.least <= number <= found.most:
        return None
    first = int(number * found.ratio + found.add)
    return first, first + found.span


_TEXTS = expressions(
    "extractors.mentions.years",
    "forms",
    MONTH=MONTH,
    ROMAN="|".join(sorted(ROMAN, key=len, reverse=True)),
    ORDINAL="|".join(ORDINALS),
    DECADE="|".join(DECADES),
    NUMBER="|".join(COUNT_WORDS),
    TENS="|".join(TENS),
    TEENS="|".join(TEENS),
    DIGITS="|".join(one for one in ONES if one != "zero"),
    ERAS=trie_pattern(mark.lower() for mark, one in _CALENDARS.items() if one.most < 200),  # counted from 1
    MARKS=trie_pattern(mark.lower() for mark, one in _CALENDARS.items() if one.most >= 200),
)
_FORMS = {name: text for name, text in _TEXTS.items() if name.islower()}
_BEGINNINGS = [
    *MONTHS,
    *ORDINALS,
    *(f"{mark.lower()} " for mark in _CALENDARS),
    *(f"{number} {unit}" for number in COUNT_WORDS for unit in ("year", "decade")),
    *_TEXTS["BEGIN"].split("|"),
]
PATTERN = re.compile(
    rf"(?<![a-z0-9_à-ÿ])(?<!\d[.,:])(?=\d|'\d|{trie_pattern(_BEGINNINGS)})"
    rf"(?:{'|'.join(f'(?P<{name}>{form})' for name, form in _FORMS.items())})"
)

_ENDS = [*(PATTERN.groupindex[name] for name in _FORMS), PATTERN.groups + 1]
PARTS = {
    form: [(name.rpartition("_")[2], name) for name, group in PATTERN.groupindex.items() if first < group < end]
    for form, (first, end) in zip(_FORMS, pairwise(_ENDS), strict=True)
}
"""By form, its groups as (part, group name); the part is the last piece of the name: ``y`` for the year, ``m`` …"""

_PLANS = {
    word: {
        number: (int(span[:4]), int(span[5:])) for number, span in enumerate(row["spans"].split(), int(row["first"]))
    }
    for row in packaged_rows(__package__, "tables/plans.csv")
    for word in row["words"].split("|")
}
"""By a lower-case word for the country, and by the number of the plan, its first and last year."""


def _units() -> set[str]:
    """Return the units of measure and the names of currencies that may follow a range of numbers."""
    measures = packaged_rows("extractors.mentions.amounts", "tables/measures.csv")
    units = {unit.lower() for row in measures for unit in row["surfaces"].split("|")} | cue_words("measure_of_range")
    names = (form for row in CURRENCIES.values() for form in (row["unit"], *row["plurals"].split("|")))
    return units | {name for name in names if len(name) > 2} - cue_words("other_sense")


_RE = Patterns(
    "extractors.mentions.years",
    "around",
    MONTH=MONTH,
    PLANNERS=trie_pattern(_PLANS),
    PERSONS=trie_pattern(row["plural"] for row in packaged_rows("extractors.mentions.amounts", "tables/persons.csv")),
    UNITS=trie_pattern(_units()),
)
_NEWS_REACH = 600  # first characters, in which a news item has its date
_HEAD_LINES = 8  # first lines, in which a document has its date
_SHORT_LINE = 140  # most characters of a short line
_HEAD_REACH = 900  # first characters, in which these lines must be
_PLAN_REACH = 3000  # characters to either side of a plan in which its country is looked for


def is_year(low: str, start: int, end: int) -> bool:
    """Return whether a bare four-digit number is a year, by the words on both sides."""
    before = low[max(0, start - 24) : start]
    if _RE.other.search(before) or _RE.model.search(before) or _RE.measure.match(low, end):
        return False
    if _is_in_label(low, start, end):
        return False
    if _RE.named_goal.search(before) or _RE.dated.search(before):
        return True
    if _RE.document.search(before) or _RE.coded.match(low, end):
        return False
    if (
        _RE.portion.match(low, end)
        and (before.endswith(", ") or not _RE.strong.search(before))
        and not before.endswith(" to ")
    ):
        return False
    if low.endswith("0", 0, end) and _RE.rounded.search(before):
        return False
    if _RE.listed.search(before) and not low.endswith("00", 0, end):
        return True
    if low.endswith("0", 0, end) and _RE.opened.search(before) and _RE.goods.match(low, end):
        return False
    quantity = _RE.quantity_cue.search(before) or not _RE.strong.search(before)
    return not (quantity and before.strip() and _RE.plural.match(low, end))


def is_measured(low: str, end: int) -> bool:
    """Return whether a unit or currency directly follows the range of numbers that ends at ``end``: "1900-2000 kg"."""
    return _RE.unit.match(low, end) is not None


def _is_in_label(low: str, start: int, end: int) -> bool:
    """Return whether a number is that of a telephone, a house or a resolution."""
    if search_before(_RE.phone, low, start, 36) or search_before(_RE.act, low, start, 64):
        return True
    return _RE.street.match(low, end) is not None and not search_before(_RE.dated_before, low, start, 16)


def is_early_year(low: str, start: int, end: int) -> bool:
    """Return whether the words around a number below 1800 make it a year: "in 1742", "the treaty of 1648"."""
    before = low[max(0, start - 24) : start]
    return bool(_RE.dated.search(before) or (_RE.old.search(before) and _RE.old_ends.match(low, end)))


def is_goal(low: str, start: int, end: int, year: int, *, now: int | None) -> bool:
    """Return whether a year is a target ("by 2049"), not one of a past act; ``now`` is the year of the text."""
    before = low[max(0, start - 120) : start]
    if _RE.named_goal.search(before) or _RE.goal_after.match(low, end):
        return True
    if not _RE.by.search(before):
        return False
    if now is not None:
        return year > now
    return year >= 2030 or bool(_RE.goal_before.search(before) and not _RE.past.search(before))


def is_since(low: str, start: int, end: int) -> bool:
    """Return whether a year begins an open range ("since 2014")."""
    cue = search_before(_RE.since, low, start, 40)
    return bool(cue and (cue[0].lstrip().startswith(("since", "ever")) or _RE.onward.match(low, end)))


def plan_years(low: str, start: int, end: int, number: int) -> Span | None:
    """Return first and last year of the plan of this number, None if unknown.

    Its country is the one directly after it, else the last one before its end, else the next one after it.
    """
    directly_after = _RE.country.match(low, end + 4) if low.startswith((" of ", " in "), end) else None
    before = list(_RE.country.finditer(low, max(0, start - _PLAN_REACH), end))
    named = directly_after or (before[-1] if before else _RE.country.search(low, end, end + _PLAN_REACH))
    return _PLANS[named[0]].get(number) if named else None


def dateline(low: str) -> tuple[int, int | None] | None:
    """Return year and month of the dateline of a folded text in lower case; None where it has none, or several.

    A dateline is one of the first lines that ends with a date, is labelled as a date, or has a date before a dash at
    its start. The title of an annual report, or a season, gives the year only.
    """
    heads = [line.strip() for line in low[:_HEAD_REACH].split("\n") if line.strip()][:_HEAD_LINES]
    lines = (line.strip("*_# ") for line in heads if not _RE.bullet.match(line))
    found = [date for line in lines if (date := _parse_date(_date_in_line(line))) is not None]
    chronology = sum(_RE.begins.match(line) is not None for line in heads) > 1
    if found:
        return found[0] if len(set(found)) <= 2 and not chronology else None
    return _parse_date(_RE.news.search(low[:_NEWS_REACH]))


def _date_in_line(line: str) -> re.Match[str] | None:
    """Find the date in one of the first lines of a text."""
    brief = len(line) < _SHORT_LINE
    titled = (_RE.report.search(line) or _RE.season.search(line)) if brief else None
    dated = titled or _RE.label.match(line) or (_RE.line.match(line) if brief else None)
    return dated or _RE.opening.match(line) or _RE.place.match(line)


def _parse_date(match: re.Match[str] | None) -> tuple[int, int | None] | None:
    """Return year and month of a match whose group names end in ``y`` and ``m``; None for no valid date."""
    parts = {name[-1]: value for name, value in match.groupdict().items() if value} if match else {}
    month = MONTHS.get(parts.get("m", "")) or int(parts.get("m", 1))
    if not parts or not 1 <= month <= 12:
        return None
    return int(parts["y"]), month if "m" in parts else None
