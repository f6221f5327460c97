"""Names that only their capitals betray: "Konecranes", "Grupo Energético Quindío", "Electric Networks of Armenia"."""

import re
from functools import lru_cache

from schemas import PartyType

from .entries import Entry, rows, word_lists
from .lexicon import Hit
from .scan import Scan, heads
from .tokens import Tokens, is_cap

MOST_TOKENS = 12
ROMAN = re.compile(r"[IVXLC]{1,5}")
BETWEEN = frozenset({"of", "the", "for", "and", "de", "del", "du", "da", "do", "des", "la", "van", "von", "der", "&"})
GLUE = frozenset("-–’'&.+/")
UNIVERSITY = re.compile(r"Universit|Polytechnic|\bCollege\b|\bUni\b")
ORGANISATION = re.compile(
    r"Institut|Agenc|Fund|Foundation|Council|Academ|Cent(?:er|re)|Laborator|Programm?e?\b|Alliance|Initiative|School|"
    r"Observator|Organi[sz]ation|Union|Network|Association|Society|Consortium|Committee|Trust|Mission|Hospital|"
    r"Authority|Board"
)
TITLES = frozenset(
    {"Mr", "Mrs", "Ms", "Dr", "Prof", "Professor", "Sir", "Dame", "Lady", "Lord", "St", "Lt", "Gen", "Col"}
)


def find_capitals(scan: Scan) -> None:
    """Add the names in capitals of ``scan`` that nothing else has found, as companies unless they say otherwise."""
    small = frozenset(word for word in scan.tokens.words if word.islower())
    inner = _inside_sentences(scan.tokens)
    at = 0
    while at < len(scan.tokens):
        if at in scan.owner or not is_cap(scan.tokens.words[at]):
            at += 1
            continue
        last = _end(scan, at)
        first, end = _trimmed(scan, at, last)
        if first < end and not _refused(scan, first, end, small, inner):
            name = " ".join(scan.tokens.slice(first, end).split())
            scan.add(Hit(first, end, Entry(name, _type(name), None, "name", "capitals")))
        at = max(last, at + 1)


def _inside_sentences(tokens: Tokens) -> frozenset[str]:
    """Return the words that stand with a capital inside a sentence."""
    words = tokens.words
    return frozenset(word for i, word in enumerate(words) if is_cap(word) and not tokens.initial(i))


def _end(scan: Scan, at: int) -> int:
    """Return the end of the run of capitalised words at ``at``, particles and marks between them included."""
    tokens, last = scan.tokens, at + 1
    while last < len(tokens) and last - at < MOST_TOKENS and tokens.joined(last):
        word = tokens.words[last]
        if last in scan.owner or not _spaced(tokens, last):
            break
        if is_cap(word) or (word.isdigit() and tokens.glued(last)):
            last += 1
            continue
        gap = _gap(scan, last)
        if not gap:
            break
        last += gap
    return last


def _spaced(tokens: Tokens, at: int) -> bool:
    """Whether at most one blank or line end stands before the token at ``at``: no column of a table."""
    return tokens.starts[at] - tokens.ends[at - 1] <= 1 and tokens.text[tokens.ends[at - 1]] != "\t"


def _gap(scan: Scan, at: int) -> int:
    """Return how many tokens at ``at`` join two capitalised words of one name; 0 for none."""
    tokens, topics = scan.tokens, word_lists()["topic"]
    word, after = tokens.words[at], tokens.word(at + 1)
    if word in GLUE and tokens.glued(at) and tokens.glued(at + 1) and (is_cap(after) or after == "s"):
        return 1 if after != "s" or is_cap(tokens.word(at + 2)) else 0
    if word == "." and len(tokens.word(at - 1)) == 1 and is_cap(after):
        return 1
    size = 2 if word in BETWEEN and after in ("the", "la") else 1
    following = tokens.word(at + size)
    if word not in BETWEEN or not is_cap(following) or at + size in scan.owner:
        return 0
    joins = word not in ("and", "&") or tokens.word(at - 1) in topics or following in topics or word == "&"
    return size if joins else 0


def _trimmed(scan: Scan, first: int, last: int) -> tuple[int, int]:
    """Return the run without what opens a sentence or cannot begin or end a name."""
    words, lists = scan.tokens.words, word_lists()
    opening = lists["leftstop"] | lists["person"] | lists["qualifier"] | TITLES
    while first < last and (words[first] in opening or not words[first][0].isalnum() or words[first] in BETWEEN):
        if words[first] in lists["person"] | TITLES:
            return last, last  # a person's name
        first += 1
    while last > first and (
        words[last - 1] in BETWEEN | GLUE | lists["leftstop"] | {"s"} or ROMAN.fullmatch(words[last - 1]) is not None
    ):
        last -= 1
    return first, last


def _refused(scan: Scan, first: int, last: int, small: frozenset[str], inner: frozenset[str]) -> bool:
    """Whether the words are no name: a person's, a thing's, a heading's, an opening of a sentence."""
    tokens, lists = scan.tokens, word_lists()
    words = tokens.words[first:last]
    if tokens.word(first - 1) in TITLES or (tokens.word(first - 1) == "." and tokens.word(first - 2) in TITLES):
        return True
    if len("".join(words)) < 2 or words[-1].lower() in _things() or _shouted(tokens, first, last):
        return True
    if all(word in lists["topic"] or word in lists["placeword"] or word in heads() for word in words):
        return True
    if len(words) > 1:
        return False
    word = words[0]
    if _is_sum(tokens, last) or word in _codes() or word.lower() in small or word in lists["groupadj"]:
        return True
    return tokens.initial(first) and word not in inner and word[1:].lower() == word[1:]


def _is_sum(tokens: Tokens, last: int) -> bool:
    """Whether a number follows a short word, as one does a currency's letters: "SR 318 million"."""
    at = last + (tokens.word(last) in (".", "$"))
    return len(tokens.words[last - 1]) < 4 and tokens.word(at)[:1].isdigit()


def _shouted(tokens: Tokens, first: int, last: int) -> bool:
    """Whether the words stand in a line of capitals."""
    around = [w for w in tokens.words[max(0, first - 2) : first] + tokens.words[last : last + 2] if len(w) > 2]
    words = [w for w in (*around, *tokens.words[first:last]) if w.isalpha()]
    return last - first > 1 and bool(around) and all(map(str.isupper, words))


@lru_cache(maxsize=1)
def _things() -> frozenset[str]:
    """Return the words that end the name of an event, a paper or another thing, in lower case."""
    return frozenset(word for row in rows("things.csv") if row["kind"] != "place" for word in row["words"].split("|"))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return word_lists()["shoutedword"]


def _type(name: str) -> PartyType:
    words = name.split()
    if UNIVERSITY.search(name):
        return "university"
    return "organisation" if ORGANISATION.search(name) or (name.isupper() and len(words) == 1) else "company"
