"""Measures as counts of their unit: "60 t of rice", "200 hectares", "300 km of road"; none where they tell a size."""

import re
from functools import cache

from extractors.mentions.amounts.cues import any_of
from extractors.mentions.amounts.drafts import Draft
from extractors.mentions.amounts.money import thousands
from extractors.mentions.amounts.numbers import Number
from extractors.mentions.amounts.tables import parts, rows
from extractors.mentions.amounts.trie import trie_pattern

_RATE = re.compile(r" ?/|(?: per| an?) (?:hour|second|minute|head|person|hectare|km)\b|-?hours?\b")
_ABOUT = r"(?:about |some |up to |over |more than |less than )?\Z"
_OF = re.compile(rf"\b(?!{any_of('given')} )[a-z]+ of {_ABOUT}")  # "a tank of 500 litres", but "a gift of"
_SIZED = re.compile(rf"\b(?:an?|with|the) {_ABOUT}")
_TELLS = re.compile(
    rf" (?!(?:{any_of('goes_on')}|of|an?|each|every|per|or|as|through|were|are|have|since|until|annually)(?![^\W_]))"
    r"[A-Za-z]|-"
)
_LONG = re.compile(r" of (?!(?:which|it|its|the|a)\b)")


@cache
def _units() -> dict[str, tuple[str, str]]:
    return {surface: (row["unit"], row["kind"]) for row in rows("measures.csv") for surface in parts(row["surfaces"])}


@cache
def _measure() -> re.Pattern[str]:
    return re.compile(rf" ?({trie_pattern(_units())})(?![^\W_]|[²³])")


def measure_at(text: str, number: Number) -> re.Match[str] | None:
    """Find the unit of measure that follows a number."""
    return _measure().match(text, number.end)


def measure_of(text: str, low: str, number: Number, found: re.Match[str]) -> Draft | None:
    """Read a number with the unit of measure ``found``; None where it tells how large a thing is."""
    unit, kind = _units()[re.sub(r"[\s\-]+", " ", found[1])]
    near = max(0, number.start - 40)
    if _RATE.match(low, found.end()) or _OF.search(low, near, number.start):
        return None
    if kind == "length" and not _LONG.match(low, found.end()):
        return None
    sized, told = _SIZED.search(low, near, number.start), _TELLS.match(text, found.end())
    if (sized and told) or (kind == "size" and (sized or told)):
        return None
    number = thousands(number)
    return Draft(number, number.start, found.end(), "count", unit=unit, value=number.value, scale=number.scale)
