"""Bodies found by a noun: described ("Turkey's central bank", "the hospital of Erdenet"), or named ("firm X")."""

from dataclasses import replace

from extractors.mentions.parties.entries import NAME_STOPS, NOUNS, TOPICS, TRADES, WORDS, Entry, Noun
from extractors.mentions.parties.lexicon import Hit, is_cap, lexicon
from extractors.mentions.parties.scan import BODIES, COUNTRY, QUOTES, TOWNS, Scan

NATIONS = frozenset({"country", "demonym", "people"})
OWNERS = TOWNS | NATIONS | {"region"}
UNIONS = frozenset({"United Nations", "European Union", "African Union"})  # which own offices as countries do
REACH = 120  # tokens before "the Swedish company" in which the body is looked for
MOST_WORDS = 4  # between owner and noun; an unlisted name may have twice as many
BEFORE = 5  # most tokens between the country's name and the noun
SHORT_SINGULAR = 3  # letters of "gas", "bus", which are no plurals
SINGULAR_ENDINGS = ("ss", "us", "is", "ics")  # of words that are no plurals either: "census", "logistics"
CLOSING = frozenset(",.;:)(")
OPENING = frozenset('“"«„')
CLOSED = frozenset('”"»“')
QUOTED = 9  # tokens from the noun to the mark that closes a quoted name
INNER = frozenset("&-–+'’")


def add_described(scan: Scan, index: int) -> None:
    """Add the body that a noun of ``described.csv`` at ``index`` describes, with its owner, place or name."""
    noun, end = _noun(scan, index), index + 1
    if noun is None:
        return
    start = end - len(noun.words)
    first = _modifiers(scan, start)
    owner, begin = _owner(scan, first, start, noun)
    place, last = _place(scan, noun, first, end) if owner is None else (None, end)
    if last == end and not _ends_before(scan, end):
        return
    if owner is None and place is None:
        begin = _name_start(scan, first) if noun.kind != "state" else first
        if begin == first and not _is_unique(scan, noun, first, start):
            return
    renamed = scan.word(last) == "," and scan.at(last + 1, BODIES)  # "Peru's space agency, QINTU"
    if not scan.no_hit_crosses(begin, last) or (last - begin < 2 and place is None) or renamed:
        return
    anchor = owner or place
    country = anchor.country if anchor else None
    if owner and first == start and scan.word(begin - 1) in ("the", "The"):
        body = _body_before(scan, noun, country, begin)
        if body:
            scan.add(begin, last, replace(body, role="description", source="description"))
            return
    known = lexicon().find_body(scan.slice(first, end).title(), country) if country else None
    name = scan.name(begin, last).replace("’s ", " ").replace("'s ", " ")
    scan.add(begin, last, known or Entry.of_pattern(name, noun.type, country))


def _noun(scan: Scan, index: int) -> Noun | None:
    """Return the longest noun that ends at ``index``, None where another hit covers it."""
    for first in (index - 1, index):
        noun = NOUNS.get(tuple(scan.words[max(0, first) : index + 1]))
        if noun is not None:
            return None if scan.within(first, index + 1) else noun
    return None


def _body_before(scan: Scan, noun: Noun, country: str | None, begin: int) -> Entry | None:
    """Return the body named before that "the Swedish company" refers to, None without one."""
    before = reversed(scan.within(max(0, begin - REACH + 1), begin))
    bodies = (hit.entry for hit in before if hit.source in ("body", "pattern", "capitals"))
    return next((one for one in bodies if (one.type, one.country) == (noun.type, country)), None)


def _modifiers(scan: Scan, start: int) -> int:
    """Return the first token of the lower-case modifiers of the noun at ``start``: "state oil" company."""
    at, count = start, 0
    while at > 0 and count < MOST_WORDS and scan.joined(at) and at - 1 not in scan.owner:
        word, before = scan.words[at - 1], scan.word(at - 2)
        if word in QUOTES and before.islower() and before.endswith("s") and scan.glued(at - 1):
            at -= 2  # "farmers' union"
        elif _inner_dash(scan, at - 2) and word.islower() and scan.words[at - 3].islower():
            at -= 3  # "outer-space office", "state-owned utility"
        elif _is_modifier(word):
            at -= 1
        else:
            break
        count += 1
    return at


