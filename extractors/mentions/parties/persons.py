"""Persons who hold an office: "President Kagame", "Chinese Vice Premier Hui Liangyu", "the Minister of Trade, …"."""

from .bodies import listing
from .entries import Entry, word_lists
from .lexicon import Hit
from .owners import owner_before
from .scan import Scan, heads
from .tokens import Tokens, is_cap

NAME_WORDS = 4
PARTICLES = frozenset(
    {
        "de",
        "da",
        "dos",
        "del",
        "al",
        "el",
        "bin",
        "ibn",
        "van",
        "von",
        "bint",
        "wa",
        "Al",
        "El",
        "ould",
        "Ould",
        "di",
        "du",
        "la",
    }
)
WITH_COMPLEMENT = frozenset(
    {
        "Minister",
        "Ministers",
        "Secretary",
        "Governor",
        "Mayor",
        "President",
        "Premier",
        "King",
        "Queen",
        "Chairman",
        "Leader",
        "Speaker",
        "Ambassador",
        "Emir",
        "Sultan",
        "Prince",
        "Chancellor",
    }
)


def find_persons(scan: Scan) -> None:
    """Add the office holders that the titles in ``scan`` show."""
    for index in scan.triggers.get("person", ()):
        _person(scan, index)


def _person(scan: Scan, index: int) -> None:
    tokens, ranks = scan.tokens, word_lists()["qualifier"] | word_lists()["topic"]
    if index in scan.owner:
        return
    first = index
    while first > 0 and tokens.joined(first):
        word = tokens.words[first - 1]
        linked = word in ("-", "&", "and") and tokens.word(first - 2) in ranks
        if (word in ranks and first - 1 not in scan.owner) or linked:
            first -= 1
        else:
            break
    while first < index and tokens.words[first] in ("-", "&", "and"):
        first += 1
    country, start = _country_before(scan, first)
    last = index + 1
    if tokens.word(last) == "-" and tokens.word(last + 1) in ("General", "general"):
        last += 2  # "Secretary-General"
    office = last
    host = tokens.words[index] in ("Ambassador", "Envoy", "Consul")
    if tokens.word(last) == "of" or tokens.word(last) == "for":
        last, country = _office(scan, index, last, country)
    named = person_name(scan, last)
    begin = last
    if named == last and tokens.word(last) == "," and not host:
        begin = last + 1
        named = person_name(scan, begin)
        named = named if named > begin + 1 else begin
    last = named if named > begin else last
    if host and tokens.word(last) == "to":
        _envoy(scan, last + 1, country)
    if (last == office and country is None) or not scan.free(start, last):
        return
    if named > begin and _goes_on(scan, named):
        return
    name = tokens.slice(begin, named) if named > begin else tokens.slice(start, last)
    if named > begin and tokens.word(last) == "of":
        last, country = _realm(scan, last, country)
    source = "ambassador" if host else "office" if named > begin else "title"
    country = country or _known(scan, begin, last)
    scan.add(Hit(start, last, Entry(" ".join(name.split()), "person", country, "person", source)))


def _goes_on(scan: Scan, last: int) -> bool:
    """Whether a person's name at whose end ``last`` stands is a part of a place's: "King Abdullah Economic City"."""
    tokens, lists = scan.tokens, word_lists()
    for at in range(last, last + NAME_WORDS):
        if not (is_cap(tokens.word(at)) and tokens.joined(at)):
            return False
        if tokens.words[at] in lists["placeword"] or tokens.words[at] in heads():
            return True
    return False


def _realm(scan: Scan, last: int, country: str | None) -> tuple[int, str | None]:
    """Return the end of "of Saudi Arabia" after a name, and the country it gives."""
    hit = scan.at(last + 1 + (scan.tokens.word(last + 1) == "the"))
    if hit is None or hit.source != "country" or not scan.tokens.joined(last):
        return last, country
    return hit.last, country or hit.entry.country


def _envoy(scan: Scan, at: int, country: str | None) -> None:
    """Add the name after "Ambassador to X"; the host country stays a mention of its own."""
    at += scan.tokens.word(at) == "the"
    hit = scan.at(at)
    if hit is None or hit.source not in ("country", "region", "body"):
        return
    start = hit.last + (scan.tokens.word(hit.last) == ",")
    start += scan.tokens.word(start) in ("Mr", "Ms", "Mrs", "Dr", "H")
    end = person_name(scan, start)
    if end > start + 1 and scan.free(start, end):
        name = " ".join(scan.tokens.slice(start, end).split())
        scan.add(Hit(start, end, Entry(name, "person", country, "person", "ambassador")))


def _known(scan: Scan, first: int, last: int) -> str | None:
    """Return the country of the known person whose name stands in the tokens."""
    for i in range(first, last):
        hit = scan.owner.get(i)
        if hit is not None and hit.source == "leader":
            return hit.entry.country
    return None


def _country_before(scan: Scan, first: int) -> tuple[str | None, int]:
    before = scan.before(first)
    if before is not None and scan.tokens.joined(first) and before.source in ("demonym", "country"):
        return before.entry.country, before.first
    return owner_before(scan, first)


def _office(scan: Scan, index: int, last: int, country: str | None) -> tuple[int, str | None]:
    """Return the end of "of Science and Technology of China" and the country it names."""
    tokens = scan.tokens
    while tokens.word(last) in ("of", "for") and tokens.joined(last):
        body = scan.at(last + 1 + (tokens.word(last + 1) == "the"))
        if body is not None and body.source in ("body", "pattern"):
            break  # "President of the X Bank": the bank is a mention of its own
        end = listing(scan, last + 1, index)
        if end == last + 1:
            break
        last = end
        hit = scan.before(last)
        if hit is not None and hit.source in ("country", "city", "province", "capital"):
            country = country or hit.entry.country
    return last, country


def person_name(scan: Scan, start: int) -> int:
    """Return the end of the capitalised name that begins at ``start``; ``start`` itself if there is none."""
    tokens = scan.tokens
    stop = word_lists()["leftstop"] | word_lists()["topic"] | word_lists()["person"]
    at, words = start, 0
    while at < len(tokens) and tokens.joined(at) and words < NAME_WORDS:
        word = tokens.words[at]
        hit = scan.owner.get(at)
        if hit is not None and hit.source not in ("leader", "city", "province"):
            break
        if is_cap(word) and word not in stop:
            at, words = at + 1, words + 1
        elif words and word in PARTICLES and is_cap(tokens.word(at + 1)):
            at += 1
        elif words and _glue(tokens, at):
            at += 2 if word in "'’" else 1
        else:
            break
    return at


def _glue(tokens: Tokens, at: int) -> bool:
    """Whether the mark at ``at`` stands inside a name: "Ng'andu", "John A. Smith", "Moon Jae-in"."""
    word, after = tokens.words[at], tokens.word(at + 1)
    if word in "'’":
        return tokens.glued(at) and tokens.glued(at + 1) and after != "s"
    if word == ".":
        return len(tokens.word(at - 1)) == 1 and is_cap(after)
    return word == "-" and tokens.glued(at) and tokens.glued(at + 1)
