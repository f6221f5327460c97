"""Parties mentioned in a text: countries, bodies, office holders and groups.

Names in the tables are found first, then names that match patterns; last, short names and descriptions are resolved
within the document.
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from extractors.mentions import PartyMention
from extractors.mentions.parties.bodies import find_bodies, find_head_first
from extractors.mentions.parties.capitals import find_capitals
from extractors.mentions.parties.described import add_apposition, add_described
from extractors.mentions.parties.entries import COUNTRY_NAMES, HEAD_FIRST, HEADS, Entry
from extractors.mentions.parties.homes import (
    assign_text_country,
    find_home_countries,
    is_generic,
    is_generic_name,
    resolve_generic,
)
from extractors.mentions.parties.lexicon import Hit, Tokens, lexicon, norm
from extractors.mentions.parties.nations import add_group, find_compounds, find_governments
from extractors.mentions.parties.persons import add_person, find_surnames
from extractors.mentions.parties.places import add_place_form, find_state_forms, resolve_towns, resolve_twins
from extractors.mentions.parties.scan import COUNTRY, SITES, Scan
from extractors.mentions.parties.shortforms import find_acronyms, find_bare_ministries, find_descriptions

if TYPE_CHECKING:
    from spacy.tokens import Doc

OF = frozenset({"of", "de", "du", "del", "da", "do"})
_LINKED = re.compile(r"[^-–—]+")


def find_parties(text: "str | Doc", *, capitals: bool = False) -> list[PartyMention]:
    """Return the parties mentioned in ``text``, in text order, without overlaps.

    Args:
        text: Any text; offsets are characters of it (of ``doc.text`` for a Doc), end exclusive.
        capitals: Also return capitalised names that no table or pattern knows (``source``: ``capitals``).
    """
    scan = Scan(text if isinstance(text, str) else text.text)
    find_state_forms(scan)
    resolve_twins(scan)
    resolve_towns(scan)
    scan.for_each_trigger("placeform", add_place_form)
    find_bodies(scan)
    find_head_first(scan)
    _join_possessors(scan)
    scan.for_each_trigger("person", add_person)
    find_surnames(scan)
    find_governments(scan)
    find_compounds(scan)
    scan.for_each_trigger("group", add_group)
    scan.for_each_trigger("trade", add_apposition)
    find_home_countries(scan)
    resolve_generic(scan)
    scan.for_each_trigger("described", add_described)
    if capitals:
        find_capitals(scan)
        find_home_countries(scan)
    find_acronyms(scan)
    find_bare_ministries(scan)
    assign_text_country(scan)
    find_descriptions(scan)
    return [_mention(scan, hit) for hit in scan.ordered()]


def _join_possessors(scan: Scan) -> None:
    """Extend bodies found in the tables by a possessor or place: "China's Exim Bank", "… of China", "Shell Gabon"."""
    for hit in scan.ordered():
        if hit.source == "body" and hit.entry.type != "person":
            _join_possessor(scan, hit)
            _join_branch(scan, hit)


def _join_branch(scan: Scan, hit: Hit) -> None:
    """Extend a company by the country after its name: "Shell Gabon" is its branch there."""
    place = scan.at(hit.last, COUNTRY)
    if not place or place.entry.role != "name" or hit.entry.type != "company" or scan.owner.get(hit.first) is not hit:
        return
    spaced = scan.text[scan.ends[hit.last - 1] : scan.starts[place.first]] == " "
    listed = scan.word(place.last) in (",", "and", "&", "-", "–", "/") and scan.at_the(place.last + 1, COUNTRY)
    if spaced and not listed and hit.country not in (None, place.country):
        scan.add_unlisted(hit.first, place.last, "company", place.country)


def _is_branch(scan: Scan, hit: Hit, place: Hit) -> bool:
    """Return whether the place after a body makes it a namesake or branch abroad: "Institut Pasteur de Dakar"."""
    headed = any(word in HEADS or word in HEAD_FIRST for word in scan.words[hit.first : hit.last])
    abroad = hit.country is not None and place.country not in (None, hit.country)
    return headed and abroad and place.source in SITES and scan.joined(hit.last)


def _join_possessor(scan: Scan, hit: Hit) -> None:
    """Extend a body by "China's" or "of China"; under a generic name, a country not its own makes it another body."""
    country, first = scan.possessor(hit.first)
    last = hit.last
    after = scan.at_the(last + 1) if scan.word(last) in OF else None
    if after and after.source == "country" and hit.country == after.country:
        last = after.last if scan.word(last) == "of" else last
    elif after and _is_branch(scan, hit, after):
        scan.add_unlisted(hit.first, after.last, hit.entry.type, after.country)
        return
    if country and hit.country != country:
        if hit.country and (is_generic(scan, hit) or _is_generic_acronym(scan, hit)):
            name = scan.name(hit.first, hit.last)
            own = lexicon().find_body(hit.entry.name, country) or lexicon().find_body(name, country)
            scan.add(first, last, own or replace(hit.entry, name=name, country=country, source="pattern"))
            return
        first = hit.first
    if (first, last) != (hit.first, hit.last) and hit.country:
        known = lexicon().find_body(scan.slice(hit.first, hit.last), hit.country)
        scan.add(first, last, known or hit.entry)


def _is_generic_acronym(scan: Scan, hit: Hit) -> bool:
    """Return whether an acronym stands for a name that many countries' bodies have: "Ghana's EPA", "India's CSIR"."""
    words = hit.entry.name.split()
    acronym = hit.last - hit.first == 1 and scan.words[hit.first].isupper() and hit.entry.type != "company"
    return acronym and len(words) > 1 and is_generic_name(words)


