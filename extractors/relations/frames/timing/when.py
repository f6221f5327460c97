"""Which year of its sentence belongs to an act."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import YearMention
from extractors.relations.frames.sentence.event import Event


def year_for(
    event: Event, years: Sequence[YearMention], sentence: tuple[int, int], others: Sequence[Event], text: str
) -> YearMention | None:
    """Return the act's year: of those in its clause the nearest.

    Else one of the sentence that no other event claims, else the only one of the sentence.
    """
    anchor = event.at
    usable = [y for y in years if sentence[0] <= y.start and y.end <= sentence[1] and _tells(y, event, anchor, text)]
    passing = [y for y in usable if _in_passing(y, text)]
    if event.verb is None and passing and not any(y.start < passing[0].start for y in usable):
        return passing[0]
    year = _nearest(event, usable, anchor, others, text)
    year = year or _opening(usable, sentence[0], others, anchor, text)
    rest = [y for y in usable if y not in passing]
    if year is None and len(rest) == 1 < len(usable):
        return rest[0]
    year = year or _founded(usable, event, others, text)
    owning = event.triggers[0].shape == "own"  # what lasts has no year of another act
    if year is None and not owning and not _DEICTIC.search(text, *sentence):
        year = _only(usable, anchor, others, text)
    return year if year is None else _stretched(year, years, text)


def _nearest(
    event: Event, usable: Sequence[YearMention], anchor: int, others: Sequence[Event], text: str
) -> YearMention | None:
    inside = [y for y in usable if event.start - 2 <= y.start and y.end <= event.end + 2]
    inside = [y for y in inside if not _in_passing(y, text)] or inside
    if inside:
        return min((abs(y.start - anchor), y.start, y) for y in inside)[2]
    free = [y for y in usable if not any(o.start <= y.start and y.end <= o.end for o in others)]
    when = [y for y in usable if event.start - 14 <= y.end <= event.start and "when" in text[y.end : event.start]]
    if when:
        return when[-1]
    before = [y for y in free if y.end <= anchor and ";" not in text[y.end : anchor]]
    if before:
        return before[-1]
    return free[0] if not others and len(free) == 1 else None


def _in_passing(year: YearMention, text: str) -> bool:
    """Whether a year stands between commas with what a party or thing was: "the Alliance, founded in 2010, in 2015"."""
    return (
        text[year.end : year.end + 1] == "," and _PASSING.search(text, max(0, year.start - 40), year.start) is not None
    )


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


def _only(usable: Sequence[YearMention], anchor: int, others: Sequence[Event], text: str) -> YearMention | None:
    """The one year of the sentence, which all that it tells shares: "built in 2015 and paid for by a loan of A"."""
    usable = [y for y in usable if y.kind != "goal"]
    if len({(y.first, y.last) for y in usable}) != 1:
        return None
    year = usable[0]
    if year.end <= anchor:
        between = text[year.end : anchor]
        apart = _APART.search(between) or _HAD.search(between) or (";" in between and PERFECT.search(between))
        return None if apart else year
    told = any(anchor < other.at < year.start and _told_apart(other) for other in others)
    apart = _APART.search(text, anchor, year.start) or _AND.search(text, anchor, year.start)
    return None if told or apart else year


def _told_apart(event: Event) -> bool:
    """Whether an event has a subject of its own, not that of the clause before nor what it is said about."""
    clause = event.clause
    return clause is not None and bool(clause.subject) and not clause.inherits and not clause.antecedent


def _stretched(year: YearMention, years: Sequence[YearMention], text: str) -> YearMention:
    """A year and the next one together: "in 2014 and 2015"."""
    after = next((y for y in years if y.start >= year.end), None)
    if after is None or year.kind != "year" or after.kind != "year" or after.first != year.first + 1:
        return year
    joined = text[year.end : after.start] == " and " and not text[after.end :].lstrip().startswith("respectively")
    return replace(year, end=after.end, text=text[year.start : after.end], last=after.last) if joined else year


def _tells(year: YearMention, event: Event, anchor: int, text: str) -> bool:
    """Whether a year may be the act's: not a goal, an end, a later stage, or that of something told in passing."""
    before = text[max(0, year.start - 40) : year.start]
    if year.kind == "goal":
        return year.start < anchor and event.start - 30 <= year.start and _BY.search(before) is not None
    if is_end(text, year) and year.kind in {"date", "year", "relative"}:
        return False
    if year.start < anchor:
        return True
    if _BESIDE.search(text, anchor, year.start):
        return False
    if year.kind in {"date", "year"} and _COMING.search(text, anchor, year.start):
        return False
    if year.kind != "since" or "," not in text[anchor : year.start]:
        return True
    perfect = PERFECT.search(text[max(0, anchor - 24) : anchor])
    return perfect is not None and not _ASIDE.search(text, anchor, year.start)


