"""Names of bodies by their head word: "Ministry of X and Y", "X University", "X Y Co., Ltd.", "Embassy of X"."""

import re
from typing import cast

from schemas import PartyType

from .entries import Entry, country_names, word_lists
from .lexicon import Hit
from .ministries import find_lower, lower_field, ministry_of, titled
from .missions import embassy, nation, sends
from .owners import owner_before
from .scan import COUNTRY_LIKE, Scan, heads
from .surfaces import known
from .tokens import Tokens, is_cap

LIMIT = 9  # tokens to either side of the head
DASHES = frozenset("-–—")
POSSESSIVE = re.compile(r"^[\w .-]+?['’]s ")
SCIENCE = re.compile(r"[a-z](?:ics|logy|omy|istry|aphy|urgy|matics)$")
ADJECTIVE = re.compile(r"[a-z](?:ic|al|ar|ary|ive|ous|able|ible|ed|ing)$")
NUMBERS = frozenset({"No", "Nr"})
FIELDS = frozenset({"Research", "Studies", "Training", "Innovation", "Education", "Building", "Cooperation"})
SUM = re.compile(r"[A-Z]{2,4}\d+(?:k|K|m|M|mn|b|B|bn)?")  # "EUR30M"
LOCAL = frozenset({"Municipal", "Provincial", "City", "County", "Prefectural", "District", "Town"})
RULING = frozenset({"Council", "Assembly", "Commission"})  # of a town or province: its government
MEMBERS = frozenset({"Directors", "Governors", "Trustees", "Management", "Regents", "Ministers"})


def find_bodies(scan: Scan) -> None:
    """Add the bodies that the head words of ``scan`` show."""
    for index in scan.triggers.get("body", ()):
        _body(scan, index)
    for index in scan.triggers.get("lower", ()):
        find_lower(scan, index)


def _body(scan: Scan, index: int) -> None:
    if _prefixes(scan.tokens, index):
        return
    owner = scan.owner.get(index)
    row = heads()[scan.tokens.words[index]]
    mode, type_ = row["mode"], row["type"]
    first = index if mode == "embassy" else leftwards(scan, index)
    if mode == "left" or type_ == "company":
        last = suffixes(scan.tokens, index + 1)
        if first == index:
            return
        last = _of_country(scan, last) if type_ == "company" else last
    else:
        last = complement(scan, index, mode)
    if mode == "embassy":
        first = nation(scan, index)
        last = index + 1 if sends(scan, first, index) else last
    if owner is not None and owner.source in ("body", "country") and not (first < owner.first or last > owner.last + 1):
        return
    if owner is not None and (owner.source in ("leader", "pattern") and owner.last >= last and owner.first <= first):
        return
    topics = word_lists()["topic"]
    if last == index + 1 and index - first == 1 and scan.tokens.words[first] in topics and mode != "of":
        return
    if (
        last - first < 2
        or (scan.tokens.words[index] == "Board" and scan.tokens.word(index + 2) in MEMBERS)
        or (last - index == 1 and all(scan.tokens.words[i] in word_lists()["genericword"] for i in range(first, index)))
    ):
        return
    if not scan.free(first, last) or (scan.tokens.word(last) in word_lists()["goeson"] and scan.tokens.joined(last)):
        return
    _take(scan, first, last, index, type_)


def _prefixes(tokens: Tokens, index: int) -> bool:
    """Whether the word at ``index`` goes on after a dash, and so heads no name: "Co-Financing"."""
    return tokens.word(index + 1) in DASHES and tokens.glued(index + 1) and tokens.glued(index + 2)


def _take(scan: Scan, first: int, last: int, head: int, type_: str) -> None:
    country = inner_country(scan, first, last)
    surface = scan.tokens.slice(first, last)
    possessor, first = owner_before(scan, first)
    country = country or possessor
    type_ = "university" if "Institute of Technology" in surface else type_
    type_ = "government" if scan.tokens.words[head] in RULING and scan.tokens.word(head - 1) in LOCAL else type_
    countries = joint_countries(scan, first, last) if country is None else ()
    entry = known(surface, country) or Entry(
        canonical(scan, first, last, head, country), cast(PartyType, type_), country, "name", "pattern", countries
    )
    scan.add(Hit(first, last, entry))


