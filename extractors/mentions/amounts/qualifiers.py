"""What stands around an amount: bounds ("at least"), rates of time ("a year"), unit prices ("a barrel")."""

import re
from functools import cache

from extractors.mentions.amounts.cues import any_of
from extractors.mentions.amounts.tables import bounds, normal
from extractors.mentions.amounts.trie import trie_pattern
from schemas import Bound

_REACH = 40
_YEARLY_AFTER = re.compile(
    r"[\s\-]?(?:(?:of|in) (?:[a-z]+ ){1,4})?"
    r"(?:an?[\s\-]year(?! (?:earlier|later|ago|before|after|on)\b)"
    r"|(?:per|each|every)[\s\-](?:(?:financial|fiscal|calendar|academic|school) )?(?:year|annum)\b"
    r"|annually|yearly|p\.a\.|/ ?(?:year|yr|annum)\b|pa\b)"
)
_YEARLY_BEFORE = re.compile(rf"{any_of('yearly')}(?: {any_of('yearly_thing')})?(?: {any_of('yearly_link')}){{0,3}} \Z")
_EACH = re.compile(rf"[\s\-]?(?:an?|per|/|each|for each|for every)[\s\-]?({any_of('each')})s?\b")


@cache
def _before() -> re.Pattern[str]:
    phrases = trie_pattern(phrase[::-1] for phrase in bounds("before"))
    return re.compile(rf"[\s\-]{{0,3}}(?:(?:a|an|the) )?({phrases})(?![^\W_])")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"[\s\-]{{0,2}}({trie_pattern(bounds('after'))})(?!\w)")


def bound_of(low: str, start: int, end: int) -> Bound:
    """Tell how an amount is bounded by the words before and after it."""
    window = low[max(0, start - _REACH) : start][::-1]
    if found := _before().match(window):
        return bounds("before")[normal(found[1][::-1])]  # type: ignore[return-value]
    if found := _after().match(low, end):
        return bounds("after")[normal(found[1])]  # type: ignore[return-value]
    return "exact"


def is_yearly(low: str, start: int, end: int) -> bool:
    """Tell whether an amount is one of each year."""
    return bool(_YEARLY_AFTER.match(low, end) or _YEARLY_BEFORE.search(low, max(0, start - _REACH), start))


def price_of(low: str, end: int) -> str | None:
    """Give the thing that an amount is the price of ("barrel"), if it is a price for one of something."""
    found = _EACH.match(low, end)
    return found[1] if found else None
