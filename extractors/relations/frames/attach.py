"""Which sum, count and year belong to an act."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import AmountMention, Mention, YearMention
from schemas import Kind

from .event import Event
from .wording import words_of

_PER_YEAR = re.compile(
    r"(?:\s*\([^)]{2,30}\))?(?:,? or [^,;.]{3,25},?)?\s*(?:annually|a year|per year|each year|"
    r"every year|yearly|per annum)\b"
)
_WHEN = re.compile(r"\b(?:a|one) year (?:earlier|later|ago|before|after|on)\b")


def amount_for(
    event: Event,
    kind: Kind,
    amounts: Sequence[AmountMention],
    taken: set[int],
    text: str,
    *,
    gives_nothing: bool = False,
) -> AmountMention | None:
    """Return the act's amount: money in its bounds, nearest first, else a count that its kind gives, else a share."""
    start = _reach(event, text)
    inside = [
        a for a in amounts if start <= a.start and a.end <= event.end and a.value is not None and id(a) not in taken
    ]
    inside = [
        a for a in inside if not _foreign(a, text) and not (gives_nothing and text[a.end : a.end + 6] == " from ")
    ]
    anchor = event.verb.start if event.verb is not None else event.start
    money = sorted((a for a in inside if a.kind == "money"), key=_Distance(anchor))
    money.sort(key=_Before(anchor))
    if money:
        return _yearly(money[0], text)
    counts = [a for a in inside if a.kind == "count" and _counts(a, kind, event, text)]
    if counts:
        return counts[0]
    shares = [a for a in inside if a.kind == "share" and kind in words_of("share_kind")]
    return shares[0] if shares else None


def _reach(event: Event, text: str) -> int:
    """Where the act's amounts may begin: before a relative clause or participle that tells about the counted things."""
    before = text[max(0, event.start - 60) : event.start]
    match = re.search(
        r"\d[\d,.]*(?:%| percent| per cent)? of $|\d[\d,.]* of which $|(?:the |some )?\d[\d,]*(?: "
        r"[\w-]+){1,4},? (?:that |which )?$",
        before,
    )
    return event.start - len(before) + match.start() if match else event.start


def _yearly(amount: AmountMention, text: str) -> AmountMention:
    if amount.per == "year" and _WHEN.search(text, max(amount.start, amount.end - 8), amount.end + 16):
        return replace(amount, per=None)
    if amount.per is None and _PER_YEAR.match(text, amount.end):
        return replace(amount, per="year")
    return amount


def _foreign(amount: AmountMention, text: str) -> bool:
    """Whether words beside the sum make it a price, a total or something else than what is given."""
    before = text[max(0, amount.start - 40) : amount.start].lower()
    after = text[amount.end : amount.end + 30].lower()
    return bool(
        re.search(
            r"(?:gdp|population|exports? (?:of|worth)|revenue|turnover|trade (?:of|worth|reached)|out "
            r"of|of the|than the|grew|rose|fell) $",
            before,
        )
        or re.match(r" (?:of (?:the |its )?(?:gdp|population|output|households)|a tonne|per cent of gdp)", after)
    )


def _counts(amount: AmountMention, kind: Kind, event: Event, text: str) -> bool:
    if _uncounted(amount.unit) or kind not in words_of("thing_kind"):
        return False
    if amount.unit == "person":
        return kind in words_of("people_kind")
    if kind == "agreement":
        return bool(re.search(r"agreement|accord|contract|project|memorand", amount.unit))
    anchor = event.verb.start if event.verb is not None else event.start
    return amount.start >= anchor or event.passive or event.verb is None


def _uncounted(unit: str) -> bool:
    """Whether a unit is of measure or of those who take part: its last words, or one of two words, say so."""
    words = unit.split(" ")
    return any(" ".join(words[-n:]) in words_of("never_counted") for n in (1, 2))


def year_for(
    event: Event, years: Sequence[YearMention], sentence: tuple[int, int], others: Sequence[Event], text: str
) -> YearMention | None:
    """Return the act's year: of those in its clause the nearest.

    Else one of the sentence that no other event claims.
    """
    anchor = event.verb.start if event.verb is not None else event.start
    usable = [y for y in years if sentence[0] <= y.start and y.end <= sentence[1] and _tells(y, event, anchor, text)]
    inside = [y for y in usable if event.start - 2 <= y.start and y.end <= event.end + 2]
    if inside:
        return min(inside, key=_Distance(anchor))
    free = [y for y in usable if not any(o.start <= y.start and y.end <= o.end for o in others)]
    when = [y for y in usable if event.start - 14 <= y.end <= event.start and "when" in text[y.end : event.start]]
    if when:
        return when[-1]
    before = [y for y in free if y.end <= anchor]
    if before:
        return before[-1]
    if not others and len(free) == 1:
        return free[0]
    return _opening(usable, sentence[0], others, anchor, text) or _founded(usable, event, others, text)


def _opening(
    usable: Sequence[YearMention], start: int, others: Sequence[Event], anchor: int, text: str
) -> YearMention | None:
    """The year that opens the sentence and holds for what it says: "In March 2022 A announced that it would"."""
    first = next((y for y in usable if y.kind in {"date", "year"} and y.end <= anchor), None)
    if first is None:
        return None
    told = any(o.verb is not None and o.verb.start < first.start for o in others)
    occasion = not told and _OCCASION.match(text, start) and text[first.end : first.end + 1] == ","
    if not occasion and not _OPENING.fullmatch(text[start : first.start]):
        return None
    return None if _TURN.search(text, first.end, anchor) else first


def _founded(usable: Sequence[YearMention], event: Event, others: Sequence[Event], text: str) -> YearMention | None:
    """The year in which what somebody runs was founded, said in passing: "runs a plant with B, set up in 2006"."""
    for other in others:
        if (
            other.verb is None
            or other.start < event.start
            or not _MADE.search(text[other.verb.start - 3 : other.verb.end])
        ):
            continue
        found = [y for y in usable if other.verb.end <= y.start <= other.verb.end + 20]
        if found:
            return found[0]
    return None


_ASIDE = re.compile(r"\b(?:which|who|that|where|whose|and|has|have)\b")
_OPENING = re.compile(r"\W*(?:(?:Also|And|But|Later|Then|Back),? )?(?:In|On|By|During|Since)?(?: early| late| mid)?\W*")
_OCCASION = re.compile(r"\W*(?:At|During|On|In|Under|After|Following)\b")
_TURN = re.compile(r";|\b(?:but|since|while|whereas|when|after|before|now|today|\d{4})\b")
_MADE = re.compile(r", (?:set up|founded|established|created|opened|launched|formed)$")


class _Before:
    def __init__(self, anchor: int) -> None:
        self.anchor = anchor

    def __call__(self, mention: Mention) -> bool:
        return mention.start < self.anchor


class _Distance:
    def __init__(self, anchor: int) -> None:
        self.anchor = anchor

    def __call__(self, mention: Mention) -> int:
        return abs(mention.start - self.anchor)


def _tells(year: YearMention, event: Event, anchor: int, text: str) -> bool:
    if year.kind == "goal":
        return year.start < anchor and event.start - 30 <= year.start
    perfect = re.search(r"\b(?:has|have|had)(?: \w+)?(?: been)? $", text[max(0, anchor - 24) : anchor])
    return not (year.kind == "since" and year.start > anchor and "," in text[anchor : year.start]) or (
        perfect is not None and not _ASIDE.search(text, anchor, year.start)
    )
