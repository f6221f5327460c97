"""Bodies told by description: "Turkey's central bank", "the Nova Bila hospital", "the hospital of Erdenet"."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from schemas import PartyType

from .entries import Entry, cells, rows, word_lists
from .lexicon import Hit
from .scan import Scan
from .surfaces import known
from .tokens import Tokens, is_cap

OWNERS = frozenset({"country", "demonym", "people", "city", "capital", "province", "region"})
TOWNS = frozenset({"city", "capital", "province"})
QUOTES = frozenset("'’")
ARTICLES = frozenset({"a", "an", "any", "no", "another", "each", "every", "some"})
ANYBODY = frozenset({"foreign", "private", "new", "press"})
UNIONS = frozenset({"United Nations", "European Union", "African Union"})  # whose offices stand for themselves
REACH = 120  # tokens
MOST_WORDS = 4  # between owner and noun, and in a name that no table knows


@dataclass(frozen=True, slots=True)
class Noun:
    """What a noun of ``described.csv`` says: its words, the type of body, and what must tell which one is meant.

    ``kind`` is ``state`` (one that each state has), ``body``, ``topical`` (told by its field), or
    ``sited`` (told by its place, not by its nation).
    """

    words: tuple[str, ...]
    type: PartyType
    kind: str


@lru_cache(maxsize=1)
def nouns() -> dict[str, tuple[Noun, ...]]:
    """Return the nouns by their last word, the longest first."""
    found: dict[str, list[Noun]] = {}
    for row in rows("described.csv"):
        for cell in cells(row["nouns"]):
            words = tuple(cell.split())
            found.setdefault(words[-1], []).append(Noun(words, cast(PartyType, row["type"]), row["kind"]))
    return {last: tuple(sorted(some, key=_length)) for last, some in found.items()}


def _length(noun: Noun) -> int:
    return -len(noun.words)


def find_described(scan: Scan) -> None:
    """Add the bodies that the nouns of ``described.csv`` in ``scan`` tell of, with what says whose or where."""
    for index in scan.triggers.get("described", ()):
        noun = _noun(scan, index)
        if noun is not None:
            _body(scan, noun, index + 1 - len(noun.words), index + 1)


def _noun(scan: Scan, index: int) -> Noun | None:
    """Return the longest noun that ends at ``index``, None where other mentions stand there."""
    tokens = scan.tokens
    for noun in nouns()[tokens.words[index]]:
        first = index + 1 - len(noun.words)
        if tuple(tokens.words[max(0, first) : index + 1]) == noun.words and first >= 0:
            return noun if all(i not in scan.owner for i in range(first, index + 1)) else None
    return None


def _body(scan: Scan, noun: Noun, start: int, end: int) -> None:
    tokens = scan.tokens
    first = _modifiers(scan, start)
    owner, begin = _owner(scan, first, start, noun)
    place, last = _place(scan, noun, first, end) if owner is None else (None, end)
    if (place is None or last == end) and not _closes(tokens, end):
        return
    if owner is None and place is None:
        begin = _named(scan, first) if noun.kind != "state" else first
        if begin == first and not _official(tokens, noun, first, start):
            return
    if not scan.free(begin, last) or (last - begin < 2 and place is None) or _renamed(scan, last):
        return
    whose = owner or place
    country = whose.entry.country if whose is not None else None
    plain = tokens.slice(first, end).title()
    if owner is not None and first == start and tokens.word(begin - 1) in ("the", "The"):
        told = _told(scan, noun, country, begin)
        if told is not None:
            scan.add(Hit(begin, last, replace(told, role="description", source="description")))
            return
    name = " ".join(tokens.slice(begin, last).split()).replace("’s ", " ").replace("'s ", " ")
    entry = (known(plain, country) if country else None) or Entry(name, noun.type, country, "name", "pattern")
    scan.add(Hit(begin, last, entry))


def _told(scan: Scan, noun: Noun, country: str | None, begin: int) -> Entry | None:
    """Return the body named before that "the Swedish company" goes back to."""
    before = (scan.owner.get(at) for at in range(begin - 1, max(-1, begin - REACH), -1))
    bodies = (hit.entry for hit in before if hit is not None and hit.source in ("body", "pattern", "capitals"))
    return next((one for one in bodies if one.type == noun.type and one.country == country), None)


def _modifiers(scan: Scan, start: int) -> int:
    """Return the first of the words in lower case that describe the noun at ``start``: "state oil" company."""
    tokens, lists, at, count = scan.tokens, word_lists(), start, 0
    while at > 0 and count < MOST_WORDS and tokens.joined(at) and at - 1 not in scan.owner:
        word, before = tokens.words[at - 1], tokens.word(at - 2)
        if word in QUOTES and before.islower() and before.endswith("s") and tokens.glued(at - 1):
            at, count = at - 2, count + 1  # "farmers' union"
        elif _inner_dash(tokens, at - 2) and word.islower() and tokens.words[at - 3].islower():
            at, count = at - 3, count + 1  # "outer-space office", "state-owned utility"
        elif not _modifies(word) or word in lists["modifierstop"]:
            break
        else:
            at, count = at - 1, count + 1
    return at


def _modifies(word: str) -> bool:
    if not (word.isalpha() and word.islower() and len(word) > 1):
        return False
    several = word.endswith("s") and not word.endswith("ss") and word not in word_lists()["manyword"]
    return not (several or word.endswith(("ed", "ly")))


def _owner(scan: Scan, first: int, start: int, noun: Noun) -> tuple[Hit | None, int]:
    """Return whose the body at ``first`` is, by possessive or adjective, and where the whole begins."""
    tokens = scan.tokens
    mark = first - 1 - (tokens.word(first - 1) == "s" and tokens.word(first - 2) in QUOTES)
    possessive = tokens.word(mark) in QUOTES and tokens.glued(mark)
    hit = scan.before(mark if possessive else first)
    if hit is None or not tokens.joined(first) or (not possessive and not tokens.joined(hit.last)):
        return None, first
    shared = hit.entry.name in UNIONS
    nation = hit.source in ("country", "demonym", "people")
    if (hit.source not in OWNERS and not shared) or (nation and noun.kind == "sited"):
        return None, first
    if noun.kind == "topical" and not _topical(tokens.words[first:start]):
        return None, first
    return hit, hit.first


def _place(scan: Scan, noun: Noun, first: int, end: int) -> tuple[Hit | None, int]:
    """Return the place that "of", "in" or "at" at ``end`` names, and where it ends."""
    tokens, link = scan.tokens, scan.tokens.word(end)
    at = end + 1 + (tokens.word(end + 1) == "the")
    hit = scan.at(at)
    if hit is None or link not in ("of", "in", "at") or not (tokens.joined(end) and tokens.joined(at)):
        return None, end
    if tokens.word(hit.last) in QUOTES:
        return None, end
    if tokens.word(first - 1) == "s" and tokens.word(first - 2) in QUOTES:
        return None, end  # somebody else's
    plain = noun.kind != "state" and first + 1 == end
    thing = plain or tokens.word(first - 1).lower() in ARTICLES  # "built a hospital in Boaco"
    if link != "of" and noun.words[-1] in word_lists()["sitenoun"] and thing:
        return None, end
    whole = hit.source in ("country", "region") and link == "of" and not plain
    if not (hit.source in TOWNS or whole):
        return None, end
    return hit, hit.last if link == "of" else end  # the town of "a college in Tianjin" is a mention of its own


def _named(scan: Scan, first: int) -> int:
    """Return where the capitalised name before ``first`` begins, "Nova Bila" hospital; ``first`` without one."""
    tokens, lists, at = scan.tokens, word_lists(), first
    stop = lists["leftstop"] | lists["person"] | lists["namestop"]
    while at > 0 and tokens.joined(at) and first - at < MOST_WORDS * 2:
        word, owner = tokens.words[at - 1], scan.owner.get(at - 1)
        if owner is not None and owner.source in TOWNS and owner.last == at:
            at = owner.first
        elif owner is None and (is_cap(word) and word not in stop or (at < first and _inner_dash(tokens, at - 1))):
            at -= 1
        else:
            break
    words = tokens.words[at:first]
    plain = all(word in lists["topic"] or word in lists["placeword"] for word in words)
    return first if plain or (len(words) == 1 and tokens.initial(at)) else at


def _inner_dash(tokens: Tokens, at: int) -> bool:
    return at > 0 and tokens.words[at] == "-" and tokens.glued(at) and tokens.glued(at + 1)


def _official(tokens: Tokens, noun: Noun, first: int, start: int) -> bool:
    """Whether the words before a noun make it one that there is only one of: "national telecoms regulator"."""
    if noun.words == ("central", "bank"):
        return True
    words = [word for word in tokens.words[first:start] if word.isalpha() and word not in ANYBODY]
    if tokens.word(first - 1).lower() in ARTICLES:
        return False
    if noun.kind == "state":
        return _topical(words)
    return noun.kind == "body" and any(word in word_lists()["levelword"] for word in words)


def _topical(words: list[str]) -> bool:
    """Whether a word tells a level of the state or a field of its work: "national", "veterinary"."""
    levels, topics = word_lists()["levelword"], word_lists()["topic"]
    return any(word in levels or word.capitalize() in topics for word in words)


def _renamed(scan: Scan, last: int) -> bool:
    """Whether the body's name follows in commas: "Peru's space agency, QINTU"."""
    hit = scan.at(last + 1) if scan.tokens.word(last) == "," else None
    return hit is not None and hit.source in ("body", "pattern")


def _closes(tokens: Tokens, end: int) -> bool:
    """Whether the description ends before ``end``: no noun goes on, as in "central bank governor"."""
    word = tokens.word(end)
    if end >= len(tokens) or not tokens.joined(end) or not word[0].isalpha():
        return not (word == "-" and tokens.glued(end))
    return word in word_lists()["afterbody"] or (word.islower() and word.endswith("ed"))
