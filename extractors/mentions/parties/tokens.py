"""Words and punctuation marks of a text with their offsets, and which of them belong to one phrase."""

import re
import unicodedata
from functools import cached_property, lru_cache

from extractors.text.sentences import name_ends

_MARKED = "[\u0300-\u036f]"  # an accent written after its letter
TOKEN = re.compile(rf"[^\W_]+(?:{_MARKED}+[^\W_]*)*|[^\w\s]")
APOSTROPHES = dict.fromkeys(map(ord, "‘’ʼ´`"), "'") | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")


@lru_cache(maxsize=100_000)
def norm(word: str) -> str:
    """Return ``word`` without case and accents, curly quotes and dashes made plain."""
    if word.isascii():
        return "'" if word == "`" else word.lower()
    decomposed = unicodedata.normalize("NFKD", word.translate(APOSTROPHES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


class Tokens:
    """The tokens of a text: parallel lists of words and of offsets in characters, end exclusive."""

    def __init__(self, text: str) -> None:
        """Split ``text``."""
        self.text = text
        spans = [match.span() for match in TOKEN.finditer(text)]
        self.words: list[str] = [text[start:end] for start, end in spans]
        self.starts: list[int] = [start for start, _ in spans]
        self.ends: list[int] = [end for _, end in spans]

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.words)

    def word(self, index: int) -> str:
        """Return the token at ``index``, or "" outside the text."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def joined(self, index: int) -> bool:
        """Whether the token at ``index`` stands in one phrase with the one before it (no break between them)."""
        if not 0 < index < len(self.words):
            return False
        start, end = self.ends[index - 1], self.starts[index]
        if end - start <= 1 and (end == start or self.text[start] not in "\n\t"):
            return True
        gap = self.text[start:end]
        if gap.count("\n") > 1 or "\t" in gap or len(gap) > 8:
            return False
        return "\n" not in gap or (self.words[index][0].isalnum() and self._line_ends.isdisjoint(range(start, end)))

    def glued(self, index: int) -> bool:
        """Whether no blank stands before the token at ``index``."""
        return 0 < index < len(self.words) and self.ends[index - 1] == self.starts[index]

    def initial(self, index: int) -> bool:
        """Whether the token at ``index`` begins a sentence, a line or a bullet."""
        return (
            index == 0
            or self.words[index - 1] in {".", "!", "?", ":", "•", "*", "-", "“", '"'}
            or not self.joined(index)
        )

    def slice(self, first: int, last: int) -> str:
        """Return the text of the tokens from ``first`` up to ``last``, exclusive."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    @cached_property
    def _line_ends(self) -> frozenset[int]:
        """The offsets of the newlines that end a name; the others are only where a paragraph was wrapped."""
        return frozenset(name_ends(self.text))


def is_cap(word: str) -> bool:
    """Whether ``word`` begins with an upper-case letter."""
    return word[:1].isupper()


def key(surface: str) -> tuple[str, ...]:
    """Return the normalised tokens of ``surface``."""
    return tuple(norm(m) for m in TOKEN.findall(surface))
