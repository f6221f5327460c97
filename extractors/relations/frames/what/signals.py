"""Words that signal a sector or a field, looked up in a text all at once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from schemas.packaged import packaged_rows

_WORD = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
_GAP = re.compile(r"[\s\-–'’/&,]{1,2}$")  # what may stand inside a phrase
_ESSES = ("ss", "us", "is")
_NOTHING = "-"  # the code of phrases that hide the words inside them


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in a text, its key, and what it signals with what weight."""

    start: int
    end: int
    key: str
    signals: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a table by their words in the singular, and by first word the length of the longest.

    A word that the table gives as ``=word`` counts in this form alone: "=trains", not "train".
    """

    signals: dict[str, tuple[tuple[str, float], ...]]
    longest: dict[str, int]

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the phrases of ``text`` in order, the longest first, without overlaps."""
        words = list(_WORD.finditer(text))
        keys = [self._key(word.group().lower()) for word in words]
        at = 0
        while at < len(keys):
            size = min(self.longest.get(keys[at], 0), len(keys) - at)
            while size and not (" ".join(keys[at : at + size]) in self.signals and _close(text, words[at : at + size])):
                size -= 1
            if size:
                key = " ".join(keys[at : at + size])
                if self.signals[key]:
                    yield Hit(words[at].start(), words[at + size - 1].end(), key, self.signals[key])
            at += max(1, size)

    def _key(self, word: str) -> str:
        return f"={word}" if f"={word}" in self.signals else singular(word)


def inside(hit: Hit, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a phrase stands inside one of the spans."""
    return any(start <= hit.start and hit.end <= end for start, end in spans)


def singular(word: str) -> str:
    """Return a word in lower case without the ending of the plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_ESSES) else word


def _key(phrase: str) -> str:
    return phrase if phrase.startswith("=") else " ".join(map(singular, _WORD.findall(phrase)))


def _close(text: str, words: list[re.Match[str]]) -> bool:
    return all(
        _GAP.match(text[one.end() : two.start()]) is not None for one, two in zip(words, words[1:], strict=False)
    )


@cache
def phrases(name: str, key: str) -> Phrases:
    """Return the phrases of a table of this folder; ``key`` is the column of what they signal."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in packaged_rows("extractors.relations.frames.what", name):
        for phrase in row["words"].split("|"):
            signals = found.setdefault(_key(phrase.lower()), [])
            if row[key] != _NOTHING and row[key] not in dict(signals):
                signals.append((row[key], float(row.get("weight") or 1)))
    longest: dict[str, int] = {}
    for phrase in found:
        first, *more = phrase.split()
        longest[first] = max(longest.get(first, 0), 1 + len(more))
    return Phrases({phrase: tuple(signals) for phrase, signals in found.items()}, longest)
