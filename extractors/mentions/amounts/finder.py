"""Text in, amounts out: numbers, their units, what joins them, what bounds them; and sums without a number."""

import re
from collections.abc import Iterator
from functools import cache

from extractors.mentions.amounts.counts import count_before, count_of, share_nouns, share_of
from extractors.mentions.amounts.currencies import Context, Found, after, before
from extractors.mentions.amounts.drafts import (
    Draft,
    join_minor,
    join_ranges,
    join_twice,
    keep_stated,
    read_coins,
    share_parts,
    share_scales,
)
from extractors.mentions.amounts.money import money_of
from extractors.mentions.amounts.numbers import Number, scan
from extractors.mentions.amounts.signs import take_sign
from extractors.mentions.amounts.tables import bounds, normal
from extractors.mentions.patterns import any_of, fold, lower, trie_pattern, words_of
from extractors.mentions.types import AmountMention
from schemas import Bound

MOST = 1e18
"""The largest value of a sum or count; a larger number is a mention without a value."""

_HEAD_OF_TABLE = "000"  # "US$ 000s"
_REACH = 40  # characters before an amount in which its bound stands
_OVER = "over"[::-1]
_DONE_OVER = re.compile(rf" (?:{'|'.join(word[::-1] for word in words_of('phrasal_over'))})(?![^\W_])")  # "handed over"
_SEVERAL = re.compile(r"\b(?:several|few|many|some) \Z")
_INSIDE = re.compile(
    r"(\+|[\s\-](?:or more|plus)\b)|[\s\-](?:odd|or so)\b|a couple\b", re.I
)  # a bound between number and noun
_YEARLY_AFTER = re.compile(
    r"[\s\-]?(?:(?:of|in) (?:[a-z]+ ){1,4})?"
    r"(?:an?[\s\-]year(?! (?:earlier|later|ago|before|after)\b| on(?: from\b|[,.;]|\Z))"
    r"|(?:per|each|every)[\s\-](?:(?:financial|fiscal|calendar|academic|school) )?(?:year|annum)\b"
    r"|annually|yearly|p\.a\.|/ ?(?:year|yr|annum)\b|pa\b)"
)
_YEARLY_BEFORE = re.compile(rf"{any_of('yearly')}(?: {any_of('yearly_thing')})?(?: {any_of('yearly_link')}){{0,3}} \Z")
_VAGUE = re.compile(
    rf"\b(?:{any_of('vague')}[\s\-]){{1,2}}"
    r"(?:(?:dozens?|hundreds?|thousands?|millions?|billions?|trillions?|mn|bn)(?: of)?[\s\-]?){0,3}"
)


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
    mentions = [_mention(text, low, draft) for draft in _joined(folded, low, _drafts(text, folded, low, context))]
    return sorted([*mentions, *_vague_sums(text, folded, low, context, mentions)], key=_place)


def _place(mention: AmountMention) -> int:
    return mention.start


