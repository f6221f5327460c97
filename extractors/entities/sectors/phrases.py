"""Words and phrases that signal a sector or a field of science and technology."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from extractors.mentions import SectorMention
from schemas import field_words
from schemas.packaged import packaged_rows

_WORD = re.compile(r"[^\W_]+(?:[-&'’][^\W_]+)*")
Signal = tuple[str | None, tuple[str, ...]]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _key(words: list[str]) -> str:
    return " ".join(map(_singular, words))


@cache
def signals() -> dict[str, Signal]:
    """Map each phrase, its words in the singular, to its CRS code and fields; the table goes over fields.csv."""
    found: dict[str, Signal] = {}
    for field, words in field_words().items():
        for word in words:
            found[_key(_WORD.findall(word.lower()))] = (None, (field,))
    for row in packaged_rows("extractors.entities.sectors", "phrases.csv"):
        for phrase in row["phrases"].split("|"):
            key = _key(_WORD.findall(phrase.lower()))
            known = found.get(key, (None, ()))[1]
            own = (row["fields"],) if row["fields"] else ()
            found[key] = (row["code"], tuple(dict.fromkeys([*own, *known])))
    return found


def find_sectors(text: str) -> list[SectorMention]:
    """Return the phrases of ``text`` that signal a sector or a field, in order, the longest first, without overlaps."""
    matches = list(_WORD.finditer(text))
    found = []
    for first, after, (code, own) in match_signals([match.group().lower() for match in matches]):
        start, end = matches[first].start(), matches[after - 1].end()
        found.append(SectorMention(start, end, text[start:end], code=code, fields=own))
    return found


def match_signals(words: Sequence[str]) -> Iterator[tuple[int, int, Signal]]:
    """Yield the phrases among words in lower case: place of the first word, place after the last, what they signal."""
    known, longest = signals(), lengths()
    single = list(map(_singular, words))
    at = 0
    while at < len(single):
        size = min(longest.get(single[at], 0), len(single) - at)
        while size and " ".join(single[at : at + size]) not in known:
            size -= 1
        if size:
            yield at, at + size, known[" ".join(single[at : at + size])]
        at += max(1, size)


@cache
def lengths() -> dict[str, int]:
    """Map the first word of each phrase to the length of the longest phrase that begins so."""
    found: dict[str, int] = {}
    for phrase in signals():
        words = phrase.split()
        found[words[0]] = max(found.get(words[0], 0), len(words))
    return found


def fields_of(text: str) -> tuple[str, ...]:
    """Return the ids of the science and technology fields that a sentence signals, in the order of the text."""
    return tuple(dict.fromkeys(field for mention in find_sectors(text) for field in mention.fields))
