"""Which sum, count and year belong to an act."""

import re
from collections.abc import Sequence

from extractors.mentions import AmountMention, YearMention
from schemas import Kind

from .events import Event

_NO_COUNT = re.compile(
    r"(?:^|\s)(?:country|nation|region|year|month|week|day|hour|side|party|city|member|share|time|percent|people|household|job|mw|gw|km|kilometre|kilometer|metre|"
    r"meter|hectare|area|university|company|firm|state|government|field|sector|step|third|half|way|area|continent|province|century|decade|leader|entity|"
    r"partner|instalment|installment|session|round|meeting|word|page|phase|unit|employee|student body|minister|capacity|patient|passenger|inhabitant|quarter)$"
)
PEOPLE_KINDS = frozenset({"training", "technical_assistance", "grant", "programme", "other", "investment"})
SHARES = frozenset({"investment", "acquisition", "membership"})
_THINGS = frozenset({"joint_facility", "supply", "grant", "training", "joint_research", "technical_assistance", "programme", "agreement"})


def amount_for(event: Event, kind: Kind, amounts: Sequence[AmountMention], taken: set[int], text: str) -> AmountMention | None:
    """Return the act's amount: money in its bounds, nearest first, else a count that its kind gives, else a share."""
    inside = [a for a in amounts if event.start <= a.start and a.end <= event.end and a.value is not None and id(a) not in taken]
    inside = [a for a in inside if not _foreign(a, text)]
    anchor = event.verb.start if event.verb is not None else event.start
    money = sorted((a for a in inside if a.kind == "money"), key=lambda a: (a.start < anchor, abs(a.start - anchor)))
    if money:
        return money[0]
    counts = [a for a in inside if a.kind == "count" and _counts(a, kind, event, text)]
    if counts:
        return counts[0]
    shares = [a for a in inside if a.kind == "share" and kind in SHARES]
    return shares[0] if shares else None


def _foreign(amount: AmountMention, text: str) -> bool:
    """Whether words beside the sum make it a price, a total or something else than what is given."""
    before = text[max(0, amount.start - 40) : amount.start].lower()
    after = text[amount.end : amount.end + 30].lower()
    return bool(
        re.search(r"(?:gdp|population|exports? (?:of|worth)|revenue|turnover|trade (?:of|worth|reached)|out of|of the|than the|grew|rose|fell) $", before)
        or re.match(r" (?:of (?:the |its )?(?:gdp|population|output|households)|a tonne|per cent of gdp)", after)
    )


def _counts(amount: AmountMention, kind: Kind, event: Event, text: str) -> bool:
    if _NO_COUNT.search(amount.unit) or kind not in _THINGS:
        return False
    if amount.unit == "person":
        return kind in PEOPLE_KINDS
    if kind == "agreement":
        return bool(re.search(r"agreement|accord|contract|project|memorand", amount.unit))
    anchor = event.verb.start if event.verb is not None else event.start
    return amount.start >= anchor or event.passive or event.verb is None


def year_for(event: Event, years: Sequence[YearMention], sentence: tuple[int, int], *, alone: bool) -> YearMention | None:
    """Return the act's year: of those in its clause the nearest, else the sentence's only one."""
    usable = [y for y in years if sentence[0] <= y.start and y.end <= sentence[1] and y.kind != "goal" or (y.kind == "goal" and event.start <= y.start < event.end and y.start < (event.verb.start if event.verb else event.start))]
    inside = [y for y in usable if event.start - 2 <= y.start and y.end <= event.end + 2]
    anchor = event.verb.start if event.verb is not None else event.start
    if inside:
        return min(inside, key=lambda y: abs(y.start - anchor))
    lead = [y for y in usable if y.end <= event.start and y.start - sentence[0] < 40]
    if lead:
        return lead[-1]
    return usable[0] if alone and len(usable) == 1 else None