def _drafts(text: str, folded: str, low: str, context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for number in scan(folded, low):
        floor = drafts[-1].end if drafts else 0
        if (
            number.start >= floor
            and number.surface != _HEAD_OF_TABLE
            and not (
                number.surface.startswith("hundred") and _SEVERAL.search(low, max(0, number.start - 10), number.start)
            )
        ):
            draft = _draft(folded, low, number, floor, context)
            drafts.append(take_sign(text, low, draft, drafts[-1] if drafts else None))
    return drafts


def _draft(folded: str, low: str, number: Number, floor: int, context: Context) -> Draft:
    return (
        money_of(folded, low, number, floor, context)
        or share_of(low, number)
        or count_of(folded, low, number)
        or Draft(number, number.start, number.end)
    )


def _joined(folded: str, low: str, drafts: list[Draft]) -> list[Draft]:
    read_coins(folded, low, drafts)
    drafts = join_ranges(low, join_twice(low, join_minor(low, drafts)))
    share_scales(low, drafts)
    share_parts(low, drafts)
    for draft in drafts:
        if draft.kind is None:
            count_before(folded, low, draft)
    share_nouns(folded, low, drafts)
    return keep_stated(low, [draft for draft in drafts if draft.kind])


def _mention(text: str, low: str, draft: Draft) -> AmountMention:
    held = all(value is None or abs(value) <= MOST for value in (draft.value, draft.low, draft.high))  # no "nan" either
    if draft.value is None or not held:
        draft.value = draft.low = draft.high = None
    bound: Bound = "range" if draft.is_range else _bound_inside(low, draft) or _bound(low, draft.start, draft.end)
    return AmountMention(
        start=draft.start,
        end=draft.end,
        text=text[draft.start : draft.end],
        kind=draft.kind or "money",
        value=draft.value,
        unit=draft.minor or draft.unit,
        bound="unknown" if draft.value is None else bound,
        per="year" if _is_yearly(low, draft.start, draft.end) else None,
        low=draft.low,
        high=draft.high,
        number=draft.number.surface,
        scale=draft.scale,
        currency=draft.said.surface if draft.said else None,
        assumed=draft.assumed,
        stated=tuple(_mention(text, low, one) for one in draft.stated),
    )


@cache
def _bound_before() -> re.Pattern[str]:
    phrases = trie_pattern(phrase[::-1] for phrase in bounds("before"))
    return re.compile(rf"[\s\-]{{0,3}}(?:(?:a|an|the) )?({phrases})(?![^\W_])")


@cache
def _bound_after() -> re.Pattern[str]:
    return re.compile(rf"[\s\-]{{0,2}}({trie_pattern(bounds('after'))})(?!\w| ?[\d$€£¥]| [a-z]{{3}} ?\d)")


def _bound(low: str, start: int, end: int) -> Bound:
    """Tell how an amount is bounded by the words before and after it."""
    window = low[max(0, start - _REACH) : start][::-1]
    found = _bound_before().match(window)
    if found and not (found[1] == _OVER and _DONE_OVER.match(window, found.end())):
        return bounds("before")[normal(found[1][::-1])]
    if found := _bound_after().match(low, end):
        return bounds("after")[normal(found[1])]
    return "exact"


def _bound_inside(low: str, draft: Draft) -> Bound | None:
    """Tell how an amount is bounded by what stands between its number and its noun: "400+ engineers"."""
    found = _INSIDE.search(low, draft.number.start, draft.end)
    return None if found is None else "at_least" if found[1] else "about"


def _is_yearly(low: str, start: int, end: int) -> bool:
    """Tell whether an amount is one of each year."""
    return bool(_YEARLY_AFTER.match(low, end) or _YEARLY_BEFORE.search(low, max(0, start - _REACH), start))


def _vague_sums(
    text: str, folded: str, low: str, context: Context, known: list[AmountMention]
) -> Iterator[AmountMention]:
    """Find the sums without a number that do not overlap the mentions already known (in order of place)."""
    place = 0
    for start, end, said in _vague(folded, low):
        while place < len(known) and known[place].end <= start:
            place += 1
        unit, assumed = context.choose(said.money, start)
        if unit and not (place < len(known) and known[place].start < end):
            yield AmountMention(
                start=start,
                end=end,
                text=text[start:end],
                kind="money",
                value=None,
                unit=unit,
                bound=_bound(low, start, end),
                per="year" if _is_yearly(low, start, end) else None,
                currency=said.surface,
                assumed=assumed,
            )


def _vague(folded: str, low: str) -> Iterator[tuple[int, int, Found]]:
    """Find "several hundred million" beside a currency: start, end, and the currency."""
    for match in _VAGUE.finditer(low):
        end = match.start() + len(match[0].rstrip(" -"))
        lead, trail = before(folded, low, match.start(), 0), after(folded, low, end)
        if trail and not (low.startswith("(", match.start() - 1) and low.startswith(")", trail.end)):  # no label
            yield match.start(), trail.end, trail
        elif lead and lead.kind == "mark":
            yield lead.start, end, lead
