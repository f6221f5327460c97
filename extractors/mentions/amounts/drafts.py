"""Drafts of amounts, and how neighbours are joined or share a unit: ranges, lists, cents, conversions."""

import math
import re
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.mentions.amounts.currencies import CurrencyMatch
from extractors.mentions.amounts.numbers import Number, tidy
from extractors.mentions.amounts.tables import COINS_PER_UNIT, NAMES, SCALES, Money, rows
from extractors.mentions.patterns import Patterns, search_before
from schemas import AmountKind

_LONGEST_LIST = 12
_NEIGHBOURS = 2  # most numbers between "25c" and the sum that names its currency, to either side
_MEASURES = frozenset(row["unit"] for row in rows("measures.csv"))
_COIN_NAMES = {"c": "cents", "p": "pence"}
_RE = Patterns("extractors.mentions.amounts", "drafts")


@dataclass(slots=True)
class Draft:
    """A number with its kind and unit so far; drafts are joined and edited until mentions are made from them.

    ``kind`` is None for a number that has no unit of its own but may take its neighbour's ("10 to 20 yuan"). ``lead``
    and ``trail`` are the currencies before and after the number.
    """

    number: Number
    start: int
    end: int
    kind: AmountKind | None = None
    lead: CurrencyMatch | None = None
    trail: CurrencyMatch | None = None
    unit: str = ""
    assumed: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    scale: str | None = None
    stated: list["Draft"] = field(default_factory=list)
    merged: bool = False  # joined into another draft

    @classmethod
    def of(cls, number: Number, end: int, kind: AmountKind, unit: str, assumed: str | None = None) -> "Draft":
        """Make the draft of a number whose unit is known; number and unit end at ``end``."""
        return cls(number, number.start, end, kind, unit=unit, assumed=assumed, value=number.value, scale=number.scale)

    @property
    def currency(self) -> CurrencyMatch | None:
        """The currency as written; of two the less ambiguous: AUD in "$5 million AUD"."""
        if self.lead and self.trail and len(self.trail.money.codes) < len(self.lead.money.codes):
            return self.trail
        return self.lead or self.trail

    @property
    def minor(self) -> str:
        """The minor unit of a sum in minor units alone: "cent", but "" for "three dollars and 25 cents"."""
        alone = self.trail is not None and self.lead is None and self.end == self.trail.end
        return self.trail.money.minor if self.trail and alone else ""

    @property
    def is_range(self) -> bool:
        """Whether two numbers have been joined into a range."""
        return self.low is not None

    def take_unit(self, neighbour: "Draft") -> None:
        """Take kind, unit and currency of a neighbour; without a value, take the number with its scale letter."""
        self.kind, self.unit, self.assumed = neighbour.kind, neighbour.unit, neighbour.assumed
        self.lead, self.trail = self.lead or neighbour.lead, self.trail or neighbour.trail
        if self.value is None:
            self.value, self.scale = self.number.scaled.value, self.number.scaled.scale

    def take_scale(self, later: "Draft") -> None:
        """Take the scale of a later amount where this one has none: "$30-35 million"."""
        bare = self.scale is None and self.number.notation in ("plain", "comma", "words") and (self.value or 0) < 1000
        if bare and later.scale and self.value is not None:
            self.value, self.scale = tidy(self.value * _factor(later.scale)), later.scale

    def apply_scale_letter(self) -> None:
        """Include the scale letter of a number that has taken its unit from a neighbour."""
        if self.number.letter:
            self.end = max(self.end, self.number.letter_end)
            if self.scale is None:
                self.value, self.scale = self.number.scaled.value, self.number.scaled.scale


def _factor(scale: str) -> float:
    return math.prod(SCALES.get(word, 1.0) for word in re.split(r"[\s\-]+", scale.lower()))


def _between(low: str, first: Draft, second: Draft) -> str:
    return low[first.end : second.start]


def join_minor_units(low: str, drafts: list[Draft]) -> list[Draft]:
    """Join "three dollars and 25 cents", "10 yuan 5 jiao 3 fen", "three pounds fifty" into one sum."""
    kept: list[Draft] = []
    for draft in drafts:
        rest = _minor_part(low, kept[-1], draft) if kept and kept[-1].kind == "money" else None
        if rest is None:
            kept.append(draft)
        else:
            whole = kept[-1].value or 0
            kept[-1].value, kept[-1].end = tidy(whole - rest if whole < 0 else whole + rest), draft.end
    return kept


def join_repeats(low: str, drafts: list[Draft]) -> list[Draft]:
    """Join a sum with the same repeated in brackets: "US$5,000,000 (five million US dollars)"."""
    for first, again in pairwise(drafts):
        same = first.kind == "money" and (again.kind, again.unit, again.value) == ("money", first.unit, first.value)
        if same and _RE.again.fullmatch(_between(low, first, again)) and (closed := _RE.closed.match(low, again.end)):
            first.end, again.merged = closed.end(), True
    return [draft for draft in drafts if not draft.merged]


