"""The country of a body whose name does not show it: from the words after it, its legal form, or a fuller name."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from extractors.mentions.parties.entries import HEADS, NAME_STOPS, TOPICS, WORDS, Entry, rows
from extractors.mentions.parties.lexicon import Hit, Tokens, is_cap, lexicon
from extractors.mentions.parties.scan import SITES, TOWNS, Scan

OFFICE_OF_COUNTRY = re.compile(r" ((?:Ministry|Department|Bureau|Directorate) of .+)")
MINISTRY = re.compile(r"(?i)\b(?:ministry|treasury)\b")
LEGAL_FORMS = {
    tuple(Tokens(row["form"]).words): row["country"] for row in rows("legalforms.csv") if "|" not in row["country"]
}
"""By its tokens, the country of each legal form that exists in one country only."""
BODIES = frozenset({"organisation", "company", "university", "government"})


def find_home_countries(scan: Scan) -> None:
    """Set the country of bodies without one, where the text states it for them."""
    stated: dict[str, set[str | None]] = defaultdict(set)
    bodies = [hit for hit in scan.ordered() if hit.source in ("pattern", "capitals") and hit.entry.type in BODIES]
    for hit in bodies:
        if hit.country is None and not hit.entry.countries and not _is_multinational(scan, hit):
            words, lengths = scan.words, (1, 2, 3, 4, 7)
            ends = (tuple(words[last - size : last]) for last in (hit.last, hit.last + 1) for size in lengths)
            country = _country_after(scan, hit) or next(filter(None, map(LEGAL_FORMS.get, ends)), None)
            hit.entry = replace(hit.entry, country=country)
        for name in _short_names(hit.entry.name) if hit.country else ():
            stated[name].add(hit.country)
    for hit in bodies:
        countries = stated[hit.entry.name]
        if hit.country is None and len(countries) == 1 and not _is_multinational(scan, hit):
            hit.entry = replace(hit.entry, country=next(iter(countries)))


def assign_text_country(scan: Scan) -> None:
    """Give ministries without a country ("the finance ministry") the country that the text is about.

    That is the country named most often, if all towns in the text are in it.
    """
    hits = scan.ordered()
    named = Counter(hit.country for hit in hits if hit.country).most_common(2)
    towns = {hit.country for hit in hits if hit.source in TOWNS}
    if not named or towns != {named[0][0]} or (len(named) > 1 and named[0][1] == named[1][1]):
        return
    for hit in hits:
        ministry = hit.source == "pattern" and hit.entry.type == "government" and MINISTRY.search(hit.entry.name)
        if ministry and hit.country is None and not hit.entry.countries and not _is_multinational(scan, hit):
            hit.entry = replace(hit.entry, country=named[0][0])


def is_generic(scan: Scan, hit: Hit) -> bool:
    """Return whether the name is generic, so that many countries have such a body: "National Science Foundation"."""
    return is_generic_name(scan.words[hit.first : hit.last])


def is_generic_name(words: list[str]) -> bool:
    """Return whether the words of a name, at least two, only say what the body is and does."""
    plain = TOPICS | HEADS.keys()
    return len(words) > 1 and all(word in plain or word in ("of", "for", "and", "on") for word in words)


def resolve_generic(scan: Scan) -> None:
    """Replace a table's body with a generic name by an unlisted body where the text does not name its country.

    The new body gets the country stated after one of its mentions, else None.
    """
    named: dict[Entry, list[Hit]] = defaultdict(list)
    for hit in scan.ordered():
        if hit.source == "body" and hit.country and hit.entry.type != "company" and is_generic(scan, hit):
            named[hit.entry].append(hit)
    for entry, hits in named.items():
        for hit in [hit for hit in hits if _is_part_of_other_name(scan, hit)]:
            hits.remove(hit)
            scan.add_unlisted(hit.first - 1, hit.last, entry.type, None)
        countries = {country for hit in hits if (country := _country_after(scan, hit))}
        if not hits or entry.country in (countries or [hit.country for hit in scan.hits if hit.entry != entry]):
            continue
        country = countries.pop() if len(countries) == 1 else None
        new_body = Entry.of_pattern(scan.name(hits[0].first, hits[0].last), entry.type, country)
        for hit in scan.hits:
            if hit.entry == entry:  # its acronym too
                hit.entry = new_body


def _is_part_of_other_name(scan: Scan, hit: Hit) -> bool:
    """Return whether the word before a name belongs to it, which makes it another body: "Techno Peace Corps"."""
    word = scan.word(hit.first - 1)
    plain = is_cap(word) and word.isalpha() and word not in NAME_STOPS and hit.first - 1 not in scan.owner
    return plain and scan.joined(hit.first) and not scan.initial(hit.first - 1)


def _short_names(name: str) -> Iterator[str]:
    """Yield a body's name and its short forms: "Ministry of Finance" for "Ministry of Finance of Tajikistan"."""
    yield name
    own = OFFICE_OF_COUNTRY.search(name)
    if own is not None:
        yield own[1]  # "Peru Ministry of Finance"
    for link in (" of ", ", "):
        head, _, last = name.rpartition(link)
        if " " in head and len(last.split()) < 4:
            yield head


def _is_multinational(scan: Scan, hit: Hit) -> bool:
    """Return whether the name shows a body of several countries: "International …", "SADC …", "African …"."""
    if not WORDS["worldword"].isdisjoint(scan.words[hit.first : hit.last]):
        return True
    found = (lexicon().longest(scan, at) for at in range(hit.first, hit.last))
    inside = (one for one in found if one and one.last <= hit.last)
    return any(one.source == "body" and one.country is None for one in inside)


def _country_after(scan: Scan, hit: Hit) -> str | None:
    """Return the country of the place after a body, None without one: "(Kenya)", ", Oslo", "in Oslo", "of Peru"."""
    at, mark = hit.last, scan.word(hit.last)
    if not scan.joined(at) or not mark:
        return None
    at += mark == "," and scan.word(at + 1) in WORDS["based"]
    at += scan.word(at) in WORDS["based"]
    mark = scan.word(at)
    at += 1 + (scan.word(at + 1) == "the")
    place = scan.at(at, SITES)
    if mark not in (",", "(", "in", "at", "of") or not place or place.entry.role == "demonym" or not scan.joined(at):
        return None
    apart = (mark == "(" and scan.word(place.last) not in (")", ",")) or (mark == "," and _is_listed(scan, hit, place))
    return None if apart else place.country


def _is_listed(scan: Scan, hit: Hit, place: Hit) -> bool:
    """Return whether a body and the place after its comma are items of a list: "X University, China and Japan"."""
    mark, following = scan.word(place.last), scan.at(place.last + 1)
    if mark in ("and", "&") or (mark == "," and following and following.country != place.country):
        return True  # but "…, Oslo, Norway"
    return scan.word(hit.first - 1) in (",", "and") and scan.before(hit.first - 1, SITES) is not None
