"""Find amounts in a text: numbers with units, signs and bounds, joined where they belong together; and vague sums."""

from collections.abc import Iterator
from operator import attrgetter

from extractors.mentions import AmountMention
from extractors.mentions.amounts.counts import count_before, count_of, share_nouns, share_of
from extractors.mentions.amounts.currencies import Context, CurrencyMatch
from extractors.mentions.amounts.drafts import (
    Draft,
    join_minor_units,
    join_ranges,
    join_repeats,
    nest_conversions,
    read_coins,
    share_currency,
    share_scales,
)
from extractors.mentions.amounts.money import money_of
from extractors.mentions.amounts.numbers import MINUS, Number, negated, scan, sign_before
from extractors.mentions.amounts.tables import BOUNDS, fold_name
from extractors.mentions.patterns import Patterns, cue_words, fold, lower, search_before, trie_pattern
from schemas import Bound

_LARGEST = 1e18  # the largest value of a sum or count; a larger number is a mention without a value
_TABLE_HEADING = "000"  # "US$ 000s"
_REACH = 40  # characters before an amount in which its bound is looked for
_RE = Patterns(
    "extractors.mentions.amounts",
    "finder",
    BOUNDS_BACKWARDS=trie_pattern(phrase[::-1] for phrase in BOUNDS["before"]),
    BOUNDS_AFTER=trie_pattern(BOUNDS["after"]),
    PHRASAL=trie_pattern(word[::-1] for word in cue_words("phrasal_over")),
)


def find_amounts(text: str, *, date: str | None = None) -> list[AmountMention]:
    """Find sums of money, counts of things and percentages.

    Args:
        text: Any text.
        date: ISO 8601 date of the text, where known: it decides which of two currencies of one name was in use.

    Returns:
        Mentions in text order, none overlapping; offsets are code points of ``text``. The span covers number, scale and
        currency or noun, without bound words. A conversion in brackets is in ``stated`` of the sum before it. Minor
        units by themselves stay as written ("50 cents": 50, unit ``cent``).
    """
    folded = fold(text)
    context = Context(folded, lower(folded), date=date)
    drafts = _joined(context, _drafts(text, context))
    drafts = sorted([*drafts, *_vague_sums(context, drafts)], key=attrgetter("start"))
    return [_mention(text, context.low, draft) for draft in drafts]


def _drafts(text: str, context: Context) -> list[Draft]:
    folded, low = context.text, context.low
    drafts: list[Draft] = []
    for number in scan(folded, low):
        floor, start = drafts[-1].end if drafts else 0, number.start
        several = number.surface.startswith("hundred") and search_before(_RE.several, low, start, 10)
        if start >= floor and number.surface != _TABLE_HEADING and not several:
            draft = (
                money_of(context, number, floor)
                or share_of(low, number)
                or count_of(folded, low, number)
                or Draft(number, start, number.end)
            )
            drafts.append(_take_sign(text, low, draft, drafts[-1] if drafts else None))
    return drafts


def _joined(context: Context, drafts: list[Draft]) -> list[Draft]:
    folded, low = context.text, context.low
    read_coins(folded, low, drafts)
    drafts = join_ranges(low, join_repeats(low, join_minor_units(low, drafts)))
    share_scales(low, drafts)
    share_currency(low, drafts)
    for draft in drafts:
        if draft.kind is None:
            count_before(folded, low, draft)
    share_nouns(folded, low, drafts)
    return nest_conversions(low, [draft for draft in drafts if draft.kind])


def _mention(text: str, low: str, draft: Draft) -> AmountMention:
    numbers = (draft.value, draft.low, draft.high)
    in_range = all(value is None or abs(value) <= _LARGEST for value in numbers)  # False for nan too
    if draft.value is None or not in_range:
        draft.value = draft.low = draft.high = None
    yearly = _RE.yearly_after.match(low, draft.end) or search_before(_RE.yearly_before, low, draft.start, _REACH)
    return AmountMention(
        start=draft.start,
        end=draft.end,
        text=text[draft.start : draft.end],
        kind=draft.kind or "money",
        value=draft.value,
        unit=draft.minor or draft.unit,
        bound="unknown" if draft.value is None and draft.number.surface else _bound_of(low, draft),
        per="year" if yearly else None,
        low=draft.low,
        high=draft.high,
        number=draft.number.surface,
        scale=draft.scale,
        currency=draft.currency.surface if draft.currency else None,
        assumed=draft.assumed,
        stated=tuple(_mention(text, low, one) for one in draft.stated),
    )