def _minor_part(low: str, whole: Draft, rest: Draft) -> float | None:
    """Return what a number adds to the sum before it, in units of that sum; None where it is no part of it."""
    if whole.trail is not None and whole.trail.money.minor:
        return None
    gap, minor = _between(low, whole, rest), rest.trail.money if rest.trail and not rest.lead else None
    if minor and minor.minor and (code := _unit_with_minor(minor, whole)) and _RE.cents.fullmatch(gap):
        whole.unit, whole.assumed = code, whole.assumed if code == whole.unit else f"{code} by its {minor.minor}"
        return minor.in_units(rest.value or 0, code)
    plain = whole.trail is not None and whole.trail.kind == "name" and whole.scale is None and (whole.value or 0) < 1000
    if rest.kind is not None or not plain or rest.number.scale or not _RE.spoken_end.match(low, rest.end):
        return None
    if gap == " and " and rest.number.value == 0.5:  # "five dollars and a half"
        return 0.5
    return _unnamed_coins(whole, rest.number) if gap == " " else None


def _unnamed_coins(whole: Draft, number: Number) -> float | None:
    """Return what unnamed coins add ("three pounds fifty"), nan if their value is unclear, None if none are meant."""
    spoken = number.notation == "words" or len(number.surface) in (2, 3)
    guessed = (whole.assumed or "").endswith("by default")
    codes = whole.currency.money.codes if whole.currency and guessed else (whole.unit,)
    known = {COINS_PER_UNIT.get(code, 100) for code in codes}
    if spoken and known == {1000} and 100 <= number.value < 1000:
        return number.value / 1000
    if not spoken or not 10 <= number.value < 100:
        return None
    return float("nan") if 1000 in known else number.value / 100


def _unit_with_minor(minor: Money, whole: Draft) -> str | None:
    """Return the code of a sum given its minor unit: "dinars" with fils are those of 1000 fils; None if none fits."""
    possible = whole.currency.money.codes if whole.currency else ()
    return whole.unit if whole.unit in minor.codes else next((code for code in minor.codes if code in possible), None)


def read_coins(text: str, low: str, drafts: list[Draft]) -> None:
    """Read "25c" and "20p" beside a small sum in dollars or pounds: "bread costs $2.10 and eggs 25c"."""
    for place, draft in enumerate(drafts):
        if draft.kind or draft.number.notation != "plain" or not 0 < draft.number.value < 100:
            continue
        coin = _RE.coin.match(text, draft.number.end)
        if coin is None or search_before(_RE.label, low, draft.start, 16):
            continue
        money = NAMES[_COIN_NAMES[coin[1]]]
        for other in drafts[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]:
            between = text[min(draft.end, other.end) : max(draft.start, other.start)]
            small = other.currency is not None and other.scale is None and (other.value or 1000) < 1000
            if small and other.unit in money.codes and len(between) < 90 and not _RE.sentence_end.search(between):
                draft.kind, draft.unit, draft.value = "money", other.unit, draft.number.value
                draft.trail, draft.end = CurrencyMatch(money, coin.start(1), coin.end(1), coin[1], "mark"), coin.end()
                draft.assumed = f"{other.unit} of the sum beside it"
                break


def join_ranges(low: str, drafts: list[Draft]) -> list[Draft]:
    """Join "10 to 20 million euros", "$30-35m", "between 5 and 8 percent" into one draft each."""
    for first, second in pairwise(drafts):
        if not first.merged and _is_range(low, first, second) and _units_agree(first, second):
            _join_range(first, second, signed=first.kind == "money" and "-" in _between(low, first, second))
    return [draft for draft in drafts if not draft.merged]


def _is_range(low: str, first: Draft, second: Draft) -> bool:
    gap = _between(low, first, second)
    if _RE.to.fullmatch(gap):
        return not ("to" in gap and search_before(_RE.change, low, first.start, 60))
    if gap == " or ":  # "two or three ships"
        last = second.number.value / _factor(second.number.scale or "")
        return first.kind is None and last - first.number.value in (1, 2) and last <= 20
    return bool(_RE.linked.fullmatch(gap) and search_before(_RE.between, low, first.start, 24))


def _units_agree(first: Draft, second: Draft) -> bool:
    """Return whether two drafts have the same unit, or one of them can take the other's."""
    if first.is_range:
        return False
    if first.kind is None:
        year = first.number.is_yearlike and not (second.number.is_yearlike and _is_measured(second))
        return not (second.kind is None or second.lead or year or first.number.letter is not None)
    if second.kind is None:
        return first.kind == "money" and first.lead is not None and first.trail is None
    return (first.kind, first.unit, first.minor) == (second.kind, second.unit, second.minor)


def _is_measured(draft: Draft) -> bool:
    """Return whether a draft is money or in a unit of measure, so that "1900-2000 kg" holds no years."""
    return draft.kind == "money" or draft.unit in _MEASURES


