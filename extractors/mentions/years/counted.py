"""Years told by number alone: plans that a country numbers, and the years of other calendars."""

import re
from functools import cache
from typing import NamedTuple

from extractors.mentions.patterns import trie_pattern
from schemas.packaged import packaged_rows

Span = tuple[int, int]
_REACH = 3000  # characters in which the country of a plan is named


class Calendar(NamedTuple):
    """A calendar: the years that it may count, and how they become ours."""

    least: int
    most: int
    ratio: float  # its years, in years of the sun
    add: float
    span: int  # 1 where its year begins in the midst of ours


@cache
def calendars() -> dict[str, Calendar]:
    """Return the calendars by their marks, capitals kept: "AH", "Heisei"."""
    return {
        mark: Calendar(int(row["least"]), int(row["most"]), float(row["ratio"]), float(row["add"]), int(row["span"]))
        for row in packaged_rows(__package__, "tables/calendars.csv")
        for mark in row["marks"].split("|")
    }


def in_calendar(mark: str, number: int) -> Span | None:
    """Give the years that a year of the calendar with this mark lies in, None where it counts no such year."""
    found = calendars().get(mark) or calendars().get(mark.capitalize())
    if found is None or not found.least <= number <= found.most:
        return None
    first = int(number * found.ratio + found.add)
    return first, first + found.span


@cache
def _plans() -> dict[str, dict[int, Span]]:
    plans: dict[str, dict[int, Span]] = {}
    for row in packaged_rows(__package__, "tables/plans.csv"):
        spans = {
            number: (int(span[:4]), int(span[5:]))
            for number, span in enumerate(row["spans"].split(), int(row["first"]))
        }
        plans.update(dict.fromkeys(row["words"].split("|"), spans))
    return plans


@cache
def _country() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){trie_pattern(_plans())}(?![^\W_])")


def plan_years(low: str, start: int, end: int, number: int) -> Span | None:
    """Give the years of the plan of this number; its country is told behind it, else last up to its end, else after."""
    behind = _country().match(low, end + 4) if low.startswith((" of ", " in "), end) else None
    before = list(_country().finditer(low, max(0, start - _REACH), end))
    named = behind or (before[-1] if before else _country().search(low, end, end + _REACH))
    return _plans()[named[0]].get(number) if named else None
