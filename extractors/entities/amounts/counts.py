"""Counts with their noun, and shares: "50 joint laboratories", "2,500 young scientists", "12.5 per cent"."""

import re
from functools import cache

from extractors.entities.amounts.cues import any_of
from extractors.entities.amounts.drafts import Draft
from extractors.entities.amounts.money import is_yearlike, thousands
from extractors.entities.amounts.numbers import Number
from extractors.entities.amounts.tables import names, places, rows

_PERCENT = re.compile(
    r"[\s\-]{0,2}(?:%|percent(?:age)?(?:[\s\-]points?)?|per[\s\-]cent|pct\b|pc\b(?!\w)|percentage)(?!\w)|[\s]?%"
)
_MODEL = (
    r"(?:[A-Za-z]+-?)?\d{2,4}[A-Za-z]?s(?![\w-])|[A-Za-z]+-?\d[A-Za-z\d\-]*"  # "TB2s", "C-130Js", "737s", "A330-300"
)
_NOUN = rf"(?:{_MODEL}|[A-Za-z][A-Za-z&'\-]{{0,30}})"
_JOIN = r"(?: |, (?=[a-z]+(?:ing|al|ed) ))"
_PHRASE = re.compile(rf"(?: |-|\n(?=[a-z])|, (?=[a-z]+[ \-]))((?:{_NOUN}{_JOIN}){{0,5}}{_NOUN})")
_WORD = re.compile(rf"(?<![\w-])(?:{_MODEL})|[A-Za-z&][A-Za-z&'\-]*")
_DESIGNATION = re.compile(r".*\d[A-Za-z]?s\Z")
_NUMBERED = re.compile(rf"(?:\b{any_of('numbered')}\.?|#)[\s:#]{{0,2}}\Z")
_BEFORE_YEAR = re.compile(rf"(?:\b{any_of('before_year')}|[,(\-])\s\Z|\A\Z")
_GLUED = re.compile(r"[^\W_]|[#/$€£¥.:\-+*^=\\@&]")
_DEFINITE = re.compile(rf"\b{any_of('definite')}\s\Z")
_CAPACITY = re.compile(rf"\b{any_of('capacity')} of (?:[a-z]+ ){{0,2}}\Z")
_SPAN = re.compile(r"\d\s?-\Z")
_AGE = re.compile(r"-?\s?years?[\s\-]old")


_STAFF = re.compile(r"(?<=\bmembers) of (?:(?:its|the|their|our) )?(?:staff|faculty)\b")
_FAR = 140  # characters between a noun and its number
_NUMBER_OF = re.compile(rf"\bnumber of (?P<noun>{_NOUN}(?: {_NOUN}){{0,4}})[^.;:]*?\bto \Z")
_LISTED = re.compile(
    rf"(?:\A|[.;:]\s|\b(?:our|its|their|the|some|of|by|and)\s)(?!(?:our|its|their|the|some)\s)"
    rf"(?P<noun>(?:{_NOUN} ){{0,2}}{_NOUN}), \Z"
)
_OF_THEM = re.compile(r" (?:of (?:them|whom|these)|in all|altogether)\b(?! [a-z]+ed\b)")


@cache
def _roles() -> dict[str, str]:
    return {row["word"]: row["role"] for row in rows("nouns.csv")}


@cache
def _persons() -> dict[str, str]:
    trades = {form: "person" for row in rows("persons.csv") for form in (row["plural"], row["singular"])}
    peoples = {
        f"{word.lower()}s": "person" for words in places().values() for word in words if word.endswith(("n", "i"))
    }
    return peoples | trades


