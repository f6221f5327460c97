"""The party that a mention stands for in a role.

Capitals and persons for their country, cities for it where they host.
"""

import re
from dataclasses import replace

from extractors.entities.parties import find_parties, parts
from extractors.entities.parties.entries import country_names
from extractors.mentions import PartyMention

BODIES = frozenset({"organisation", "university", "company", "government"})

_PLACES = frozenset({"in", "at", "from", "of", "into", "on"})


def members(party: PartyMention) -> tuple[PartyMention, ...]:
    """Return the parties of a pair ("SCO-Central Asia") with their own offsets; any other party alone."""
    if party.source != "compound":
        return (party,)
    known = parts(party)
    if len(known) > 1:
        return known
    out: list[PartyMention] = []
    for piece in re.finditer(r"[^-–—]+", party.text):
        found = [p for p in find_parties(piece.group()) if p.end - p.start >= len(piece.group().strip()) - 1]
        if not found and piece.group().strip().isupper():
            name = piece.group().strip()
            found = [PartyMention(0, len(name), name, name=name, type="organisation", source="capitals")]
        out += [
            replace(p, start=party.start + piece.start() + p.start, end=party.start + piece.start() + p.end)
            for p in found[:1]
        ]
    return tuple(out) if len(out) > 1 else (party,)


def in_role(party: PartyMention, relation: str) -> PartyMention:
    """Return ``party`` as the contract names it in this role."""
    if party.role == "place" and party.country and (party.source == "capital" or relation in _PLACES):
        return as_country(party)
    if party.role in {"person", "demonym"} and party.country and party.type != "group":
        return as_country(party)
    return party


def as_country(party: PartyMention) -> PartyMention:
    """Return the country of a party in its stead; its mention stays."""
    if party.country is None or party.country not in country_names():
        return party
    return replace(party, name=country_names()[party.country], type="country", role="name")


def home(party: PartyMention | None) -> str | None:
    """The country a party belongs to, None for international bodies and groups."""
    return None if party is None else party.country


def same(a: PartyMention, b: PartyMention) -> bool:
    """Whether two mentions name one party."""
    if a.type == "country" and b.type == "country":
        return a.country == b.country
    return a.name == b.name and (a.country == b.country or not a.country or not b.country)


def domestic(actor: PartyMention, partner: PartyMention | None) -> bool:
    """Whether both belong to one country, so that no foreign side is named."""
    if partner is None:
        return False
    return same(actor, partner) or bool(home(actor)) and home(actor) == home(partner)
