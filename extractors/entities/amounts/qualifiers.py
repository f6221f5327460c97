"""What stands around an amount: bounds ("at least"), rates of time ("a year"), unit prices ("a barrel")."""

import re
from functools import cache

from extractors.entities.amounts.tables import bounds, normal
from extractors.entities.amounts.trie import trie_pattern
from schemas import Bound

_REACH = 40
_BETWEEN = r"(?:(?:a|an|the|another|further|additional|total|some|of|worth|sum|amount|value|valued at|at|to|be) ){0,2}"
_YEARLY_AFTER = re.compile(
    r"[\s\-]?(?:(?:of|in) (?:[a-z]+ ){1,2})?(?:an?[\s\-]year|per[\s\-](?:year|annum)|annually|yearly|p\.a\.|/ ?(?:year|yr|annum)\b"
    r"|each year|every year|a year|pa\b)"
)
_YEARLY_BEFORE = re.compile(
    r"(?:annual|annually|yearly|each year|every year)(?: (?:budget|cost|costs|sum|total|amount|grant|funding|payments?|fee|fees|rent|revenues?"
    r"|turnover|income|interest|contribution|aid|salary|subsidy|investment|spending|value|exports|imports|trade|production"
    r"|expenditure|loan|instalments?|installments?|average|allowance|support|donation))?"
    r"(?: (?:of|to|worth|at|is|was|about|some|up|over|around|nearly|approximately|an?|least|more|than)){0,3} \Z"
)
_EACH = re.compile(
    r"[\s\-]?(?:an?|per|/|each|for each|for every|a piece|apiece)[\s\-]?"
    r"(barrel|bbl|share|ton(?:ne)?|metric ton|kilo(?:gram)?(?:me)?|kg|lb|litre|liter|gallon|ounce|oz|unit|pound|bushel|kwh|"
    r"mwh|kilowatt[\s\-]hour|head|person|capita|day|hour|week|month|night|head|piece|copy|acre|hectare|mile|kilomet(?:re|er)"
    r"|km|square (?:met(?:re|er)|foot)|sqm|m2|tonne|bag|carat|gram|dose|seat|ticket|call|minute|item|child|student|pupil)s?\b"
)


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
