"""Counts with their noun, and shares: "50 joint laboratories", "2,500 young scientists", "12.5 per cent"."""

import re

from extractors.mentions.amounts.antecedents import unit_before
from extractors.mentions.amounts.cues import any_of
from extractors.mentions.amounts.drafts import Draft
from extractors.mentions.amounts.measures import measure_at, measure_of
from extractors.mentions.amounts.money import is_yearlike, thousands
from extractors.mentions.amounts.nouns import NOUN, WORD, head_of, unit_of
from extractors.mentions.amounts.number_words import SMALL
from extractors.mentions.amounts.numbers import Number
from extractors.mentions.amounts.tables import names

_PERCENT = re.compile(
    r"[\s\-]{0,2}(?:%|percent(?:age)?(?:[\s\-]points?)?|per[\s\-]cent|pct\b|pc\b(?!\w)|percentage)(?!\w)|[\s]?%"
)
_JOIN = r"(?: |, (?=[a-z]+(?:ing|al|ed) ))"
_OWNER = (
    r"(?:our|its|their|his|her|my|your|these|those|the(?: [a-z]+){0,2} [a-z]+'s?"
    r"|(?:the )?[A-Z][\w\-]*(?: [A-Z][\w\-]*)?'s?|the)"
)
_PHRASE = re.compile(
    rf"(?P<owned> of {_OWNER} )?(?(owned)|(?: or so | |-| ?[\"“]|\n(?=[a-z])|, (?=[a-z]+[ \-])))"
    rf"(?P<noun>(?:{NOUN}{_JOIN}){{0,5}}{NOUN})"
)
_RATIO = re.compile(r"\b(?:one|two|three|\d+) in \Z")
_NUMBERED = re.compile(rf"(?:\b{any_of('numbered')}\.?|#)[\s:#]{{0,2}}\Z")
_BEFORE_YEAR = re.compile(rf"(?:\b{any_of('before_year')}|[,(\-])\s\Z|\A\Z")
_GLUED = re.compile(r"[^\W_]|[#/$€£¥.:\-+*^=\\@&]")
_DEFINITE = re.compile(rf"\b{any_of('definite')}\s\Z")
_CAPACITY = re.compile(rf"\b{any_of('capacity')} of (?:[a-z]+ ){{0,2}}\Z")
_SPAN = re.compile(r"\d\s?-\Z")
_AGE = re.compile(r"-?\s?years?[\s\-]old")
_STAFF = re.compile(r"(?<=\bmembers) of (?:(?:its|the|their|our) )?(?:staff|faculty)\b")


def share_of(text: str, low: str, number: Number) -> Draft | None:
    """Read a percentage."""
    found = _PERCENT.match(low, number.end)
    if not found:
        return None
    return Draft(number, number.start, found.end(), "share", unit="percent", value=number.value, scale=number.scale)


def _is_number_of_things(text: str, low: str, number: Number) -> bool:
    before = text[number.start - 1 : number.start]
    if before and (_GLUED.match(before)) and not _SPAN.search(text, max(0, number.start - 3), number.start):
        return False
    if _NUMBERED.search(low, max(0, number.start - 16), number.start) or _AGE.match(low, number.end):
        return False
    if number.habit == "words" and number.value <= 20 and _DEFINITE.search(low, max(0, number.start - 8), number.start):
        return False
    if _CAPACITY.search(low, max(0, number.start - 36), number.start):
        return False
    if is_yearlike(number) and number.value % 10 and number.value < 2040:
        return False
    if is_yearlike(number) and _BEFORE_YEAR.search(low, max(0, number.start - 10), number.start):
        return False
    return number.value > 1 and number.habit != "part"


def count_of(text: str, low: str, number: Number) -> Draft | None:
    """Read a count of things: the number and the noun phrase that follows it.

    The unit is the phrase in the singular, lower case; people of any trade are counted as ``person``.
    """
    if not _is_number_of_things(text, low, number):
        return None
    measure = measure_at(text, number)
    return measure_of(text, low, number, measure) if measure else _behind(text, low, number)


def count_before(text: str, low: str, draft: Draft) -> None:
    """Make a count of a number that is nothing yet, whose noun was said before: "engineers, ten of them"."""
    number = draft.number
    plain = number.scale is None and number.letter is None and not is_yearlike(number)
    unit = unit_before(text, low, number) if plain and _is_number_of_things(text, low, number) else None
    if unit:
        draft.kind, draft.unit, draft.value = "count", unit, thousands(number).value


def _count(number: Number, end: int, unit: str) -> Draft:
    number = thousands(number)
    return Draft(number, number.start, end, "count", unit=unit, value=number.value, scale=number.scale)


def _behind(text: str, low: str, number: Number) -> Draft | None:
    """Read a number with its noun behind it, or behind "of our": "50 schools", "six of our fellows"."""
    phrase = _PHRASE.match(text, number.end)
    if not phrase or (phrase["owned"] and _RATIO.search(low, max(0, number.start - 10), number.start)):
        return None
    words = list(WORD.finditer(text, *phrase.span("noun")))
    head = head_of(words)
    if head is None or words[head][0].lower() in names() or words[0][0].lower() in SMALL:
        return None
    noun = words[head]
    if number.habit == "words" and text[number.start].isupper() and noun[0][0].isupper():
        return None  # "Five Islands", "Three Major Shifts": a name or a heading
    staff = _STAFF.match(text, noun.end())
    end = (
        staff.end()
        if staff
        else noun.end() + (text[phrase.start("noun") - 1] in '"“' and text[noun.end() :][:1] in '"”')
    )
    return _count(number, end, "person" if staff else unit_of(words[: head + 1]))
