"""The names of all tables as one trie over normalised tokens, and the longest match at a token."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from . import entries
from .context import allowed
from .entries import Entry
from .tokens import Tokens, is_cap, key, norm

Node = dict[str, Any]
LEAF = "\0"


@dataclass(slots=True)
class Hit:
    """An entry at the tokens from ``first`` up to ``last``, exclusive."""

    first: int
    last: int
    entry: Entry

    @property
    def source(self) -> str:
        """The table or rule it comes from."""
        return self.entry.source


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry with the surface that it is written as, and how strictly its capitals must agree."""

    surface: str
    entry: Entry
    exact: bool
    caps: tuple[bool, ...]


class Lexicon:
    """Surfaces of all tables; loads once, on first use."""

    def __init__(self) -> None:
        """Read the tables."""
        self.root: Node = {}
        self.lower_starts: set[str] = set()
        self.prefixes: dict[str, Entry] = {}
        for surface, entry in entries.all_entries():
            if entry.source == "prefix":
                self.prefixes[norm(surface)] = entry
            else:
                self._add(surface, entry)

    def _add(self, surface: str, entry: Entry) -> None:
        words = key(surface)
        node = self.root
        for word in words:
            node = node.setdefault(word, {})
        leaf = Leaf(surface, entry, entries.shouted(surface), _caps(surface))
        shape = (surface,) if leaf.exact else leaf.caps
        if not is_cap(surface):
            self.lower_starts.add(words[0])
        others = [old for old in node.get(LEAF, ()) if ((old.surface,) if old.exact else old.caps) != shape]
        node[LEAF] = (leaf, *others)

    def longest(self, tokens: Tokens, index: int) -> Hit | None:
        """Return the longest entry that begins at token ``index`` and is allowed there."""
        words = tokens.words
        node = self.root.get(norm(words[index]))
        best: Hit | None = None
        end = index
        while node is not None:
            end += 1
            for leaf in node.get(LEAF, ()):
                if fits(leaf, tokens, index, end) and allowed(leaf.surface, tokens, index, end):
                    best = Hit(index, end, leaf.entry)
                    break
            node = node.get(norm(words[end])) if end < len(words) else None
            if node is not None and not tokens.joined(end):
                break
        return best

    def find(self, surface: str) -> Entry | None:
        """Return the entry of a whole ``surface``, None where the tables have none."""
        tokens = Tokens(surface)
        hit = self.longest(tokens, 0) if len(tokens) else None
        return hit.entry if hit and hit.last == len(tokens) else None


def _caps(surface: str) -> tuple[bool, ...]:
    return tuple(is_cap(word) for word in Tokens(surface).words)


def fits(leaf: Leaf, tokens: Tokens, first: int, last: int) -> bool:
    """Whether the capitals of the text agree with the leaf's."""
    if leaf.exact:
        return entries.same_letters(leaf.surface, tokens.slice(first, last))
    if leaf.entry.source == "body" and last - first > 2:
        described = tokens.words[last - 1].islower() and is_cap(tokens.word(last)) and tokens.joined(last)
        return (
            not tokens.words[first][0].islower() and not described
        )  # "China development bank" is as clear as with capitals
    return all(is_cap(word) for word, cap in zip(tokens.words[first:last], leaf.caps, strict=True) if cap)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon, read on first use."""
    return Lexicon()
