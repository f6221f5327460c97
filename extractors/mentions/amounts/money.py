"""Sums of money: a number beside its currency or with a label, or a large number with a noun such as "loan"."""

import re
from dataclasses import replace

from extractors.mentions.amounts.currencies import Context, CurrencyMatch
from extractors.mentions.amounts.drafts import Draft
from extractors.mentions.amounts.numbers import Number, tidy
from extractors.mentions.amounts.tables import LABELS, MARKS, SCALES, WORD_MARKS, scale_surfaces
from extractors.mentions.patterns import Patterns, cue_words, search_before, trie_pattern

_SPANISH = frozenset({"millones", "millón", "mil millones"})
_LEAST_BY_NOUN = 10_000
_LEAST_UNSCALED = 1_000_000  # sums from which on no scale follows in brackets
_LEAST_UNLABELLED = 10  # euros from which on no form, pallet or engine is named
_RE = Patterns(
    "extractors.mentions.amounts",
    "money",
    SCALES=trie_pattern(scale_surfaces("word")),
    UNDOTTED=trie_pattern(surface for surface in scale_surfaces("word") if surface[-1] != "."),
)


def money_of(context: Context, number: Number, floor: int) -> Draft | None:
    """Read a number as a sum of money; None where no currency belongs to it.

    Args:
        context: The text.
        number: The number.
        floor: The end of the previous draft; a currency before the number must begin after it.
    """
    lead = _leading(context, number, floor)
    if number.notation == "unread":
        glued = _RE.glued_letters.match(context.text, number.end)
        number = replace(number, end=glued.end()) if glued else number
        return _draft(context, number, lead, _trailing(context, number, lead))
    if lead is None and number.scale is None:  # "Rs Mn. 57,248", "US$ million 25"
        scale = _RE.lead_scale.search(context.low, max(floor, number.start - 12), number.start)
        if scale and (lead := context.before(scale.start(), floor)):
            number = _scaled_by(number, scale[1])
    if lead and number.scale is None and number.value < _LEAST_UNSCALED:  # "USD 5.2 (millions)"
        scale = _RE.scale_in_brackets.match(context.low, number.end)
        number = replace(_scaled_by(number, scale[1]), end=scale.end()) if scale else number
    scaled = number.scaled
    trail = _trailing(context, scaled, lead)
    if trail is None and lead is None and number.letter:
        scaled, trail = number, _trailing(context, number, lead)
    if lead is None and trail is None:
        return _labelled(context, number, floor) or _money_by_noun(context, number.scaled)
    if trail is None and (end := _unread_end(context, number, lead)):
        scaled = Number(number.start, end, 0.0, number.surface, "unread")
    if lead is None and trail:
        lead = _narrowing_letter(context, number, floor, trail)
    if lead is None and trail and (scale_word := _scale_after(context.low, scaled, trail)):
        scaled, trail = _scaled_by(scaled, scale_word[1]), trail._replace(end=scale_word.end())
    return _draft(context, scaled.dot_grouped, lead, trail, goes_on=bool(_RE.goes_on.match(context.text, scaled.end)))


def _is_big(number: Number) -> bool:
    """Return whether a number is so large, or written in such a way, that a short mark beside it is a currency."""
    grouped = number.notation not in ("plain", "part", "words", "comma")
    priced = bool(_RE.two_decimals.search(number.surface))
    return bool(number.scale or number.letter) or grouped or priced or (number.value >= 1000 and not number.is_yearlike)


def _is_doubtful(low: str, found: CurrencyMatch, *, trailing: bool) -> bool:
    mark = found.surface
    if found.kind == "mark":
        short = mark.isalpha() and len(mark) <= 2 and mark.isascii() and mark not in cue_words("clear_mark")
        return (mark in WORD_MARKS and mark not in LABELS) or short
    if trailing:
        return bool(_RE.other_senses.match(low, found.start))
    return not (mark[0].isupper() or found.start == 0) or low[found.start : found.end] in cue_words("other_sense")