def leftwards(scan: Scan, index: int) -> int:
    """Return the first token of the capitalised words that lead up to the head at ``index``."""
    tokens = scan.tokens
    first = at = index
    while index - at < LIMIT and at > 0 and tokens.joined(at):
        owner = scan.owner.get(at - 1)
        if owner is not None:
            if (
                owner.source == "leader"
                or owner.last > at
                or owner.last - owner.first > LIMIT * 2
                or (tokens.words[at - 1] in word_lists()["legalend"] and owner.source not in COUNTRY_LIKE)
            ):
                break
            at = first = owner.first
            continue
        if _belongs(tokens, at):
            at = first = at - 1
        elif _links(scan, at):
            at -= 1
        else:
            break
    return _strip(scan, first, index)


def _belongs(tokens: Tokens, at: int) -> bool:
    """Whether the word before ``at`` is one of a name: capitalised and no opening of a sentence, or "3" of "No. 3"."""
    word, before = tokens.words[at - 1], tokens.word(at - 2)
    if is_cap(word):
        stops = word in word_lists()["leftstop"] or SUM.fullmatch(word) is not None
        return not stops or (before == "-" and tokens.glued(at - 1))
    return word.isdigit() and before in NUMBERS | {"."}


def _links(scan: Scan, at: int) -> bool:
    """Whether the mark or "and" before ``at`` joins words of one name."""
    word = scan.tokens.words[at - 1]
    if word == "and":
        return _listed(scan, at - 1)
    if word in "-–":
        return at > 1 and scan.tokens.glued(at - 1) and scan.tokens.glued(at)
    before = scan.owner.get(at - 2)
    strict = scan.tokens.words[at] in word_lists()["stricthead"]  # "Government of Peru (Ministry of Health)"
    if word == "(" and before is not None and before.source in COUNTRY_LIKE and not strict:
        return False
    return at > 1 and (word == "&" or (word in (".", "(", ")", "/") and _inside(scan.tokens, at)))


def _inside(tokens: Tokens, at: int) -> bool:
    """Whether the mark before ``at`` stands inside a name: "No. 3", "(Group)", "St. Mary"."""
    word, before = tokens.words[at - 1], tokens.word(at - 2)
    if word == ".":
        return before in ("No", "St", "U", "S", "J", "Nr") or len(before) == 1 and before.isupper()
    return word in "()" and (is_cap(before) or word == "(") and tokens.word(at + 1 if word == "(" else at) != ""


def _listed(scan: Scan, at: int) -> bool:
    """Whether the "and" at ``at`` joins two topics of one name and not two names."""
    topics = word_lists()["topic"]
    before, after = scan.tokens.word(at - 1), scan.tokens.word(at + 1)
    return before in topics and after in topics and scan.owner.get(at - 1) is None


def _strip(scan: Scan, first: int, index: int) -> int:
    while first < index and (not is_cap(scan.tokens.words[first]) and scan.owner.get(first) is None):
        first += 1
    return first


def complement(scan: Scan, index: int, mode: str) -> int:
    """Return the end of what follows the head at ``index``: "of X and Y", "for X", "of the Republic of Z"."""
    tokens = scan.tokens
    last = _town(scan, index)
    while (
        (tokens.word(last) in ("of", "for", "on", "de", "du", "da", "do", "des") or _field_goes_on(tokens, last))
        and tokens.joined(last)
        and last - index < LIMIT * 2
    ):
        end = listing(scan, last + 1, index)
        if end == last + 1:
            break
        last = end
    if last == index + 1 and tokens.words[index] == "Ministry":
        return lower_field(tokens, last)
    if last > index + 1 or tokens.words[index] not in ("Ministry", "Ministries", "Department"):
        last = (
            suffixes(tokens, last) if tokens.word(last) in ("Co", "Corporation", "Limited", "Ltd", "Company") else last
        )
    return last


