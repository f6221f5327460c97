"""The tables of names and words in ``tables/``, and the entries that their names stand for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

from extractors.mentions import PartyRole
from extractors.mentions.patterns import split_cell
from schemas import PartyType
from schemas.packaged import packaged_rows


@dataclass(frozen=True, slots=True)
class Entry:
    """A party or place that a surface names.

    ``source`` is one of ``country demonym prefix capital city province river people region body leader`` for entries
    of the tables, else the rule that made the entry. ``countries`` lists the members of a region, or the countries
    that share the name, most likely first.
    """

    name: str
    type: PartyType
    country: str | None
    role: PartyRole
    source: str
    countries: tuple[str, ...] = ()

    @classmethod
    def of_pattern(cls, name: str, type_: str, country: str | None, countries: tuple[str, ...] = ()) -> "Entry":
        """Make the entry of a body that a pattern found and no table has."""
        return cls(name, cast(PartyType, type_), country, "name", "pattern", countries)


class Noun(NamedTuple):
    """A noun of ``described.csv``: its words, the type of body, and what identifies the body that is meant.

    ``kind`` is ``state`` (each state has one), ``body``, ``topical`` (identified by its field of work), or ``sited``
    (identified by its place, not by its nation).
    """

    words: tuple[str, ...]
    type: str
    kind: str


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a table in ``tables/``; a ``.tsv`` is separated by tabs."""
    delimiter = "\t" if table.endswith(".tsv") else ","
    return packaged_rows("extractors.mentions.parties", f"tables/{table}", delimiter=delimiter)


_COUNTRIES = rows("countries.csv")
COUNTRY_NAMES = {row["iso3"]: row["name"] for row in _COUNTRIES}
"""The canonical short name of each country by ISO 3166-1 alpha-3."""
ADJECTIVES = {row["iso3"]: (split_cell(row["adjectives"]) or [row["name"]])[0] for row in _COUNTRIES}
"""The usual adjective (or the name) of each country by ISO 3166-1 alpha-3."""
WORDS = {row["kind"]: frozenset(row["words"].split()) for row in rows("words.csv")}
"""The word lists of ``words.csv`` by kind."""
TOPICS = WORDS["topic"]
"""Words for a field of work: "Health", "Fisheries"."""
NAME_STOPS = WORDS["leftstop"] | WORDS["person"] | WORDS["namestop"]
"""Capitalised words that are not part of a name: words that begin a sentence, titles, months …"""
HEADS = {row["head"]: row for row in rows("heads.csv")}
"""The rows of ``heads.csv`` by head word of a body's name: "Ministry", "University" …"""
HEAD_FIRST = {head: row["type"] for row in rows("headfirst.csv") for head in split_cell(row["heads"])}
"""The type of body by head word, for heads that come first in the name: "Universiti", "Fonds" …"""
TRADES = {noun: row["type"] for row in rows("trades.csv") for noun in split_cell(row["nouns"])}
"""The type of body by noun, for nouns that precede a name: "drugmaker Novartis"."""
GOVERNMENTS = {
    surface: Entry(row["government"] or f"{row['name']} Government", "government", row["country"], "name", "government")
    for row in rows("parts.csv")
    for surface in [row["name"], *split_cell(row["adjectives"])]
}
"""The governments of regions with their own, by the region's name and adjectives: "Scotland", "Bavarian"."""
NOUNS = {
    tuple(noun.split()): Noun(tuple(noun.split()), row["type"], row["kind"])
    for row in rows("described.csv")
    for noun in split_cell(row["nouns"])
}
"""The nouns of ``described.csv`` by their words."""


def _plural_people(adjective: str) -> list[str]:
    """Return the plural noun for people of an adjective ("Kenyan": "Kenyans") in a list, [] where it has none."""
    return [f"{adjective}s"] if re.search(r"(?:an|i|ot|ek|k|it|ne|ard|b)$", adjective) and adjective.isalpha() else []


def people_words() -> frozenset[str]:
    """Return the lower-case plurals for people of countries and regions: "kenyans", "timorese", "africans"."""
    found: set[str] = set()
    for row in (*_COUNTRIES, *rows("regions.csv")):
        for last in (surface.split()[-1] for surface in split_cell(row["adjectives"])):
            found.update([last] if last.endswith("ese") else _plural_people(last))
        found.update(one for one in split_cell(row.get("nouns", "")) if one.endswith(("s", "men")))
    return frozenset(people.lower().split()[-1] for people in found)


