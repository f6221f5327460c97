"""Sums of money without a number: "several hundred million dollars"."""

import re
from collections.abc import Iterator

from extractors.mentions import AmountMention
from extractors.mentions.amounts.context import Context
from extractors.mentions.amounts.cues import any_of
from extractors.mentions.amounts.currencies import Found, after, before
from extractors.mentions.amounts.qualifiers import bound_of, is_yearly

_VAGUE = re.compile(
    rf"\b(?:{any_of('vague')}[\s\-]){{1,2}}"
    r"(?:(?:dozens?|hundreds?|thousands?|millions?|billions?|trillions?|mn|bn)(?: of)?[\s\-]?){0,3}"
)


def _sums(folded: str, low: str) -> Iterator[tuple[int, int, Found]]:
    """Find vague numbers beside a currency: start, end, and the currency."""
    for match in _VAGUE.finditer(low):
        end = match.start() + len(match[0].rstrip(" -"))
        lead, trail = before(folded, low, match.start(), 0), after(folded, low, end)
        if trail:
            yield match.start(), trail.end, trail
        elif lead and lead.kind == "mark":
            yield lead.start, end, lead


def find_vague(text: str, folded: str, low: str, context: Context, known: list[AmountMention]) -> list[AmountMention]:
    """Find the sums without a number that do not overlap the mentions already known (in order of place)."""
    found: list[AmountMention] = []
    place = 0
    for start, end, said in _sums(folded, low):
        while place < len(known) and known[place].end <= start:
            place += 1
        unit, assumed = context.choose(said.money)
        if unit and not (place < len(known) and known[place].start < end):
            found.append(_mention(text, low, start, end, unit, said.surface, assumed))
    return found


def _mention(text: str, low: str, start: int, end: int, unit: str, currency: str, assumed: str | None) -> AmountMention:
    return AmountMention(
        start=start,
        end=end,
        text=text[start:end],
        kind="money",
        value=None,
        unit=unit,
        bound=bound_of(low, start, end),
        per="year" if is_yearly(low, start, end) else None,
        currency=currency,
        assumed=assumed,
    )
