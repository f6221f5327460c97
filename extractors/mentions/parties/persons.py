"""Office holders: "President Kagame", "Chinese Vice Premier Hui Liangyu", "the Minister of Trade, …"."""

from extractors.mentions.parties.entries import HEADS, TOPICS, WORDS, Entry
from extractors.mentions.parties.extents import list_end
from extractors.mentions.parties.lexicon import is_cap
from extractors.mentions.parties.scan import BODIES, COUNTRY, QUOTES, SITES, Scan

NAME_WORDS = 4
LINKS = frozenset({"-", "&", "and"})


def add_person(scan: Scan, index: int) -> None:
    """Add the office holder whose title is at ``index``, with country, office and name around it."""
    country, start = scan.nation(_rank_start(scan, index), named=True)
    last = index + 1
    if scan.word(last) == "-" and scan.word(last + 1) in ("General", "general"):
        last += 2  # "Secretary-General"
    office = last
    is_envoy = scan.words[index] in WORDS["envoy"]
    last, country = _office(scan, index, last, country)
    begin, named = last, person_name_end(scan, last)
    if named == last and scan.word(last) == "," and not is_envoy:
        begin, named = last + 1, person_name_end(scan, last + 1)
        named = named if named > begin + 1 else begin
    last = named if named > begin else last
    if is_envoy and scan.word(last) == "to":
        _add_envoy(scan, last + 1, country)
    if (last == office and country is None) or not scan.no_hit_crosses(start, last):
        return
    source = "ambassador" if is_envoy else "office" if named > begin else "title"
    name = scan.name(start, last)
    if named > begin:
        if _is_place_name(scan, named):
            return
        name = scan.name(begin, named)
        realm = scan.at_the(last + 1, COUNTRY) if scan.word(last) == "of" and scan.joined(last) else None
        if realm:  # "King Salman of Saudi Arabia"
            last, country = realm.last, country or realm.country
    if country is None:
        country = next((hit.country for hit in scan.within(begin, last) if hit.source == "leader"), None)
    scan.add(start, last, Entry(name, "person", country, "person", source))


def _rank_start(scan: Scan, index: int) -> int:
    """Return the first token of the words that qualify the title at ``index``: "Vice Foreign" Minister."""
    first, ranks = index, WORDS["qualifier"] | TOPICS
    while first > 0 and scan.joined(first):
        word = scan.words[first - 1]
        linked = word in LINKS and scan.word(first - 2) in ranks
        if not linked and (word not in ranks or first - 1 in scan.owner):
            break
        first -= 1
    while first < index and scan.words[first] in LINKS:
        first += 1
    return first


def _office(scan: Scan, index: int, last: int, country: str | None) -> tuple[int, str | None]:
    """Return the end of the office at ``last``, "of Science and Technology of China", and its country.

    ``index`` is the title's token; ``country`` is the country known so far, which takes precedence.
    """
    while scan.word(last) in ("of", "for") and scan.joined(last):
        end = list_end(scan, last + 1, index)
        if end == last + 1 or scan.at_the(last + 1, BODIES):
            break  # "President of the X Bank": the bank is a mention of its own
        last, place = end, scan.before(end, SITES)
        country = country or (place.country if place else None)
    return last, country


def _is_place_name(scan: Scan, last: int) -> bool:
    """Return whether the name that ends at ``last`` is part of a place's: "King Abdullah Economic City"."""
    for at in range(last, last + NAME_WORDS):
        if not (is_cap(scan.word(at)) and scan.joined(at)):
            return False
        if scan.words[at] in WORDS["placeword"] or scan.words[at] in HEADS:
            return True
    return False


def _add_envoy(scan: Scan, at: int, country: str | None) -> None:
    """Add the name after "Ambassador to X"; the host country stays a mention of its own."""
    hit = scan.at_the(at, ("country", "region", "body"))
    if hit is None:
        return
    start = hit.last + (scan.word(hit.last) == ",")
    start += scan.word(start) in ("Mr", "Ms", "Mrs", "Dr", "H")
    end = person_name_end(scan, start)
    if end > start + 1 and scan.no_hit_crosses(start, end):
        scan.add(start, end, Entry(scan.name(start, end), "person", country, "person", "ambassador"))


def person_name_end(scan: Scan, start: int) -> int:
    """Return the end of the person's name that begins at ``start``; ``start`` if there is none."""
    stop, particles = WORDS["leftstop"] | TOPICS | WORDS["person"], WORDS["nameparticle"]
    at, words = start, 0
    while at < len(scan) and scan.joined(at) and words < NAME_WORDS:
        word, hit = scan.words[at], scan.owner.get(at)
        if hit and hit.source not in ("leader", "city", "province"):
            break
        if is_cap(word) and word not in stop:
            at, words = at + 1, words + 1
        elif words and word in particles and is_cap(scan.word(at + 1)):
            at += 1
        elif words and _is_inner_mark(scan, at):
            at += 2 if word in QUOTES else 1
        else:
            break
    return at


def _is_inner_mark(scan: Scan, at: int) -> bool:
    """Return whether the mark at ``at`` is inside a name: "Ng'andu", "John A. Smith", "Moon Jae-in"."""
    word, after = scan.words[at], scan.word(at + 1)
    if word in QUOTES:
        return scan.glued(at) and scan.glued(at + 1) and after != "s"
    if word == ".":
        return len(scan.word(at - 1)) == 1 and is_cap(after)
    return word == "-" and scan.glued(at) and scan.glued(at + 1)


def find_surnames(scan: Scan) -> None:
    """Add surnames of persons whose full name is in the text: "Vladimir Putin … Putin"."""
    surnames: dict[str, Entry] = {}
    for hit in scan.hits:
        words = hit.entry.name.split()
        if hit.entry.type == "person" and hit.source != "title" and len(words) > 1:
            surname = words[0] if hit.country in WORDS["familyfirst"] else words[-1]
            if is_cap(surname) and len(surname) > 1:
                surnames.setdefault(surname, Entry(hit.entry.name, "person", hit.country, "person", "surname"))
    for index, word in enumerate(scan.words) if surnames else ():
        if word in surnames and index not in scan.owner and not is_cap(scan.word(index + 1)):
            scan.add(index, index + 1, surnames[word])
