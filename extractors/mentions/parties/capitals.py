"""Names found by capitals alone: "Konecranes", "Grupo Energético Quindío", "Electric Networks of Armenia"."""

from extractors.mentions.parties.entries import HEADS, TOPICS, WORDS, Entry, rows
from extractors.mentions.parties.lexicon import is_cap
from extractors.mentions.parties.scan import Scan
from extractors.mentions.patterns import Patterns, split_cell
from schemas import PartyType

MOST_TOKENS = 12
_RE = Patterns("extractors.mentions.parties", "capitals")
INNER_MARKS = frozenset("-–’'&.+/")
THINGS = frozenset(word for row in rows("things.csv") if row["kind"] != "place" for word in split_cell(row["words"]))
"""Lower-case words that end the name of a thing that is no body, such as an event or a paper."""


def find_capitals(scan: Scan) -> None:
    """Add the capitalised names that no hit covers, as companies unless a word shows another type."""
    small = frozenset(word for word in scan.words if word.islower())
    inner = frozenset(word for i, word in enumerate(scan.words) if is_cap(word) and not scan.initial(i))
    at = 0
    while at < len(scan):
        if at in scan.owner or not is_cap(scan.words[at]):
            at += 1
            continue
        last = _run_end(scan, at)
        first, end = _trimmed(scan, at, last)
        if first < end and not _is_no_name(scan, first, end, small, inner):
            name = scan.name(first, end)
            scan.add(first, end, Entry(name, _type(name), None, "name", "capitals"))
        at = max(last, at + 1)


def _run_end(scan: Scan, at: int) -> int:
    """Return the end of the run of capitalised words at ``at``, including particles and marks between them."""
    last = at + 1
    while last - at < MOST_TOKENS and scan.joined(last) and last not in scan.owner:
        word = scan.words[last]
        if scan.starts[last] - scan.ends[last - 1] > 1 or scan.text[scan.ends[last - 1]] == "\t":
            break  # a column of a table
        size = 1 if is_cap(word) or (word.isdigit() and scan.glued(last)) else _joining_tokens(scan, last)
        if not size:
            break
        last += size
    return last


def _joining_tokens(scan: Scan, at: int) -> int:
    """Return the number of tokens at ``at`` ("of the") that join two capitalised words of one name; 0 for none."""
    word, after = scan.words[at], scan.word(at + 1)
    if word in INNER_MARKS and scan.glued(at) and scan.glued(at + 1) and (is_cap(after) or after == "s"):
        return 1 if after != "s" or is_cap(scan.word(at + 2)) else 0
    if word == "." and len(scan.word(at - 1)) == 1 and is_cap(after):
        return 1
    size = 2 if after in ("the", "la") else 1
    following = scan.word(at + size)
    named = word in WORDS["between"] and is_cap(following) and at + size not in scan.owner
    joins = word != "and" or scan.word(at - 1) in TOPICS or following in TOPICS
    return size if named and joins else 0


def _trimmed(scan: Scan, first: int, last: int) -> tuple[int, int]:
    """Return the run without words that cannot begin or end a name; an empty run for a person's name."""
    words = scan.words
    persons = WORDS["person"] | WORDS["courtesy"]
    opening = WORDS["leftstop"] | WORDS["qualifier"] | WORDS["between"] | persons
    while first < last and (words[first] in opening or not words[first][0].isalnum()):
        if words[first] in persons:
            return last, last  # a person's name
        first += 1
    closing = WORDS["between"] | INNER_MARKS | WORDS["leftstop"] | {"s"}
    while last > first and (words[last - 1] in closing or _RE.roman.fullmatch(words[last - 1]) is not None):
        last -= 1
    return first, last


def _is_no_name(scan: Scan, first: int, last: int, small: frozenset[str], inner: frozenset[str]) -> bool:
    """Return whether the words are no body's name but a person's, a thing's, a heading or the start of a sentence.

    ``small`` are the text's lower-case words, ``inner`` its capitalised words within sentences.
    """
    words = scan.words[first:last]
    before = scan.word(first - 2) if scan.word(first - 1) == "." else scan.word(first - 1)
    if before in WORDS["courtesy"]:
        return True
    if len("".join(words)) < 2 or words[-1].lower() in THINGS or _is_in_capitals(scan, first, last):
        return True
    if all(word in TOPICS or word in WORDS["placeword"] or word in HEADS for word in words):
        return True
    if len(words) > 1:
        return False
    word = words[0]
    if _is_sum(scan, last) or word in WORDS["shoutedword"] or word.lower() in small or word in WORDS["groupadj"]:
        return True
    return scan.initial(first) and word not in inner and word[1:].lower() == word[1:]


def _is_sum(scan: Scan, last: int) -> bool:
    """Return whether a number follows a short word, which may be a currency: "SR 318 million"."""
    at = last + (scan.word(last) in (".", "$"))
    return len(scan.words[last - 1]) < 4 and scan.word(at)[:1].isdigit()


def _is_in_capitals(scan: Scan, first: int, last: int) -> bool:
    """Return whether the words are all in capitals, and so are those beside them."""
    around = [w for w in scan.words[max(0, first - 2) : first] + scan.words[last : last + 2] if len(w) > 2]
    words = [w for w in (*around, *scan.words[first:last]) if w.isalpha()]
    return last - first > 1 and bool(around) and all(map(str.isupper, words))


def _type(name: str) -> PartyType:
    if _RE.university.search(name):
        return "university"
    return "organisation" if _RE.organisation.search(name) or (name.isupper() and len(name.split()) == 1) else "company"
