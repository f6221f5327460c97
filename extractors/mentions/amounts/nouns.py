"""Nouns that things are counted by: which words are plurals, which of a phrase is counted, and the unit it makes."""

import re
from functools import cache

from extractors.mentions.amounts.number_words import SMALL
from extractors.mentions.amounts.tables import names, rows
from extractors.mentions.parties.entries import peoples

_SIZE = r"\d{1,4}-[a-z]{2,12}(?:-[a-z]{2,12})?(?= )"  # "two 27-metre boats"
MODEL = (
    rf"{_SIZE}|"
    r"(?:[A-Za-z]+-?)?\d{2,4}[A-Za-z]?s(?![\w-])|[A-Za-z]+-?\d[A-Za-z\d\-]*"  # "TB2s", "C-130Js", "737s", "A330-300"
)
NOUN = rf"(?:{MODEL}|[A-Za-z][A-Za-z&'\-]{{0,30}})"
WORD = re.compile(rf"(?<![\w-])(?:{MODEL})|[A-Za-z&][A-Za-z&'\-]*")
_SIZED = re.compile(_SIZE.removesuffix("(?= )"))
DESIGNATION = re.compile(r".*\d[A-Za-z]?s\Z")
Words = list[re.Match[str]]


@cache
def roles() -> dict[str, str]:
    """Return what the words of nouns.csv do in a phrase."""
    return {row["word"]: row["role"] for row in rows("nouns.csv")}


_TRADE = re.compile(r"[a-z\-]{3,}(?:ists|icians|graphers)")
_LISTS = frozenset({"blacklists", "checklists", "playlists", "schists", "shortlists", "waitlists", "wishlists"})


@cache
def _persons() -> frozenset[str]:
    trades = {form for row in rows("persons.csv") for form in (row["plural"], row["singular"])}
    return peoples() | trades


def is_people(word: str) -> bool:
    """Whether a word in lower case is a plural for people, by their trade or their country: counted as ``person``."""
    return word in _persons() or (_TRADE.fullmatch(word) is not None and word not in _LISTS)


@cache
def _irregular() -> dict[str, str]:
    return {row["plural"]: row["singular"] for row in rows("plurals.csv")}


def singular(noun: str) -> str:
    """Give the singular of an English plural noun in lower case."""
    if noun in _irregular():
        return _irregular()[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "shes", "ches", "xes", "tzes", "zzes", "oes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def is_plural(word: str) -> bool:
    """Whether a word in lower case is the plural of a noun."""
    if _SIZED.fullmatch(word):
        return False
    word = word.rpartition("-")[2]
    if DESIGNATION.match(word) or word.endswith("'s"):
        return not word.endswith("'s")
    role = roles().get(word)
    if role in ("plural", "noun", "set", "measure", "label") or word in _irregular() or is_people(word):
        return True
    return role is None and len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ous"))


def head_of(words: Words) -> int | None:
    """Find the plural noun that ends the phrase after a number, past further plurals that stand directly behind."""
    for place, word in enumerate(words):
        low = word[0].lower()
        role = roles().get(low.removesuffix("'s").rstrip("'"))
        if (
            role in ("stop", "measure", "set")
            or (place and low in SMALL)
            or (low.endswith("'s") and not _is_kind(word[0]))
        ):
            return None
        if is_plural(low) and not _is_name(words, place) and not _describes(words, place):
            return place
    return None


def _describes(words: Words, place: int) -> bool:
    """Whether a people's name that is the same in both numbers stands before what is counted: "40 Chinese firms"."""
    return words[place][0].endswith("ese") and place + 1 < len(words) and not ends_phrase(words[place + 1][0])


def _is_kind(word: str) -> bool:
    """Whether a possessive tells a kind, not an owner: "bachelor's" places, "children's" hospitals."""
    return word.islower() or word in ("Master's", "Bachelor's")


def _is_name(words: Words, place: int) -> bool:
    """Whether a word in capitals that ends in S stands before another plural: "six CBERS satellites"."""
    return words[place][0].isupper() and any(is_plural(word[0].lower()) for word in words[place + 1 :])


def is_counted(word: str) -> bool:
    """Whether a word alone is a plural that things are counted by, no measure, currency or word of another kind."""
    low = word.lower()
    return roles().get(low) in (None, "plural", "noun") and low not in names() and is_plural(low)


def ends_phrase(word: str) -> bool:
    """Whether no phrase of a noun goes on past a word, to either side: "the", "of", "three"."""
    low = word.lower()
    return roles().get(low) in ("stop", "measure", "set") or low in SMALL or low in names()


def unit_of(words: Words) -> str:
    """Give the unit of a phrase that ends with its noun: in the singular, lower case, ``person`` for people."""
    head = words[-1][0].lower()
    if DESIGNATION.match(head):
        return " ".join(word[0] for word in words)[:-1]
    if is_people(head):
        return "person"
    modifiers = [word[0].lower() if not word[0].isupper() else word[0] for word in words[:-1]]
    return " ".join([*modifiers, singular(head)])
