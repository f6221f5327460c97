"""Negative sums and shares: what is a sign before an amount or inside it, and what only a dash."""

import re

from extractors.mentions.amounts.drafts import Draft
from extractors.mentions.amounts.numbers import MINUS, negated, sign_before

_CLOSED = re.compile(r" ?(\W)(?=[\s,.;)]|\Z)")
_WORDS = re.compile(r"[^\n|]*[a-z]{2}")
_CELL = re.compile(r"[|\t] ?\(\Z")
_CELL_ENDS = re.compile(r"\) ?(?:[|\t\n]|\Z)")


def take_sign(text: str, low: str, draft: Draft, previous: Draft | None) -> Draft:
    """Take the sign of a draft into it: "-$5m", "$-5m", "minus 5m euros", "EUR -5".

    A dash that goes on from the number before ("10 -20 million", "2015 -$3bn"), one that opens a line of a list and one
    of a pair that closes behind the amount are none. What may be a sign leaves no value: "USD-5m", a cell "($5m)".

    Args:
        text: The text as written.
        low: The same folded and in lower case.
        draft: A number and what it is.
        previous: The draft before it.
    """
    at = sign_before(text, low, draft.start)
    if at is None and draft.lead and low.find("-", draft.lead.end, draft.number.start) >= 0:
        return _signed_inside(text, draft)
    if at is None:
        return _bracketed(text, draft, previous)
    return draft if _is_dash(text, low, draft, previous, at) else _negative(draft, at)


def _is_dash(text: str, low: str, draft: Draft, previous: Draft | None, at: int) -> bool:
    if previous is not None and at - max(previous.end, previous.number.scaled.end) <= 1:
        before, value = previous.number.scaled, (draft.number.scaled.value if draft.value is None else draft.value)
        if low[at] != "-" or before.is_yearlike or before.value < value:
            return True
    if low[at] != "-" or text[at] == MINUS:
        return False
    lists = at > 0 and low[at - 1] == "\n" and _WORDS.match(low, draft.end)
    closed = _CLOSED.match(text, draft.end)
    return bool(lists or (closed and closed[1] == text[at]))


def _signed_inside(text: str, draft: Draft) -> Draft:
    """Read a dash between the currency and its number."""
    lead = draft.lead
    gap = text[lead.end : draft.number.start] if lead else ""
    if lead is None or len(gap.lstrip()) != 1 or gap in ("—", "―"):
        return draft
    if gap == "-" and lead.surface.rstrip(".")[-1].isalnum() and lead.kind == "mark":
        draft.value = None
        return draft
    return draft if gap != MINUS and lead.kind == "name" and len(gap) == 1 else _negative(draft, draft.start)


def _bracketed(text: str, draft: Draft, previous: Draft | None) -> Draft:
    """Leave the value of a sum in brackets open where it fills a cell and is no conversion of the one before."""
    alone = draft.kind == "money" and text[draft.start - 1 : draft.start] == "("
    if alone and _CELL.search(text, max(0, draft.start - 3), draft.start) and _CELL_ENDS.match(text, draft.end):
        converts = previous is not None and previous.kind == "money" and previous.unit != draft.unit
        draft.value = draft.value if converts else None
    return draft


def _negative(draft: Draft, at: int) -> Draft:
    number = negated(draft.number, min(at, draft.number.start))
    if draft.kind == "count":
        return Draft(number, at, number.end)
    draft.number, draft.start = number, min(at, draft.start)
    draft.value = None if draft.value is None else -draft.value
    return draft
