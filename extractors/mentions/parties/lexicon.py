"""A text as tokens, and the names in all tables as one trie of tokens: look-up of the longest name, and spellings."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import takewhile
from typing import Any

from extractors.mentions.parties.entries import ADJECTIVES, COUNTRY_NAMES, WORDS, Entry, all_entries, rows
from extractors.text.sentences import name_ends

_ACCENTS = "[\u0300-\u036f]"  # combining accents, written after their letter
TOKEN = re.compile(rf"[^\W_]+(?:{_ACCENTS}+[^\W_]*)*|[^\w\s]")
APOSTROPHES = dict.fromkeys(map(ord, "‘’ʼ´`"), "'") | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
Node = dict[str, Any]
LEAVES = "\0"
NEAR = 12  # tokens to either side in which a rule looks for its words
ADJACENT = 3
WORDLESS_RULES = frozenset(
    {"never", "not_initial", "not_shouted", "not_listed", "not_before_name", "not_before_surname"}
)
FORMS = "Co|Corp|Corporation|Company|Group|Ltd|Limited|Inc|plc|PLC|LLC|AG|SE|GmbH|Oyj|ASA|SpA|Bhd"
LEGAL = re.compile(rf"(?:[ ,.]+\(?(?:{FORMS})\b\)?\.?)+$")


@lru_cache(maxsize=100_000)
def norm(word: str) -> str:
    """Return ``word`` in lower case, without accents, with plain quotes and dashes."""
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
        return len(self.words)

    def word(self, index: int) -> str:
        """Return the token at ``index``, or "" outside the text."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def joined(self, index: int) -> bool:
        """Return whether the token at ``index`` and the one before it are in one phrase: no break between them."""
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
        """Return whether no blank precedes the token at ``index``."""
        return 0 < index < len(self.words) and self.ends[index - 1] == self.starts[index]

    def initial(self, index: int) -> bool:
        """Return whether the token at ``index`` begins a sentence, a line or a bullet."""
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
        """The offsets of the newlines that end a name; the others only wrap a paragraph."""
        return frozenset(name_ends(self.text))


def is_cap(word: str) -> bool:
    """Return whether ``word`` begins with an upper-case letter."""
    return word[:1].isupper()


