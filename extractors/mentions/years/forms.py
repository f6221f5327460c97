"""The forms in which texts write years (``tables/forms.toml``), as one regular expression with named branches."""

import re
import tomllib
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from extractors.mentions.amounts.number_words import ONES, TEENS, TENS
from extractors.mentions.patterns import numerals, trie_pattern
from schemas.packaged import packaged_rows

Span = tuple[int, int]
MONTHS, ORDINALS, ROMAN, DECADES = map(numerals, ("month", "ordinal", "roman", "decade"))
WORDS = numerals("some")  # "a" year, "fifteen" years


class Calendar(NamedTuple):
    """A calendar: the years that it may count, and how they become ours."""

    least: int
    most: int
    ratio: float  # its years, in years of the sun
    add: float
    span: int  # 1 where its year begins in the midst of ours


_CALENDARS = {  # by their marks, capitals kept: "AH", "Heisei"
    mark: Calendar(int(row["least"]), int(row["most"]), float(row["ratio"]), float(row["add"]), int(row["span"]))
    for row in packaged_rows(__package__, "tables/calendars.csv")
    for mark in row["marks"].split("|")
}


def in_calendar(mark: str, number: int) -> Span | None:
    """Give the years that a year of the calendar with this mark lies in, None where it counts no such year."""
    found = _CALENDARS.get(mark) or _CALENDARS.get(mark.capitalize())
    if found is None or not found.least <= number <= found.most:
        return None
    first = int(number * found.ratio + found.add)
    return first, first + found.span


_TABLE = tomllib.loads(files(__package__).joinpath("tables/forms.toml").read_text(encoding="utf-8"))
_PARTS = {
    "MONTH": f"(?:{'|'.join(sorted(map(re.escape, MONTHS), key=len, reverse=True))})(?![a-z])",
    "ROMAN": "|".join(sorted(ROMAN, key=len, reverse=True)),
    "ORDINAL": "|".join(ORDINALS),
    "DECADE": "|".join(DECADES),
    "NUMBER": "|".join(WORDS),
    "TENS": "|".join(TENS),
    "TEENS": "|".join(TEENS),
    "DIGITS": "|".join(one for one in ONES if one != "zero"),
    "ERAS": trie_pattern(mark.lower() for mark, one in _CALENDARS.items() if one.most < 200),  # counted from 1
    "MARKS": trie_pattern(mark.lower() for mark, one in _CALENDARS.items() if one.most >= 200),
}


def _filled(pattern: str) -> str:
    """Return a pattern of the table in one line, with the parts that stand in angles."""
    return re.sub("<([A-Z_]+)>", _part, re.sub(r"(?:\A|\n) *", "", pattern))


def _part(name: re.Match[str]) -> str:
    return _PARTS.get(name[1]) or _filled(_TABLE["parts"][name[1]])


_FORMS = {name: _filled(form) for name, form in _TABLE["forms"].items()}
_BEGIN = [
    *MONTHS,
    *ORDINALS,
    *(f"{mark.lower()} " for mark in _CALENDARS),
    *(f"{number} {unit}" for number in WORDS for unit in ("year", "decade")),
    *_TABLE["begin"],
]
YEAR, MONTH = _TABLE["parts"]["YEAR"], _PARTS["MONTH"]
PATTERN = re.compile(
    rf"(?<![a-z0-9_à-ÿ])(?<!\d[.,:])(?=\d|'\d|{trie_pattern(_BEGIN)})"
    rf"(?:{'|'.join(f'(?P<{name}>{form})' for name, form in _FORMS.items())})"
)

_ENDS = [*(PATTERN.groupindex[name] for name in _FORMS), PATTERN.groups + 1]
PARTS = {
    form: [(name.rpartition("_")[2], name) for name, group in PATTERN.groupindex.items() if first < group < end]
    for form, (first, end) in zip(_FORMS, pairwise(_ENDS), strict=True)
}
"""The groups of each form with what they hold, which is the last part of a group's name: ``y`` the year, ``m`` …"""