def _field_goes_on(tokens: Tokens, last: int) -> bool:
    """Whether the "in" at ``last`` goes on with the field of a body: "Center for Research in Energy"."""
    fields = word_lists()["topic"]
    return tokens.word(last) == "in" and tokens.words[last - 1] in FIELDS and tokens.word(last + 1) in fields


def _town(scan: Scan, index: int) -> int:
    """Return the end of the head at ``index`` with the town after it: "Technische Universität München"."""
    hit = scan.at(index + 1)
    if hit is None or hit.source not in ("city", "capital", "province") or not scan.tokens.joined(index + 1):
        return index + 1
    word = scan.tokens.words[index]
    return (
        hit.last if word.startswith(("Univers", "Institut")) and word not in ("University", "Institute") else index + 1
    )


def _of_country(scan: Scan, last: int) -> int:
    if scan.tokens.word(last) != "of" or not scan.tokens.joined(last):
        return last
    at = last + 1 + (scan.tokens.word(last + 1) == "the")
    hit = scan.at(at)
    return hit.last if hit is not None and hit.source in ("country", "region", "city", "province", "capital") else last


def listing(scan: Scan, start: int, head: int) -> int:
    """Return the end of the capitalised list that begins at ``start``; ``start`` itself if there is none."""
    tokens, topics = scan.tokens, word_lists()["topic"]
    strict = tokens.words[head] in word_lists()["stricthead"]
    at = start + (tokens.word(start) == "the")
    if at >= len(tokens) or not tokens.joined(at) or not is_cap(tokens.words[at]):
        return start
    if (tokens.words[at] in word_lists()["leftstop"] and at not in scan.owner) or _is_currency(tokens, at):
        return start
    if (hit := scan.at(at)) is not None:
        at = hit.last
        if (end := _studies(scan, at)) > at or (hit.source in ("country", "region") and hit.entry.role != "demonym"):
            return end
    else:
        at += 1
    while at < len(tokens) and tokens.joined(at) and at - head < LIMIT * 2:
        word, after = tokens.words[at], tokens.word(at + 1)
        if is_cap(word) and word not in heads() and not tokens.initial(at):
            hit = scan.at(at)
            if hit is not None and hit.source not in ("city", "province") or (strict and word not in topics):
                break
            at += 1
        elif (
            word in ("and", "&", ",", "-", "/")
            and after in topics
            and (word != "," or _list_goes_on(tokens, at, topics))
        ):
            at += 2
        elif word == "," and after in ("and", "&") and tokens.word(at + 2) in topics:
            at += 3
        elif word in ("and", "&") and not strict and (end := _field(scan, at + 1)) > at + 1:
            at = end
        else:
            break
    return at


def _is_currency(tokens: Tokens, at: int) -> bool:
    """Whether the letters at ``at`` belong to a sum: "US$50 million"."""
    return tokens.word(at + 1) == "$" and tokens.glued(at + 1)


def _studies(scan: Scan, at: int) -> int:
    """Return the end of "and Asian Studies" at ``at`` after the first region of a body's field; ``at`` without it."""
    other = scan.at(at + 1) if scan.tokens.word(at) in ("and", "&") else None
    goes_on = other is not None and other.entry.role == "demonym" and scan.tokens.word(other.last) in FIELDS
    return other.last + 1 if other is not None and goes_on else at


def _field(scan: Scan, start: int) -> int:
    """Return the end of the words at ``start`` that name a field: "Genetic Engineering", "Bioinformatics"."""
    tokens, topics, end = scan.tokens, word_lists()["topic"], start
    while is_cap(tokens.word(end)) and tokens.joined(end) and end not in scan.owner and tokens.word(end) not in heads():
        end += 1
    words = tokens.words[start:end]
    if not words or tokens.word(end) in heads() or (words[-1] not in topics and not SCIENCE.search(words[-1])):
        return start
    return end if all(word in topics or SCIENCE.search(word) or ADJECTIVE.search(word) for word in words) else start