def is_end(text: str, year: YearMention) -> bool:
    """Whether the words before a year make it the end or a later stage of what is told."""
    return _END.search(text, max(0, year.start - 40), year.start) is not None


_PASSING = re.compile(r", (?:which (?:was |were )?)?\w+(?:ed|un|en)(?: up)? (?:in|on|since)(?: early| late)? \Z")
PERFECT = re.compile(r"\b(?:has|have|had)(?: \w+)?(?: been)? $")
_ASIDE = re.compile(r"\b(?:which|who|that|where|whose|has|have|and (?:is|was|were|will|\w+ed))\b|;")
_BY = re.compile(r"\b(?:by|until|till|before|from|in)\s(?:the )?(?:end of |early |late |mid-)?$")
_END = re.compile(
    r"\b(?:until|till|through(?!out)|"
    r"(?:expected|due|scheduled|planned|ready|expires?|expiring|ends|ended|ending|closed|lapsed|"
    r"expired)(?: \w+){0,2}|"
    r"(?:will|to) (?:be|open|start|begin|end|enter|run|launch)(?: \w+){0,3} (?:in|by))"
    r"\s(?:in |by |for )?(?:the )?(?:end of |early |late |mid-)?$|\bfor (?:launch|completion|delivery) in $"
)
_COMING = re.compile(r"\b(?:will|would|shall|(?:is|are|was|were|due|expected|set|scheduled|planned) to)\b")
_BESIDE = re.compile(
    r"\b(?:of whom|in addition to|on top of|compared (?:with|to)|besides|up from|down from|instead of|"
    r"(?:first|second|third|fourth|fifth|sixth|largest|biggest|highest|most|latest)\b[^;]{0,60}\bsince)\b"
)
_APART = re.compile(r"\b(?:but|whereas|although|though|now|today)\b")
_HAD = re.compile(r"\bhad(?: \w+)? $")
_AND = re.compile(r";|\bexpected\b|, (?:and|while) |\band (?:in|since|on|by) $")
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
TODAY = (
    r"(?:has|have|also|(?:\w+ed|gave|lent|bought|sold|held)) today|"
    r"today (?:\w+ly |also )?(?:\w+ed|gave|lent|bought|sold|held|began)"
)
_DEICTIC = re.compile(
    rf"\b(?:{TODAY}|yesterday|(?:last|this) (?:week|month)|"
    rf"on {WEEKDAY}|at the weekend)\b"
)
_OPENING = re.compile(r"\W*(?:(?:Also|And|But|Later|Then|Back),? )?(?:In|On|By|During|Since)?(?: early| late| mid)?\W*")
_OCCASION = re.compile(r"\W*(?:At|During|On|In|Under|After|Following)\b")
_TURN = re.compile(r";|\b(?:but|since|while|whereas|when|after|before|now|today|\d{4})\b")
_MADE = re.compile(r", (?:set up|founded|established|created|opened|launched|formed)$")
