"""Parties of a text: the tables' names, the patterns, then what the document itself resolves."""

from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.mentions import PartyMention

from .appositions import find_appositions
from .bodies import find_bodies
from .capitals import find_capitals
from .described import find_described
from .entries import Entry, word_lists
from .groups import find_groups
from .headfirst import find_head_first
from .homes import find_homes
from .lexicon import Hit
from .nations import find_compounds, find_governments
from .owners import owner_before
from .persons import find_persons
from .placeforms import find_place_forms
from .scan import Scan, heads, scan
from .shortforms import find_acronyms, find_bare_ministries, find_descriptions, find_surnames
from .states import find_states
from .surfaces import known
from .tokens import Tokens
from .twins import resolve_towns, resolve_twins

if TYPE_CHECKING:
    from spacy.tokens import Doc


def find_parties(text: "str | Doc", *, capitals: bool = False) -> list[PartyMention]:
    """Return the parties mentioned in ``text``, in order, without overlaps.

    Args:
        text: Any text; offsets are characters of it (of ``doc.text`` for a Doc), end exclusive.
        capitals: Take names that no table or pattern knows too, by their capitals alone (``source``: ``capitals``).
    """
    found = scan(Tokens(text if isinstance(text, str) else text.text))
    find_states(found)
    resolve_twins(found)
    resolve_towns(found)
    find_place_forms(found)
    find_bodies(found)
    find_head_first(found)
    _possessors(found)
    find_persons(found)
    find_surnames(found)
    find_governments(found)
    find_compounds(found)
    find_groups(found)
    find_appositions(found)
    find_homes(found)
    find_described(found)
    if capitals:
        find_capitals(found)
        find_homes(found)
    find_acronyms(found)
    find_bare_ministries(found)
    find_descriptions(found)
    return _mentions(found)


def _possessors(found: Scan) -> None:
    """Join "China's" before, and "of China" after, to a body of the tables: "China's Exim Bank"."""
    for hit in found.ordered():
        if hit.source != "body" or hit.entry.type == "person":
            continue
        country, first = owner_before(found, hit.first)
        after = found.at(hit.last + 1 + (found.tokens.word(hit.last + 1) == "the"))
        last = hit.last
        if (
            found.tokens.word(last) == "of"
            and after is not None
            and after.source == "country"
            and hit.entry.country == after.entry.country
        ):
            last = after.last
        if country is not None and hit.entry.country != country:
            if hit.entry.country is not None and _is_generic(found, hit):
                text = " ".join(found.tokens.slice(hit.first, hit.last).split())
                found.add(Hit(first, last, replace(hit.entry, name=text, country=country, source="pattern")))
                continue
            first = hit.first
        if (first, last) != (hit.first, hit.last) and hit.entry.country is not None:
            entry = known(found.tokens.slice(hit.first, hit.last), hit.entry.country) or hit.entry
            found.add(Hit(first, last, entry))


def _is_generic(found: Scan, hit: Hit) -> bool:
    """Whether many countries have a body of that name: "National Science Foundation"."""
    plain, words = word_lists()["topic"] | heads().keys(), found.tokens.words[hit.first : hit.last]
    return len(words) > 1 and all(word in plain or word in ("of", "for", "and", "on") for word in words)


def _mentions(found: Scan) -> list[PartyMention]:
    hits = found.ordered()
    return [_mention(found, hit) for hit in hits]


def _mention(found: Scan, hit: Hit) -> PartyMention:
    tokens, entry, first = found.tokens, hit.entry, hit.first
    if (
        tokens.words[first].lower() == "the"
        and entry.source not in ("city", "capital", "description")
        and hit.last - first > 1
    ):
        first += 1
    return mention_of(entry, tokens.slice(first, hit.last), tokens.starts[first])


def mention_of(entry: Entry, text: str, start: int) -> PartyMention:
    """Return the mention of ``entry`` by ``text`` that begins at character ``start``."""
    return PartyMention(
        start,
        start + len(text),
        text,
        name=entry.name,
        type=entry.type,
        country=entry.country,
        role=entry.role,
        countries=entry.countries,
        source=entry.source,
    )