def _list_goes_on(tokens: Tokens, at: int, topics: frozenset[str]) -> bool:
    """Whether the comma at ``at`` is followed by more topics and an "and": "Health, Labour and Welfare"."""
    for i in range(at + 1, min(at + 8, len(tokens))):
        if tokens.words[i] in ("and", "&"):
            return tokens.word(i + 1) in topics
        if tokens.words[i] not in topics and tokens.words[i] != ",":
            return False
    return False


def suffixes(tokens: Tokens, last: int) -> int:
    """Return the end of a company's legal form that goes on at ``last``: "Co., Ltd.", "(Pty) Limited"."""
    end = min(len(tokens), last + LIMIT)
    while last < end and tokens.joined(last):
        word = tokens.words[last]
        if (
            word in word_lists()["legalform"]
            and not _prefixes(tokens, last)
            or word in ".,("
            and tokens.word(last + 1) in word_lists()["legalform"] | {"Pty", "Pvt", "Private", "Group"}
            or (
                word in ("Pty", "Pvt", "Private")
                or word == ")"
                and tokens.words[last - 1] in word_lists()["legalform"] | {"Pty", "Pvt", "Private"}
            )
            or (
                word == "."
                and tokens.words[last - 1] in ("Ltd", "Inc", "Co", "Corp")
                and tokens.word(last + 1) in (",", ")", "(", "and", "of")
            )
        ):
            last += 1
        else:
            break
    return last - 1 if last and tokens.words[last - 1] in ",(" else last


def inner_country(scan: Scan, first: int, last: int) -> str | None:
    """Return the country that a name's own words give: a country or nation before a place."""
    for i in range(first, last):
        joint = scan.owner.get(i + 2) if scan.tokens.word(i + 1) in DASHES else None
        if joint is not None and joint.source in ("region", "country", "demonym") and i in scan.owner:
            return None
    inside = [scan.owner[i].entry for i in range(first, last) if i in scan.owner]
    if len({e.country for e in inside if e.source in ("country", "demonym", "prefix")}) > 1:
        return None
    for sources in (("country", "demonym"), ("capital", "city", "province"), ("body",), ("pattern",)):
        for entry in inside:
            if entry.source in sources and entry.country:
                return entry.country
    return None


def joint_countries(scan: Scan, first: int, last: int) -> tuple[str, ...]:
    """Return the countries that a name joins by a dash: "China-Congolese Friendship Hospital"."""
    inside = [scan.owner.get(i) for i in range(first, last)]
    shorter = [hit.entry.countries for hit in inside if hit is not None and hit.source == "pattern"]
    dashes = [i for i in range(first + 1, last - 1) if scan.tokens.words[i] in DASHES]
    pairs = [(scan.owner.get(i - 1), scan.owner.get(i + 1)) for i in dashes]
    ends = [hit.entry for pair in pairs for hit in pair if hit is not None and all(pair)]
    joined = tuple(dict.fromkeys(entry.country for entry in ends if entry.country and entry.source in COUNTRY_LIKE))
    return joined or next(filter(None, shorter), ())


def canonical(scan: Scan, first: int, last: int, head: int, country: str | None) -> str:
    """Return the name of a body that no table has; those of a government begin with the country's name."""
    tokens = scan.tokens
    if tokens.words[head] in ("Embassy", "Consulate", "Embassies") and country:
        return embassy(country)
    text = " ".join(tokens.slice(first, last).split()).rstrip(" ,(").removeprefix("the ")
    if POSSESSIVE.match(text) and first in scan.owner:
        text = POSSESSIVE.sub("", text)
    if tokens.words[head] not in ("Ministry", "Department", "Bureau", "Directorate") or country is None:
        return text
    end = last
    while (
        end > head + 1
        and (hit := scan.before(end)) is not None
        and hit.entry.country == country
        and hit.source == "country"
    ):
        end = hit.first
        while end > head + 1 and tokens.words[end - 1] in ("the", "of", "'"):
            end -= 1
    start = head
    while start > first and scan.owner.get(start - 1) is None and is_cap(tokens.words[start - 1]):
        start -= 1
    core = titled(tokens.slice(start, end))
    if core.endswith(" Ministry"):
        core = ministry_of(core)
    return f"{country_names()[country]} {core}"