def _is_modifier(word: str) -> bool:
    if not (word.isalpha() and word.islower() and len(word) > 1) or word in WORDS["modifierstop"]:
        return False
    is_plural = word.endswith("s") and len(word) > SHORT_SINGULAR and not word.endswith(SINGULAR_ENDINGS)
    return not (is_plural and word not in WORDS["manyword"] or word.endswith(("ed", "ly")))


def _owner(scan: Scan, first: int, start: int, noun: Noun) -> tuple[Hit | None, int]:
    """Return the owner before ``first`` (a possessive or adjective) and its first token, or (None, ``first``)."""
    mark = first - 1 - scan.possessive(first)
    possessive = scan.word(mark) in QUOTES and scan.glued(mark)
    hit = scan.before(mark if possessive else first)
    if hit is None or not scan.joined(first) or not (possessive or scan.joined(hit.last)):
        return None, first
    owns = hit.source in OWNERS or hit.entry.name in UNIONS
    if not owns or (hit.source in NATIONS and noun.kind == "sited"):
        return None, first
    return (None, first) if noun.kind == "topical" and not _has_topic(scan.words[first:start]) else (hit, hit.first)


def _place(scan: Scan, noun: Noun, first: int, end: int) -> tuple[Hit | None, int]:
    """Return the place after "of", "in" or "at" at ``end``, and where the mention ends, or (None, ``end``)."""
    link, hit = scan.word(end), scan.at_the(end + 1, OWNERS)
    if hit is None or link not in ("of", "in", "at") or not (scan.joined(end) and scan.joined(hit.first)):
        return None, end
    if scan.word(hit.last) in QUOTES or scan.possessive(first):  # it is the possessor of something else
        return None, end
    plain = noun.kind != "state" and first + 1 == end
    thing = plain or scan.word(first - 1).lower() in WORDS["article"]  # "built a hospital in Boaco"
    if link != "of" and noun.words[-1] in WORDS["sitenoun"] and thing:
        return None, end
    whole = hit.source in ("country", "region") and link == "of" and not plain
    last = hit.last if link == "of" else end  # the town of "a college in Tianjin" is a mention of its own
    return (hit, last) if hit.source in TOWNS or whole else (None, end)


def _name_start(scan: Scan, first: int) -> int:
    """Return the first token of the name before ``first``, "Nova Bila" hospital; ``first`` without one."""
    at = first
    while at > 0 and scan.joined(at) and first - at < MOST_WORDS * 2:
        word, owner = scan.words[at - 1], scan.owner.get(at - 1)
        if owner and owner.source in TOWNS and owner.last == at:
            at = owner.first
        elif owner is None and (is_cap(word) and word not in NAME_STOPS or (at < first and _inner_dash(scan, at - 1))):
            at -= 1
        else:
            break
    words = scan.words[at:first]
    plain = all(word in TOPICS or word in WORDS["placeword"] for word in words)
    return first if plain or (len(words) == 1 and scan.initial(at)) else at


def _inner_dash(scan: Scan, at: int) -> bool:
    return at > 0 and scan.words[at] == "-" and scan.glued(at) and scan.glued(at + 1)


def _is_unique(scan: Scan, noun: Noun, first: int, start: int) -> bool:
    """Return whether the words before a noun make the body unique: "national telecoms regulator"."""
    if noun.words == ("central", "bank"):
        return True
    if scan.word(first - 1).lower() in WORDS["article"]:
        return False
    words = [word for word in scan.words[first:start] if word.isalpha() and word not in WORDS["anybody"]]
    if noun.kind == "state":
        return _has_topic(words)
    return noun.kind == "body" and any(word in WORDS["levelword"] for word in words)


def _has_topic(words: list[str]) -> bool:
    """Return whether any word is a level of government or a field of work: "national", "veterinary"."""
    levels = WORDS["levelword"]
    return any(word in levels or word.capitalize() in TOPICS for word in words)