def _join_range(first: Draft, second: Draft, *, signed: bool) -> None:
    """Join two drafts; with ``signed`` the minus of the first applies to the second too: "-$3-5m"."""
    if first.kind is None:
        first.take_unit(second)
    if second.kind is None:
        second.take_unit(first)
        second.apply_scale_letter()
    unscaled = first.value, first.scale
    first.take_scale(second)
    if abs(first.value or 0) >= abs(second.value or 0):
        first.value, first.scale = unscaled
    if first.value is None or second.value is None:
        return
    last = -second.value if signed and first.value < 0 < second.value else second.value
    if first.value == last or 0 <= first.value > last:
        return
    first.low, first.high = sorted((first.value, last))
    first.value, first.end = tidy((first.low + first.high) / 2), second.end
    first.scale, first.trail, second.merged = second.scale, second.trail, True


def share_scales(low: str, drafts: list[Draft]) -> None:
    """Give the scale and unit of the last sum of a list to those before it: "$5, $7 and $9 million"."""
    for place in range(len(drafts) - 1, 0, -1):
        last = drafts[place]
        if not _RE.list_last.fullmatch(_between(low, drafts[place - 1], last)):
            continue
        if last.kind == "money":
            _share_back(low, drafts, place)
        elif last.kind is None and last.number.scale:
            _share_first(low, drafts, place)


def _share_back(low: str, drafts: list[Draft], place: int) -> None:
    last = following = drafts[place]
    for earlier in reversed(drafts[max(0, place - _LONGEST_LIST) : place]):
        gap = _between(low, earlier, following)
        if not (_RE.list_comma.fullmatch(gap) or _RE.list_last.fullmatch(gap)) or earlier.is_range:
            return
        if earlier.kind is None and not last.lead and not earlier.number.is_yearlike and not earlier.number.letter:
            earlier.take_unit(last)
        elif not (earlier.kind == "money" and earlier.unit == last.unit and earlier.lead and last.lead):
            return
        earlier.take_scale(last)
        following = earlier


def _share_first(low: str, drafts: list[Draft], place: int) -> None:
    """Give the currency of the first sum of a list of three or more to the rest: "$50, 60 and 70 million"."""
    last, first = drafts[place], place - 1
    while first > 0 and _is_bare_item(drafts[first]) and _follows_comma(low, drafts, first):
        first -= 1
    head = drafts[first]
    if place - first < 2 or head.kind != "money" or not head.lead or head.trail or head.scale or head.is_range:
        return
    for draft in drafts[first + 1 : place + 1]:
        draft.take_unit(head)
    for draft in drafts[first:place]:
        draft.take_scale(last)


def _is_bare_item(draft: Draft) -> bool:
    number = draft.number
    return draft.kind is None and not (number.scale or number.letter or number.is_yearlike)


def _follows_comma(low: str, drafts: list[Draft], place: int) -> bool:
    return _RE.list_comma.fullmatch(_between(low, drafts[place - 1], drafts[place])) is not None


def share_currency(low: str, drafts: list[Draft]) -> None:
    """Give the currency of a sum to its parts: "9.5 billion francs, 7.5 billion of which", "of which 2 million"."""
    whole: Draft | None = None
    for draft in drafts:
        if draft.kind == "money":
            whole = draft
        elif whole and draft.kind is None and draft.number.scaled.scale and _is_part(low, whole, draft):
            draft.take_unit(whole)
            draft.apply_scale_letter()
            draft.assumed = f"{whole.unit} of the sum before"


def _is_part(low: str, whole: Draft, part: Draft) -> bool:
    gap = _between(low, whole, part)
    if len(gap) > 90 or _RE.sentence_end.search(gap):
        return False
    return bool(_RE.of_which_after.match(low, part.number.scaled.end) or _RE.of_which_before.search(gap))


def nest_conversions(low: str, drafts: list[Draft]) -> list[Draft]:
    """Move conversions into ``stated`` of the sum they convert: "200 million renminbi (US$29 million), or €26m"."""
    head: Draft | None = None
    for draft in drafts:
        if draft.kind != "money" or draft.value is None:
            continue
        if head and _converts(low, head, draft):
            head.stated.append(draft)
            draft.merged = True
        else:
            head = draft
    return [draft for draft in drafts if not draft.merged]


def _converts(low: str, head: Draft, draft: Draft) -> bool:
    previous = head.stated[-1] if head.stated else head
    gap = _between(low, previous, draft)
    if draft.assumed == f"{head.unit} elsewhere in the text" and _RE.bracket.fullmatch(gap):
        draft.unit, draft.assumed = "USD", "USD, as a conversion"
    if draft.unit in {head.unit, *(one.unit for one in head.stated)} or len(gap) > 60:
        return False
    return bool((_RE.inside if head.stated else _RE.bracket).fullmatch(gap) or _RE.or_else.fullmatch(gap))
