"""Which year of its sentence belongs to an act."""

import re
from collections.abc import Sequence

from extractors.mentions import YearMention

from .event import Event


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
        return min((abs(y.start - anchor), y.start, y) for y in inside)[2]
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


def _tells(year: YearMention, event: Event, anchor: int, text: str) -> bool:
    if year.kind == "goal":
        return year.start < anchor and event.start - 30 <= year.start
    perfect = re.search(r"\b(?:has|have|had)(?: \w+)?(?: been)? $", text[max(0, anchor - 24) : anchor])
    return not (year.kind == "since" and year.start > anchor and "," in text[anchor : year.start]) or (
        perfect is not None and not _ASIDE.search(text, anchor, year.start)
    )