def _ends_before(scan: Scan, end: int) -> bool:
    """Return whether the description ends before ``end``, unlike in "central bank governor"."""
    word = scan.word(end)
    if end >= len(scan) or not scan.joined(end) or not word[0].isalpha():
        return not (word == "-" and scan.glued(end))
    verb = word.islower() and (word.endswith("ed") or (word.endswith("s") and scan.word(end + 1) in WORDS["object"]))
    return word in WORDS["afterbody"] or verb


def add_apposition(scan: Scan, index: int) -> None:
    """Add the unlisted name after a noun of ``trades.csv`` at ``index``: "the Azeri state oil firm SOCAR"."""
    if _add_quoted(scan, index) or scan.words[index] not in TRADES:
        return
    town = scan.before(index, TOWNS)
    if town and scan.joined(index) and _add_with_town(scan, index, town):
        return
    nation = _nation_before(scan, index)
    first = index + 1 + (nation is not None and scan.word(index + 1) == ",")
    last = _name_end(scan, first, nation)
    if last > first and (first == index + 1 or scan.word(last) in CLOSING):
        scan.add_unlisted(first, last, TRADES[scan.words[index]], nation)


def _add_quoted(scan: Scan, index: int) -> bool:
    """Add the noun at ``index`` and the quoted name after it, "firm “Ursus”", as one hit; False without a name."""
    if scan.word(index + 1) not in OPENING or scan.glued(index + 1) or not scan.glued(index + 2):
        return False
    last = index + 2
    while scan.word(last) not in CLOSED and scan.joined(last) and last - index < QUOTED:
        last += 1
    words = scan.words[index + 2 : last]
    named = bool(words) and is_cap(words[0]) and not any(w.islower() and len(w) > 3 for w in words)
    if not named or scan.word(last) not in CLOSED:
        return False
    known, noun = scan.at(index + 2, BODIES), scan.words[index]
    type_ = TRADES.get(noun) or TRADES[noun.lower()]
    new = Entry.of_pattern(scan.name(index + 2, last), type_, _nation_before(scan, index))
    scan.add(index, last + 1, known.entry if known and known.last == last else new)
    return True


def _add_with_town(scan: Scan, index: int, town: Hit) -> bool:
    """Add a town, the noun and the name after it as one hit, "Abu Dhabi fund ADQ"; False without a name."""
    known, country = scan.at(index + 1, BODIES), town.country
    if known and scan.joined(index + 1):
        scan.add(town.first, known.last, known.entry)
        return True
    last = _name_end(scan, index + 1, country)
    if last > index + 1:
        name = scan.name(index + 1, last)
        scan.add(town.first, last, Entry.of_pattern(name, TRADES[scan.words[index]], country))
    return last > index + 1


def _name_end(scan: Scan, start: int, nation: str | None) -> int:
    """Return the end of the capitalised words at ``start``; ``start`` if they are no name or a hit covers one."""
    last, nation_hit = start, scan.at(start, COUNTRY)
    if nation_hit and nation_hit.country == nation and is_cap(scan.word(nation_hit.last)):
        last = nation_hit.last  # "the national carrier, Kenya Airlink"
    while last < len(scan) and scan.joined(last) and last - start < MOST_WORDS * 2:
        if last in scan.owner:
            return start
        word = scan.words[last]
        inner = last > start and word in INNER and scan.glued(last) == scan.glued(last + 1)
        if not (is_cap(word) and word not in NAME_STOPS) and not (inner and is_cap(scan.word(last + 1))):
            break
        last += 1
    return last if last > start and len(scan.slice(start, last)) > 1 else start


def _nation_before(scan: Scan, index: int) -> str | None:
    """Return the country named shortly before the noun at ``index``, "Norwegian fertiliser firm"; None without one."""
    for at in range(index, max(index - BEFORE, 0), -1):
        hit = scan.before(at)
        if hit:
            return hit.country if hit.source in ("demonym", "country", "side") else scan.possessor(at)[0]
        if not scan.joined(at) or not (scan.words[at - 1].islower() or scan.words[at - 1] in "'’-"):
            return None
    return None
