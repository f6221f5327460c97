"""One pass over the tokens: longest names of the tables, and the places where a pattern may begin."""

from dataclasses import dataclass, field
from functools import lru_cache

from .entries import Entry, cells, rows, word_lists
from .lexicon import Hit, lexicon
from .tokens import Tokens, is_cap, norm

COUNTRY_LIKE = frozenset({"country", "demonym", "prefix", "region", "people"})


@dataclass(slots=True)
class Scan:
    """What one pass found: hits in order, the hit that owns each token, token indexes of trigger words by kind."""

    tokens: Tokens
    owner: dict[int, Hit] = field(default_factory=dict)
    triggers: dict[str, list[int]] = field(default_factory=dict)
    _hits: dict[int, Hit] = field(default_factory=dict)

    @property
    def hits(self) -> list[Hit]:
        """The hits in the order in which they were found."""
        return list(self._hits.values())

    def add(self, hit: Hit) -> None:
        """Take ``hit``; hits that it overlaps go."""
        gone = {id(h): h for i in range(hit.first, hit.last) if (h := self.owner.get(i)) is not None}
        for old in gone.values():
            del self._hits[id(old)]
            for i in range(old.first, old.last):
                self.owner.pop(i, None)
        self._hits[id(hit)] = hit
        for i in range(hit.first, hit.last):
            self.owner[i] = hit

    def free(self, first: int, last: int) -> bool:
        """Whether no hit reaches over the borders of ``first`` to ``last``."""
        inside = {id(h): h for i in range(first, last) if (h := self.owner.get(i)) is not None}
        return all(first <= h.first and h.last <= last for h in inside.values())

    def at(self, index: int) -> Hit | None:
        """Return the hit that begins at token ``index``."""
        hit = self.owner.get(index)
        return hit if hit is not None and hit.first == index else None

    def before(self, index: int) -> Hit | None:
        """Return the hit that ends just before token ``index``."""
        hit = self.owner.get(index - 1)
        return hit if hit is not None and hit.last == index else None

    def ordered(self) -> list[Hit]:
        """Return the hits in the order of the text."""
        return sorted(self._hits.values(), key=_first)


def _first(hit: Hit) -> int:
    return hit.first


@lru_cache(maxsize=1)
def heads() -> dict[str, dict[str, str]]:
    """Return the head words of names of bodies."""
    return {row["head"]: row for row in rows("heads.csv")}


@lru_cache(maxsize=1)
def head_first() -> dict[str, str]:
    """Return the type of body that each head word shows which stands first in its name."""
    return {head: row["type"] for row in rows("headfirst.csv") for head in cells(row["heads"])}


@lru_cache(maxsize=1)
def trades() -> dict[str, str]:
    """Return the type of body that each noun shows which stands before a name: "drugmaker Novartis"."""
    return {noun: row["type"] for row in rows("trades.csv") for noun in cells(row["nouns"])}


@lru_cache(maxsize=1)
def triggers() -> dict[str, tuple[str, ...]]:
    """Return the kinds of pattern that each word may begin."""
    found: dict[str, set[str]] = {}
    lists = word_lists()
    for kind, words in (
        ("body", frozenset(heads())),
        ("headfirst", frozenset(head_first())),
        ("trade", frozenset(trades()) | {noun.capitalize() for noun in trades()}),
        ("lower", frozenset({"embassy", "embassies", "consulate", "ministry", "academy"})),
        ("government", lists["governmentword"]),
        ("side", lists["sideword"]),
        ("person", lists["person"]),
        ("group", lists["grouphead"]),
        ("state", lists["stateword"]),
        ("described", frozenset(cell.split()[-1] for row in rows("described.csv") for cell in cells(row["nouns"]))),
        ("placeform", lists["placeform"]),
        ("short", frozenset({"the", "The"})),
    ):
        for word in words:
            found.setdefault(word, set()).add(kind)
    return {word: tuple(sorted(kinds)) for word, kinds in found.items()}


@lru_cache(maxsize=100_000)
def _may_begin(word: str) -> tuple[tuple[str, ...], bool, Entry | None] | None:
    """Return the patterns and whether names of the tables may begin with ``word``, and what it says before a dash.

    None for the many words with which nothing begins: a text is read at the speed at which it passes them over.
    """
    lex, name = lexicon(), norm(word)
    kinds, prefix = triggers().get(word, ()), lex.prefixes.get(name) if is_cap(word) else None
    begins = name in (lex.root if is_cap(word) else lex.lower_starts)
    return (kinds, begins, prefix) if kinds or begins or prefix else None


def scan(tokens: Tokens) -> Scan:
    """Return the longest names of the tables, without overlaps, and the trigger words."""
    out, lex, words, end = Scan(tokens), lexicon(), tokens.words, 0
    may_begin = {word: facts for word in set(words) if (facts := _may_begin(word)) is not None}
    for index in [index for index, word in enumerate(words) if word in may_begin]:
        kinds, begins, prefix = may_begin[words[index]]
        for kind in kinds:
            out.triggers.setdefault(kind, []).append(index)
        if index < end:
            continue
        if begins and (hit := lex.longest(tokens, index)):
            end = hit.last
            if not _is_money(tokens, hit) and not _is_name_part(out, hit):
                out.add(hit)
        elif prefix and tokens.word(index + 1) in "-–—/" and tokens.glued(index + 1):
            out.add(Hit(index, index + 1, prefix))
    return out


def _is_money(tokens: Tokens, hit: Hit) -> bool:
    """Whether a nation's name belongs to a currency: "US$", "Kenyan shillings"."""
    if hit.source not in COUNTRY_LIKE:
        return False
    after = tokens.word(hit.last)
    return (
        after in "$£€¥"
        and after != ""
        and tokens.glued(hit.last)
        or after.lower().rstrip("s") in word_lists()["currency"]
    )


def _is_name_part(out: Scan, hit: Hit) -> bool:
    """Whether a place's name is a person's or a street's: "Simón Bolívar", "Dr. Israel Mwale"."""
    if hit.entry.role in ("name", "place") and hit.source != "body" and hit.first > 1:
        mark = hit.first - 1 - (out.tokens.words[hit.first - 1] == ".")
        if out.tokens.words[mark] in ("Dr", "Mr", "Mrs", "Ms", "Prof", "Sir"):
            return True
    if hit.source in ("country", "city", "province", "capital") and _is_street(out.tokens, hit.last):
        return True
    if hit.source not in ("city", "province") or hit.first == 0 or not out.tokens.joined(hit.first):
        return False
    word = out.tokens.words[hit.first - 1]
    if not word[0].isupper() or not word.isalpha() or out.tokens.initial(hit.first - 1) or hit.first - 1 in out.owner:
        return False
    lists = word_lists()
    return not (word in heads() or word in lists["leftstop"] or word in lists["topic"] or word in lists["placeword"])


def _is_street(tokens: Tokens, last: int) -> bool:
    """Whether the word at ``last`` makes the name before it a street's: "Cuba Street", and no body's goes on."""
    street = tokens.word(last) in word_lists()["street"] and tokens.joined(last)
    return street and not (is_cap(tokens.word(last + 1)) and tokens.joined(last + 1))