def _bound_of(low: str, draft: Draft) -> Bound:
    """Return the bound of an amount, from the words before, after or inside it: "400+ engineers"."""
    if draft.is_range:
        return "range"
    if inside := _RE.bound_inside.search(low, draft.number.start, draft.end):
        return "at_least" if inside[1] else "about"
    window = low[max(0, draft.start - _REACH) : draft.start][::-1]
    found = _RE.bound_before.match(window)
    if found and not (found[1] == "revo" and _RE.done_over.match(window, found.end())):
        return BOUNDS["before"][fold_name(found[1][::-1])]
    found = _RE.bound_after.match(low, draft.end)
    return BOUNDS["after"][fold_name(found[1])] if found else "exact"


def _vague_sums(context: Context, known: list[Draft]) -> Iterator[Draft]:
    """Yield sums without a number ("several hundred million dollars") that overlap none of the drafts in ``known``.

    ``known`` is in text order.
    """
    low, place = context.low, 0
    for match in _RE.vague.finditer(low):
        start, end = match.start(), match.start() + len(match[0].rstrip(" -"))
        lead, currency = context.before(start, 0), context.after(end)
        if currency and not (low.startswith("(", start - 1) and low.startswith(")", currency.end)):  # not a label
            end = currency.end
        elif lead and lead.kind == "mark":
            start, currency = lead.start, lead
        else:
            continue
        while place < len(known) and known[place].end <= start:
            place += 1
        unit, assumed = context.choose(currency.money, start)
        if unit and not (place < len(known) and known[place].start < end):
            no_number = Number(end, end, 0.0, "", "unread")
            yield Draft(no_number, start, end, "money", lead=currency, unit=unit, assumed=assumed)


def _take_sign(text: str, low: str, draft: Draft, previous: Draft | None) -> Draft:
    """Return a draft with its sign applied: "-$5m", "$-5m", "minus 5m euros", "EUR -5".

    A dash is no sign if it links the draft to the number before ("10 -20 million", "2015 -$3bn"), opens a line of a
    list, or has a second dash after the amount. Where it is unclear whether the amount is negative ("USD-5m", a cell
    "($5m)"), the value becomes None.

    Args:
        text: The text as written.
        low: The same folded and in lower case.
        draft: The draft, which may be changed in place.
        previous: The draft before it.
    """
    at = sign_before(text, low, draft.start)
    if at is None and draft.lead and low.find("-", draft.lead.end, draft.number.start) >= 0:
        return _take_inner_sign(text, draft, draft.lead)
    if at is None:
        return _drop_bracketed_value(text, draft, previous)
    return draft if _is_dash(text, low, draft, previous, at) else _negate(draft, at)


def _is_dash(text: str, low: str, draft: Draft, previous: Draft | None, at: int) -> bool:
    if previous is not None and at - max(previous.end, previous.number.scaled.end) <= 1:
        before, value = previous.number.scaled, (draft.number.scaled.value if draft.value is None else draft.value)
        if low[at] != "-" or before.is_yearlike or before.value < value:
            return True
    if low[at] != "-" or text[at] == MINUS:
        return False
    opens_line = at > 0 and low[at - 1] == "\n" and _RE.words.match(low, draft.end)
    closed = _RE.closed.match(text, draft.end)
    return bool(opens_line or (closed and closed[1] == text[at]))


def _take_inner_sign(text: str, draft: Draft, lead: CurrencyMatch) -> Draft:
    """Apply the dash between the currency and its number: a minus, unclear (no value), or no sign."""
    gap = text[lead.end : draft.number.start]
    if len(gap.lstrip()) != 1 or gap in ("—", "―"):
        return draft
    if gap == "-" and lead.surface.rstrip(".")[-1].isalnum() and lead.kind == "mark":
        draft.value = None
        return draft
    return draft if gap != MINUS and lead.kind == "name" and len(gap) == 1 else _negate(draft, draft.start)


def _drop_bracketed_value(text: str, draft: Draft, previous: Draft | None) -> Draft:
    """Drop the value of a sum in brackets that fills a table cell, unless it converts the sum before it."""
    alone = draft.kind == "money" and text[draft.start - 1 : draft.start] == "("
    if alone and search_before(_RE.cell, text, draft.start, 3) and _RE.cell_ends.match(text, draft.end):
        converts = previous is not None and previous.kind == "money" and previous.unit != draft.unit
        draft.value = draft.value if converts else None
    return draft


def _negate(draft: Draft, at: int) -> Draft:
    number = negated(draft.number, min(at, draft.number.start))
    if draft.kind == "count":
        return Draft(number, at, number.end)
    draft.number, draft.start = number, min(at, draft.start)
    draft.value = None if draft.value is None else -draft.value
    return draft
