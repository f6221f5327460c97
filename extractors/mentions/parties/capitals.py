"""Names that only their capitals betray: "Konecranes", "Grupo Energético Quindío", "Electric Networks of Armenia"."""

import re
from functools import lru_cache

from extractors.mentions.parties.entries import Entry, cells, heads, rows, word_lists
from extractors.mentions.parties.scan import Scan
from extractors.mentions.parties.tokens import is_cap
from schemas import PartyType

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
    small = frozenset(word for word in scan.words if word.islower())
    inner = frozenset(word for i, word in enumerate(scan.words) if is_cap(word) and not scan.initial(i))
    at = 0
    while at < len(scan):
        if at in scan.owner or not is_cap(scan.words[at]):
            at += 1
            continue
        last = _end(scan, at)
        first, end = _trimmed(scan, at, last)
        if first < end and not _refused(scan, first, end, small, inner):
            name = scan.name(first, end)
            scan.add(first, end, Entry(name, _type(name), None, "name", "capitals"))
        at = max(last, at + 1)


def _end(scan: Scan, at: int) -> int:
    """Return the end of the run of capitalised words at ``at``, particles and marks between them included."""
    last = at + 1
    while last < len(scan) and last - at < MOST_TOKENS and scan.joined(last):
        word = scan.words[last]
        if last in scan.owner or not _spaced(scan, last):
            break
        if is_cap(word) or (word.isdigit() and scan.glued(last)):
            last += 1
            continue
        gap = _gap(scan, last)
        if not gap:
            break
        last += gap
    return last


def _spaced(scan: Scan, at: int) -> bool:
    """Whether at most one blank or line end stands before the token at ``at``: no column of a table."""
    return scan.starts[at] - scan.ends[at - 1] <= 1 and scan.text[scan.ends[at - 1]] != "\t"


def _gap(scan: Scan, at: int) -> int:
    """Return how many tokens at ``at`` join two capitalised words of one name; 0 for none."""
    topics = word_lists()["topic"]
    word, after = scan.words[at], scan.word(at + 1)
    if word in GLUE and scan.glued(at) and scan.glued(at + 1) and (is_cap(after) or after == "s"):
        return 1 if after != "s" or is_cap(scan.word(at + 2)) else 0
    if word == "." and len(scan.word(at - 1)) == 1 and is_cap(after):
        return 1
    size = 2 if word in BETWEEN and after in ("the", "la") else 1
    following = scan.word(at + size)
    if word not in BETWEEN or not is_cap(following) or at + size in scan.owner:
        return 0
    joins = word != "and" or scan.word(at - 1) in topics or following in topics
    return size if joins else 0


def _trimmed(scan: Scan, first: int, last: int) -> tuple[int, int]:
    """Return the run without what opens a sentence or cannot begin or end a name."""
    words, lists = scan.words, word_lists()
    persons = lists["person"] | TITLES
    opening = lists["leftstop"] | lists["qualifier"] | persons
    while first < last and (words[first] in opening or not words[first][0].isalnum() or words[first] in BETWEEN):
        if words[first] in persons:
            return last, last  # a person's name
        first += 1
    closing = BETWEEN | GLUE | lists["leftstop"] | {"s"}
    while last > first and (words[last - 1] in closing or ROMAN.fullmatch(words[last - 1]) is not None):
        last -= 1
    return first, last


def _refused(scan: Scan, first: int, last: int, small: frozenset[str], inner: frozenset[str]) -> bool:
    """Whether the words are no name: a person's, a thing's, a heading's, an opening of a sentence."""
    lists, words = word_lists(), scan.words[first:last]
    if scan.word(first - 1) in TITLES or (scan.word(first - 1) == "." and scan.word(first - 2) in TITLES):
        return True
    if len("".join(words)) < 2 or words[-1].lower() in _things() or _shouted(scan, first, last):
        return True
    if all(word in lists["topic"] or word in lists["placeword"] or word in heads() for word in words):
        return True
    if len(words) > 1:
        return False
    word = words[0]
    if _is_sum(scan, last) or word in lists["shoutedword"] or word.lower() in small or word in lists["groupadj"]:
        return True
    return scan.initial(first) and word not in inner and word[1:].lower() == word[1:]


def _is_sum(scan: Scan, last: int) -> bool:
    """Whether a number follows a short word, as one does a currency's letters: "SR 318 million"."""
    at = last + (scan.word(last) in (".", "$"))
    return len(scan.words[last - 1]) < 4 and scan.word(at)[:1].isdigit()


def _shouted(scan: Scan, first: int, last: int) -> bool:
    """Whether the words stand in a line of capitals."""
    around = [w for w in scan.words[max(0, first - 2) : first] + scan.words[last : last + 2] if len(w) > 2]
    words = [w for w in (*around, *scan.words[first:last]) if w.isalpha()]
    return last - first > 1 and bool(around) and all(map(str.isupper, words))


@lru_cache(maxsize=1)
def _things() -> frozenset[str]:
    """Return the words that end the name of an event, a paper or another thing, in lower case."""
    return frozenset(word for row in rows("things.csv") if row["kind"] != "place" for word in cells(row["words"]))


def _type(name: str) -> PartyType:
    if UNIVERSITY.search(name):
        return "university"
    return "organisation" if ORGANISATION.search(name) or (name.isupper() and len(name.split()) == 1) else "company"