@dataclass(slots=True)
class Hit:
    """An entry at the tokens from ``first`` up to ``last``, exclusive."""

    first: int
    last: int
    entry: Entry

    @property
    def source(self) -> str:
        """The table or rule that the entry comes from."""
        return self.entry.source

    @property
    def country(self) -> str | None:
        """ISO 3166-1 alpha-3 code of the country that it is, belongs to or lies in."""
        return self.entry.country


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry under one surface, and how its capitals must match: all of them (``exact``), or those in ``caps``."""

    surface: str
    entry: Entry
    exact: bool
    caps: tuple[bool, ...]

    @property
    def shape(self) -> tuple[object, ...]:
        """The key by which a leaf replaces an older one with the same words."""
        return (self.surface,) if self.exact else self.caps

    def fits(self, tokens: Tokens, first: int, last: int) -> bool:
        """Return whether the capitals of the tokens from ``first`` up to ``last`` match."""
        if self.exact:
            return _capitals(self.surface) == _capitals(tokens.slice(first, last))
        if self.entry.source == "body" and last - first > 2:  # "China development bank" matches too
            described = tokens.words[last - 1].islower() and is_cap(tokens.word(last)) and tokens.joined(last)
            return not tokens.words[first][0].islower() and not described
        return all(is_cap(word) for word, cap in zip(tokens.words[first:last], self.caps, strict=True) if cap)


class Lexicon:
    """A trie of the surfaces in all tables."""

    def __init__(self) -> None:
        """Read the tables."""
        self.root: Node = {}
        self.lower_starts: set[str] = set()
        self.prefixes: dict[str, Entry] = {}
        for surface, entry in all_entries():
            if entry.source == "prefix":
                self.prefixes[norm(surface)] = entry
            else:
                self._add(surface, entry)

    def _add(self, surface: str, entry: Entry) -> None:
        tokens = Tokens(surface).words
        words = [norm(word) for word in tokens]
        node = self.root
        for word in words:
            node = node.setdefault(word, {})
        leaf = Leaf(surface, entry, _has_fixed_case(surface), tuple(map(is_cap, tokens)))
        if not is_cap(surface):
            self.lower_starts.add(words[0])
        node[LEAVES] = (leaf, *(old for old in node.get(LEAVES, ()) if old.shape != leaf.shape))

    def longest(self, tokens: Tokens, index: int) -> Hit | None:
        """Return the longest entry that begins at token ``index`` and is allowed there, None without one."""
        words = tokens.words
        node = self.root.get(norm(words[index]))
        best: Hit | None = None
        end = index
        while node is not None:
            end += 1
            for leaf in node.get(LEAVES, ()):
                if leaf.fits(tokens, index, end) and is_allowed(leaf.surface, tokens, index, end):
                    best = Hit(index, end, leaf.entry)
                    break
            node = node.get(norm(words[end])) if end < len(words) else None
            if node is not None and not tokens.joined(end):
                break
        return best

    def find(self, surface: str) -> Entry | None:
        """Return the entry for the whole of ``surface``, None where the tables have none."""
        tokens = Tokens(surface)
        hit = self.longest(tokens, 0) if len(tokens) else None
        return hit.entry if hit and hit.last == len(tokens) else None

    def find_body(self, surface: str, country: str | None) -> Entry | None:
        """Return the body of the tables that ``surface`` names, alone or with its country, in any spelling; or None."""
        for plain in _spellings(surface):
            names = [plain]
            if country is not None:
                own, adjective = COUNTRY_NAMES[country], ADJECTIVES[country]
                names = [f"{own} {plain}", f"{adjective} {plain}", f"{plain} of {own}", plain]
            for entry in map(self.find, names):
                if entry and entry.source == "body" and (country is None or entry.country in (country, None)):
                    return entry
        return None


lexicon = cache(Lexicon)
"""Return the lexicon, which is read on the first call."""


def _has_fixed_case(surface: str) -> bool:
    """Return whether ``surface`` must be matched with exactly its capitals, like an acronym."""
    inner = any(not w.islower() and w[1:] != w[1:].lower() for w in re.findall(r"[^\W\d_]+", surface))
    return inner or (re.fullmatch(r"(?:[^\W\d_]\.? ?){2,}", surface) is not None and surface[1:2] in ". ")


def _capitals(text: str) -> list[bool]:
    """Return for each letter or digit whether it is a capital, accents ignored."""
    return [c.isupper() for c in text if c.isalnum() and norm(c)]


def _spellings(surface: str) -> list[str]:
    """Return spellings of ``surface``: without "'s", with the legal form in full or without it, "&" as "and"."""
    plain = surface.replace("’s ", " ").replace("'s ", " ")
    full = re.sub(r"\bCorp\b\.?", "Corporation", re.sub(r"\bCo\b\.?", "Company", plain))
    bare = LEGAL.sub("", plain)
    return list(dict.fromkeys((plain, full, bare, plain.replace("&", "and"))))


_RULES: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)  # by surface, of ambiguous names
for _row in rows("ambiguous.csv"):
    if _row["words"] or _row["rule"] in WORDLESS_RULES:
        _RULES[_row["surface"]].append((_row["rule"], frozenset(_row["words"].replace(",", "").split())))


def is_allowed(surface: str, tokens: Tokens, first: int, last: int) -> bool:
    """Return whether the context allows the tokens to mean ``surface``, by the rules for ambiguous names."""
    return all(_rule_holds(rule, words, tokens, first, last) for rule, words in _RULES.get(surface, ()))


def _rule_holds(rule: str, words: frozenset[str], tokens: Tokens, first: int, last: int) -> bool:
    match rule:
        case "never":
            return False
        case "not_initial":
            return not tokens.initial(first)
        case "not_shouted":
            return not _is_in_capitals(tokens, first, last)
        case "not_listed":
            return not _is_listed(tokens, first, last)
        case "not_before_name":
            return not (tokens.joined(last) and is_cap(tokens.words[last]))
        case "not_before_surname":
            return not (tokens.joined(last) and tokens.words[last] in WORDS["surname"])
        case "not_before":
            return tokens.word(last) not in words
        case "not_after":
            return tokens.word(first - 1) not in words
        case "not_after_of":
            return not (tokens.word(first - 1) == "of" and tokens.word(first - 2) in words)
    reach = ADJACENT if rule == "needs_adjacent" else NEAR
    around = tokens.words[max(0, first - reach) : first] + tokens.words[last : last + reach]
    return not words.isdisjoint(around)


def _is_in_capitals(tokens: Tokens, first: int, last: int) -> bool:
    """Return whether the words beside the match, up to a punctuation mark, are all in capitals."""
    before, after = tokens.words[max(0, first - 2) : first][::-1], tokens.words[last : last + 2]
    letters = [w for side in (before, after) for w in takewhile(str.isalpha, side)]
    return len(letters) > 1 and all(w.isupper() for w in letters)


def _is_listed(tokens: Tokens, first: int, last: int) -> bool:
    """Return whether the match is in a list, where its comma may separate two: "Japan, Taiwan, China and Korea"."""
    before = tokens.word(first - 1) in (",", "and") and is_cap(tokens.word(first - 2))
    after = tokens.word(last) in (",", "and", "&") and is_cap(tokens.word(last + 1))
    return before or after