def _mention(scan: Scan, hit: Hit) -> PartyMention:
    named = hit.source not in ("city", "capital", "description") and hit.last - hit.first > 1
    first = hit.first + (named and scan.words[hit.first].lower() == "the")
    return _mention_of(hit.entry, scan.slice(first, hit.last), scan.starts[first])


def _mention_of(entry: Entry, text: str, start: int) -> PartyMention:
    """Return the mention of ``entry`` as ``text``, which begins at character ``start``."""
    what = (entry.name, entry.type, entry.country, entry.role, entry.countries, entry.source)
    return PartyMention(start, start + len(text), text, *what)


@lru_cache(maxsize=4096)
def country_of(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of the country that ``name`` is, belongs to or lies in; None if unknown."""
    if name in COUNTRY_NAMES:
        return name
    entry = lexicon().find(" ".join(name.split()))
    if entry is not None:
        return entry.country
    return next((m.country for m in find_parties(name) if m.country), None)


def compound_members(mention: PartyMention) -> tuple[PartyMention, ...]:
    """Return the members of a compound ("China-EU") as mentions with their own offsets; else the mention itself."""
    if mention.source != "compound":
        return (mention,)
    pieces = _LINKED.finditer(mention.text)
    return tuple(member for one in pieces if (member := _member(mention, one.start(), one[0]))) or (mention,)


def parties_in_name(mention: PartyMention) -> tuple[PartyMention, ...]:
    """Return the parties in a body's name, with their own offsets: "the China-Kenya Commission" has two.

    Returns () unless the name begins with names of countries or regions linked by dashes.
    """
    pieces = list(_LINKED.finditer(mention.text))
    if len(pieces) < 2:
        return ()
    *heads, tail = pieces
    words = Tokens(tail[0])
    last = lexicon().longest(words, 0) if len(words) else None
    if last is None:
        return ()
    named = [*((one.start(), one[0]) for one in heads), (tail.start(), words.slice(0, last.last))]
    found = [member for one in named if (member := _member(mention, *one))]
    countries = all(one.country is None or one.type == "country" for one in found)
    return tuple(found) if countries and len(found) == len(named) else ()


def _member(mention: PartyMention, at: int, stretch: str) -> PartyMention | None:
    """Look up a part of a mention in the tables; ``at`` is the offset of ``stretch`` in the mention."""
    text = stretch.strip()
    entry = lexicon().find(text) or lexicon().prefixes.get(norm(text))
    return None if entry is None else _mention_of(entry, text, mention.start + at + stretch.index(text))
