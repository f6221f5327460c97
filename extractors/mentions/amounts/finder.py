"""Text in, amounts out: numbers, their units, what joins them, what bounds them."""

import re

from extractors.mentions import AmountMention
from extractors.mentions.amounts.context import Context
from extractors.mentions.amounts.counts import count_before, count_of, share_of
from extractors.mentions.amounts.drafts import Draft
from extractors.mentions.amounts.folding import fold, lower
from extractors.mentions.amounts.joining import join_minor, join_ranges, keep_stated, share_parts, share_scales
from extractors.mentions.amounts.money import money_of
from extractors.mentions.amounts.numbers import Number, scan, signed
from extractors.mentions.amounts.qualifiers import bound_of, is_yearly, price_of
from extractors.mentions.amounts.vague import find_vague
from schemas import Bound

MOST = 1e18
"""The largest value of a sum or count; a larger number is a mention without a value."""

_SEVERAL = re.compile(r"\b(?:several|few|many|some) \Z")


def find_amounts(text: str, *, date: str | None = None) -> list[AmountMention]:
    """Find sums of money, counts of things and percentages.

    Args:
        text: Any text.
        date: ISO 8601 date of the text, where known: it settles which of two currencies of one name was in use.

    Returns:
        Mentions in order of place, none overlapping; offsets are code points of ``text``. The span covers number,
        scale and currency or noun, without bound words. A conversion in brackets is in ``stated`` of the sum before it.
        Minor units by themselves stay as written ("50 cents": 50, unit ``cent``).
    """
    folded = fold(text)
    low = lower(folded)
    context = Context(folded, date=date)
    drafts = _drafts(folded, low, context)
    if not drafts:
        return find_vague(text, folded, low, context, [])
    found = _joined(folded, low, drafts)
    mentions = [_mention(text, low, draft) for draft in found]
    return sorted(mentions + find_vague(text, folded, low, context, mentions), key=_place)


def _place(mention: AmountMention) -> int:
    return mention.start


def _drafts(folded: str, low: str, context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for number in scan(folded, low):
        floor = drafts[-1].end if drafts else 0
        if number.start >= floor and not (
            number.surface.startswith("hundred") and _SEVERAL.search(low, max(0, number.start - 10), number.start)
        ):
            drafts.append(_draft(folded, low, number, floor, context))
    return drafts


def _draft(folded: str, low: str, number: Number, floor: int, context: Context) -> Draft:
    number = signed(folded, low, number) if number.start > floor else number
    money = money_of(folded, low, number, floor, context)
    return (
        money
        or share_of(folded, low, number)
        or count_of(folded, low, number)
        or Draft(number, number.start, number.end)
    )


def _joined(folded: str, low: str, drafts: list[Draft]) -> list[Draft]:
    drafts = join_minor(low, drafts)
    drafts = join_ranges(low, drafts)
    share_scales(low, drafts)
    share_parts(low, drafts)
    for draft in drafts:
        if draft.kind is None:
            count_before(folded, low, draft)
    drafts = [draft for draft in drafts if draft.kind]
    return keep_stated(low, drafts)


def _unit(draft: Draft) -> str:
    minor = draft.trail.money.minor if draft.trail else ""
    alone = minor and draft.lead is None and draft.end == (draft.trail.end if draft.trail else 0)
    return minor if alone else draft.unit


def _bound(low: str, draft: Draft) -> Bound:
    return "range" if draft.is_range else bound_of(low, draft.start, draft.end)


def _held(*values: float | None) -> bool:
    """Whether every number of a draft can be held by JSON, CSV, Parquet and spreadsheets alike."""
    return all(value is None or abs(value) <= MOST for value in values)  # false for "not a number" too


def _mention(text: str, low: str, draft: Draft) -> AmountMention:
    held = _held(draft.value, draft.low, draft.high)
    if draft.value is None or not held:
        draft.value = draft.low = draft.high = None
    return AmountMention(
        start=draft.start,
        end=draft.end,
        text=text[draft.start : draft.end],
        kind=draft.kind or "money",
        value=draft.value,
        unit=_unit(draft),
        bound="unknown" if draft.value is None else _bound(low, draft),
        per="year" if is_yearly(low, draft.start, draft.end) else None,
        low=draft.low,
        high=draft.high,
        number=draft.number.surface,
        scale=draft.scale,
        currency=draft.said.surface if draft.said else None,
        assumed=draft.assumed,
        stated=tuple(_mention(text, low, one) for one in draft.stated),
        each=price_of(low, draft.end) if draft.kind == "money" else None,
    )