def _is_label(context: Context, found: CurrencyMatch, number: Number) -> bool:
    """Return whether mark and number are the name of a thing: "SDG 4", "an EUR 1 certificate", "Euro 5 engines"."""
    if number.scale or number.letter:
        return False
    if found.money.codes == ("EUR",):
        return number.value < _LEAST_UNLABELLED and _RE.euro_label.match(context.low, number.end) is not None
    never, unless_named = LABELS.get(found.surface, (-1, -1))
    placed = any(context.places[code] for code in found.money.codes) if number.value <= unless_named else True
    return number.value <= never or (number.notation == "plain" and not placed)


def _is_code(context: Context, found: CurrencyMatch, number: Number) -> bool:
    """Return whether letter, digits and scale letter are a word: "B2B"; "R50M" is none in a text about South Africa."""
    if found.end < number.start or not number.letter or number.letter_end > number.end + 1 or number.letter.islower():
        return False
    return len(number.surface) == 1 or not any(context.places[code] for code in found.money.codes)


def _is_its_currency(context: Context, found: CurrencyMatch, number: Number, *, trailing: bool) -> bool:
    if _is_label(context, found, number):
        return False
    if found.kind == "weak":
        is_sum = _is_big(number) and not _is_code(context, found, number)
        return is_sum and bool(context.choose(found.money, found.start)[0])
    if number.is_yearlike and found.kind == "name" and not trailing:
        return False
    if not _is_doubtful(context.low, found, trailing=trailing):
        return True
    short = found.kind == "mark" and len(found.surface) <= 2
    placed = not short or any(context.places[code] for code in found.money.codes)
    grouped = trailing or number.notation in ("us", "indian", "blank")
    clear = found.surface in cue_words("clear_if_big") and grouped
    return _is_big(number) and (placed or clear or (not trailing and bool(number.scale or number.letter)))


def _leading(context: Context, number: Number, floor: int) -> CurrencyMatch | None:
    found = context.before(number.start, floor)
    if found is None or not _is_its_currency(context, found, number, trailing=False):
        return None
    cited = found.surface.endswith("/") and _RE.cited.match(context.text, number.end)  # "UN Doc. S/2015/546"
    return None if cited else found


def _trailing(context: Context, number: Number, lead: CurrencyMatch | None) -> CurrencyMatch | None:
    found = context.after(number.end)
    if (
        not found
        or _is_of_next(context.text, number, found, lead)
        or not _is_its_currency(context, found, number, trailing=True)
    ):
        return None
    if found.kind == "mark" and _RE.space_digit.match(context.text, found.end):
        prefix_habit = not found.surface[-1].isalnum()
        if prefix_habit or number.is_yearlike:
            return None
    if number.is_yearlike and search_before(_RE.constant, context.low, number.start, 12):
        return None
    return None if _RE.weight.match(context.low, found.start) and not number.scale else found


def _is_of_next(text: str, number: Number, found: CurrencyMatch, lead: CurrencyMatch | None) -> bool:
    """Return whether a mark after a number belongs to the next one: "US$5-US$7 million", "EUR 1,000 EUR 2,000".

    It does so where it is attached to a digit, and before any number if this one has a currency before it, is like a
    year, or has a word in between: "one of EUR 5 million".
    """
    if found.surface not in MARKS and found.surface.upper() not in MARKS:
        return False
    apart = lead or number.is_yearlike or text[number.end : found.start].strip(" -(")
    return bool((_RE.next_number if apart else _RE.next_digit).match(text, found.end))


def _scale_after(low: str, number: Number, trail: CurrencyMatch) -> re.Match[str] | None:
    """Find a scale word after the currency: "800 USD million", "1.2 EUR bn"."""
    if trail.kind != "mark" or number.scale or number.is_yearlike:
        return None
    return _RE.scale_behind.match(low, trail.end)


def _scaled_by(number: Number, scale: str) -> Number:
    value = tidy(number.value * SCALES[scale])
    return replace(number, value=value, scale=scale.rstrip("."), letter=None, letter_end=0)