def all_entries() -> Iterator[tuple[str, Entry]]:
    """Yield (surface, entry) from all tables; for a repeated surface the later entry takes precedence."""
    for row in rows("parts.csv"):
        for surface in split_cell(row["adjectives"]):
            yield surface, Entry(surface, "group", row["country"], "place", "people")
    yield from _places()
    yield from _regions()
    yield from _countries()
    yield from _bodies()
    yield from _twins()


def _countries() -> Iterator[tuple[str, Entry]]:
    """Yield names, people, prefixes and capitals of the countries."""
    for row in _COUNTRIES:
        code, name = row["iso3"], row["name"]
        people = Entry(name, "country", code, "demonym", "demonym")
        for surface in split_cell(row["adjectives"]):
            yield from ((form, people) for form in (surface, *_plural_people(surface)))
        for surface in split_cell(row["nouns"]):
            yield surface, people
        for surface in split_cell(row["capitals"]):
            yield surface, Entry(surface, "government", code, "place", "capital")
        for surface in split_cell(row["prefixes"]):
            yield surface, Entry(name, "country", code, "demonym", "prefix")
        for surface in [name, *split_cell(row["aliases"])]:
            for spelling in _spellings(surface):
                yield spelling, Entry(name, "country", code, "name", "country")


def _spellings(surface: str) -> set[str]:
    """Return the spellings of a country's name: "&" for "and", "St." and "St" for "Saint"."""
    saint = re.fullmatch(r"(?:St\.?|Saint) (.*)", surface)
    forms = [f"{form} {saint[1]}" for form in ("Saint", "St.", "St")] if saint else [surface]
    return {form.replace(" and ", link) for form in forms for link in (" and ", " & ")}


def _regions() -> Iterator[tuple[str, Entry]]:
    """Yield names and adjectives of regions and groups of countries."""
    for row in rows("regions.csv"):
        members = tuple(split_cell(row["members"]))
        for surface in [row["name"], *split_cell(row["aliases"])]:
            yield surface, Entry(row["name"], "group", None, "name", "region", members)
        people = Entry(row["name"], "group", None, "demonym", "region", members)
        for surface in split_cell(row["adjectives"]):
            yield from ((form, people) for form in (surface, *_plural_people(surface)))
    for surface, name in (("Afro", "Africa"), ("Euro", "Europe")):
        yield surface, Entry(name, "group", None, "demonym", "prefix")


@cache
def namesakes() -> dict[str, frozenset[str]]:
    """Return the countries that have a town or province of a name, by that name."""
    found: dict[str, frozenset[str]] = {}
    for row in (*_place_rows(), *rows("namesakes.csv")):
        found[row["surface"]] = found.get(row["surface"], frozenset()).union(split_cell(row["countries"]))
    return found


@cache
def _place_rows() -> list[dict[str, str]]:
    return [*rows("places.tsv"), *rows("places_extra.csv")]


def _places() -> Iterator[tuple[str, Entry]]:
    """Yield cities, provinces, rivers and peoples."""
    for row in _place_rows():
        surface, kind, countries = row["surface"], row["kind"], tuple(split_cell(row["countries"]))
        kept = countries if len(countries) > 1 else ()
        type_: PartyType = "group" if kind in ("river", "people") else "government"
        yield surface, Entry(surface, type_, countries[0], "place", kind, kept)


def _bodies() -> Iterator[tuple[str, Entry]]:
    """Yield bodies, and persons known by name."""
    for row in rows("bodies.csv"):
        entry = Entry(row["name"], cast(PartyType, row["type"]), row["country"] or None, "name", "body")
        for surface in [row["name"], *split_cell(row["aliases"])]:
            yield surface, entry
    for row in rows("leaders.csv"):
        yield row["name"], Entry(row["name"], "person", row["country"], "person", "leader")


def _twins() -> Iterator[tuple[str, Entry]]:
    """Yield names that several countries share, with the candidates in ``countries``, most likely first."""
    for row in rows("twins.csv"):
        candidates, source = tuple(split_cell(row["countries"])), row["source"]
        type_: PartyType = "organisation" if source == "body" else "country"
        role: PartyRole = "demonym" if source == "demonym" else "name"
        name = row["name"] or COUNTRY_NAMES[candidates[0]]
        yield row["surface"], Entry(name, type_, candidates[0], role, source, candidates)