_IRREGULAR = {"men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot", "mice": "mouse",
              "teeth": "tooth", "criteria": "criterion", "phenomena": "phenomenon", "buses": "bus", "viruses": "virus",
              "headquarters": "headquarters", "series": "series", "premises": "premises", "lives": "life",
              "knives": "knife", "leaves": "leaf", "halves": "half", "wives": "wife", "shelves": "shelf",
              "analyses": "analysis", "theses": "thesis", "bases": "base", "movies": "movie", "ties": "tie",
              "dies": "die", "pies": "pie", "gases": "gas", "buffaloes": "buffalo", "campuses": "campus",
              "statuses": "status", "bonuses": "bonus", "censuses": "census", "consortia": "consortium",
              "symposia": "symposium", "curricula": "curriculum"}  # fmt: skip


def singular(noun: str) -> str:
    """Give the singular of an English plural noun in lower case."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "shes", "ches", "xes", "zes", "oes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def _is_plural(word: str) -> bool:
    word = word.rpartition("-")[2]
    if _DESIGNATION.match(word):
        return True
    role = _roles().get(word)
    if role in ("plural", "noun", "set", "measure") or word in _IRREGULAR or word in _persons():
        return True
    return role is None and len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ous"))


def _head(words: list[re.Match[str]]) -> int | None:
    """Find the plural noun that ends the phrase after a number, past further plurals that stand directly behind."""
    for place, word in enumerate(words):
        low = word[0].lower()
        role = _roles().get(low)
        if role in ("stop", "measure", "set") or word[0].endswith("'s"):
            return None
        if _is_plural(low) and not _is_name(words, place):
            return place
    return None


def _is_name(words: list[re.Match[str]], place: int) -> bool:
    """Whether a word in capitals that ends in S stands before another plural: "six CBERS satellites"."""
    return words[place][0].isupper() and any(_is_plural(word[0].lower()) for word in words[place + 1 :])


def share_of(text: str, low: str, number: Number) -> Draft | None:
    """Read a percentage."""
    found = _PERCENT.match(low, number.end)
    if not found:
        return None
    draft = Draft(number, number.start, found.end(), "share", unit="percent", value=number.value, scale=number.scale)
    return draft


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
    return _behind(text, number) or _before(text, low, number)


def _before(text: str, low: str, number: Number) -> Draft | None:
    """Read a number whose noun was said before: "the number of grants from 10 to 15", "engineers, ten of them"."""
    told = _NUMBER_OF.search(low, max(0, number.start - _FAR), number.start)
    if told is None and _OF_THEM.match(low, number.end):
        told = _LISTED.search(low, max(0, number.start - _FAR), number.start)
    if told is None:
        return None
    words = list(_WORD.finditer(text, told.start("noun"), told.end("noun")))
    head = _head(words)
    if head is None or words[head][0].lower() in names():
        return None
    unit = _unit(words[: head + 1])
    return Draft(number, number.start, number.end, "count", unit=unit, value=number.value, scale=number.scale)


def _behind(text: str, number: Number) -> Draft | None:
    phrase = _PHRASE.match(text, number.end)
    if not phrase:
        return None
    words = list(_WORD.finditer(text, phrase.start(1), phrase.end(1)))
    head = _head(words)
    if head is None or words[head][0].lower() in names():
        return None
    noun = words[head]
    if number.habit == "words" and text[number.start].isupper() and noun[0][0].isupper():
        return None  # "Five Islands", "Three Major Shifts": a name or a heading
    number = thousands(number)
    staff = _STAFF.match(text, noun.end())
    end = staff.end() if staff else noun.end()
    unit = "person" if staff else _unit(words[: head + 1])
    draft = Draft(number, number.start, end, "count", unit=unit, value=number.value)
    draft.scale = number.scale
    return draft


def _unit(words: list[re.Match[str]]) -> str:
    head = words[-1][0].lower()
    if _DESIGNATION.match(head):
        return " ".join(word[0] for word in words)[:-1]
    if head in _persons():
        return "person"
    modifiers = [word[0].lower() if not word[0].isupper() else word[0] for word in words[:-1]]
    return " ".join([*modifiers, singular(head)])