def _unread_end(context: Context, number: Number, lead: CurrencyMatch | None) -> int | None:
    """Return the end of an unknown scale after a number, "Rp 1,5 zilliun" or "$5xq"; None without one."""
    if lead is None or lead.kind != "mark" or number.scale or number.letter:
        return None
    found = _RE.like_scale.match(context.low, number.end)
    if found is not None and found["word"] in SCALES:
        return None
    found = found or _RE.glued_letters.match(context.text, number.end)
    return found.end() if found else None


def _narrowing_letter(context: Context, number: Number, floor: int, trail: CurrencyMatch) -> CurrencyMatch | None:
    """Return the letter before a number that makes the name after it unambiguous: "P50 million pesos"."""
    lead = context.before(number.start, floor)
    codes = tuple(code for code in trail.money.codes if lead is not None and code in lead.money.codes)
    if lead is None or lead.kind != "weak" or len(codes) != 1 or len(trail.money.codes) == 1:
        return None
    return lead._replace(money=lead.money._replace(codes=codes, rule=""))


def _labelled(context: Context, number: Number, floor: int) -> Draft | None:
    """Read a number whose label names the currency; the span covers the number only."""
    number = number.scaled.undotted
    label = None if number.is_yearlike else context.label_before(number.start, number.end, floor)
    if label is None or _is_label(context, label[0], number):
        return None
    found, scale = label
    number = _scaled_by(number, scale) if scale and not number.scale else number.dot_grouped
    draft = Draft.of(number, number.end, "money", *context.choose(found.money, number.start))
    draft.lead = found
    return draft


def _draft(
    context: Context, number: Number, lead: CurrencyMatch | None, trail: CurrencyMatch | None, *, goes_on: bool = False
) -> Draft | None:
    if lead and trail and not set(lead.money.codes) & set(trail.money.codes):
        generic = lead.money.rule == "explicit" and trail.kind == "name" and len(trail.money.codes) == 1
        trail = trail if generic else None  # in "$15 million yuan" the dollar sign means money in general
    if lead and trail and trail.money.minor and lead.kind == "name":  # "a Jordanian dinar 250 fils"
        lead = None
    number = number if trail or goes_on else number.undotted
    start = lead.start if lead else number.start
    draft = Draft(number, start, trail.end if trail else number.end, "money", lead, trail)
    if draft.currency is None:
        return None
    money = draft.currency.money
    if money.rule == "explicit" and number.scale in _SPANISH:  # "$ 3.400 millones" of Chile are pesos
        money = money._replace(rule="places")
    draft.unit, draft.assumed = context.choose(money, draft.start)
    if number.notation == "unread":
        draft.scale = number.scale or money.scale or None
        return draft
    draft.value, draft.scale = number.value, number.scale
    if money.scale and number.scale is None:
        draft.value, draft.scale = tidy(number.value * SCALES[money.scale]), money.scale
    named = trail is not None and draft.unit != "PHP" and trail.surface.lower() in cue_words("mil_name")
    if number.scale == "mil" and (named or draft.unit in cue_words("mil_code")):  # Portuguese "mil" is a thousand
        draft.value = tidy(draft.value / 1000)
    return draft


def _money_by_noun(context: Context, number: Number) -> Draft | None:
    """Read a large number without a currency as money because of its noun: "a 30m loan", "a grant of 4.7 million".

    Its currency is the one that the text names most, else US dollars; ``assumed`` says which.
    """
    if number.scale is None or number.value < _LEAST_BY_NOUN:
        return None
    before = context.low[max(0, number.start - 40) : number.start]
    lent = _RE.one_sum.search(before) and _RE.lent.match(context.low, number.end)
    if not lent and not (_RE.lent_of.search(before) and _RE.lent_ends.match(context.low, number.end)):
        return None
    number = number.undotted
    return Draft.of(number, number.end, "money", *context.most_written())
