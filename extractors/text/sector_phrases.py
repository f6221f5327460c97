"""Words and phrases that signal a sector or a field of science and technology."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from schemas import field_words
from schemas.packaged import packaged_rows

_WORD = re.compile(r"[^\W_]+(?:[-&'’][^\W_]+)*")
Signal = tuple[str | None, tuple[str, ...]]
"""The code of a CRS sector, and the ids of fields."""


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _key(phrase: str) -> str:
    return " ".join(map(_singular, _words(phrase)))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


@cache
def signals() -> dict[str, Signal]:
    """Map each phrase, its words in the singular, to its CRS code and fields; the table overrides fields.csv."""
    found: dict[str, Signal] = {}
    for field, words in field_words().items():
        for word in words:
            found[_key(word)] = (None, (field,))
    for row in packaged_rows("extractors.text", "sector_phrases.csv"):
        for key in map(_key, row["phrases"].split("|")):
            known = found.get(key, (None, ()))[1]
            own = (row["fields"],) if row["fields"] else ()
            found[key] = (row["code"], tuple(dict.fromkeys([*own, *known])))
    return found


@cache
def _longest_phrases() -> dict[str, int]:
    """Map the first word of each phrase to the number of words of the longest phrase that begins with it."""
    found: dict[str, int] = {}
    for phrase in signals():
        words = phrase.split()
        found[words[0]] = max(found.get(words[0], 0), len(words))
    return found


def find_signals(text: str) -> list[Signal]:
    """Return what the phrases of ``text`` signal, in order; of overlapping phrases the first and longest is used."""
    return list(match_signals(_words(text)))


def match_signals(words: Sequence[str]) -> Iterator[Signal]:
    """Yield what the phrases among ``words``, in lower case, signal, in order."""
    known, longest = signals(), _longest_phrases()
    singular = list(map(_singular, words))
    at = 0
    while at < len(singular):
        size = min(longest.get(singular[at], 0), len(singular) - at)
        while size and " ".join(singular[at : at + size]) not in known:
            size -= 1
        if size:
            yield known[" ".join(singular[at : at + size])]
        at += max(1, size)


def fields_of(text: str) -> tuple[str, ...]:
    """Return the ids of the science and technology fields that a sentence signals, in the order of the text."""
    return tuple(dict.fromkeys(field for _, fields in find_signals(text) for field in fields))
