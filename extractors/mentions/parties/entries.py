"""What a name of the tables stands for, and the tables themselves as entries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from schemas import PartyType
from schemas.packaged import packaged_rows

from .tokens import norm

Role = Literal["name", "demonym", "place", "person", "description"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A party or place that a surface names.

    ``source`` is ``country demonym prefix capital city province river people region body leader``.
    ``countries`` are the members of a region, or the candidates for a place of that name (likeliest first).
    """

    name: str
    type: PartyType
    country: str | None
    role: Role
    source: str
    countries: tuple[str, ...] = ()


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a table of this folder."""
    delimiter = "\t" if table.endswith(".tsv") else ","
    return packaged_rows("extractors.mentions.parties", f"tables/{table}", delimiter=delimiter)


def cells(text: str) -> list[str]:
    """Split a cell that holds a list."""
    return [part for part in text.split("|") if part]


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return the canonical short name of each country by ISO 3166-1 alpha-3."""
    return {row["iso3"]: row["name"] for row in rows("countries.csv")}


@lru_cache(maxsize=1)
def adjectives() -> dict[str, str]:
    """Return the usual adjective (or the name) of each country by ISO 3166-1 alpha-3."""
    return {row["iso3"]: (cells(row["adjectives"]) or [row["name"]])[0] for row in rows("countries.csv")}


@lru_cache(maxsize=1)
def word_lists() -> dict[str, frozenset[str]]:
    """Return the word lists by kind."""
    return {row["kind"]: frozenset(row["words"].split()) for row in rows("words.csv")}


def plural(adjective: str) -> str | None:
    """Return the plural people noun of an adjective ("Kenyan": "Kenyans"), None where it has none."""
    return adjective + "s" if re.search(r"(?:an|i|ot|ek|k|it|ne|ard|b)$", adjective) and adjective.isalpha() else None


def country_entries() -> Iterator[tuple[str, Entry]]:
    """Yield (surface, entry) of the countries: names, people, prefixes, capitals."""
    for row in rows("countries.csv"):
        code, name = row["iso3"], row["name"]
        named = Entry(name, "country", code, "name", "country")
        people = Entry(name, "country", code, "demonym", "demonym")
        for surface in cells(row["adjectives"]):
            yield surface, people
            if several := plural(surface):
                yield several, people
        for surface in cells(row["nouns"]):
            yield surface, people
        for surface in cells(row["capitals"]):
            yield surface, Entry(surface, "government", code, "place", "capital")
        for surface in cells(row["prefixes"]):
            yield surface, Entry(name, "country", code, "demonym", "prefix")
        for surface in [name, *cells(row["aliases"])]:
            for spelling in _spellings(surface):
                yield spelling, named


def _spellings(surface: str) -> set[str]:
    """Return a country's name as others write it: "&" for "and", "St." and "St" for "Saint"."""
    saint = re.fullmatch(r"(?:St\.?|Saint) (.*)", surface)
    forms = [f"{form} {saint[1]}" for form in ("Saint", "St.", "St")] if saint else [surface]
    return {form.replace(" and ", link) for form in forms for link in (" and ", " & ")}


def region_entries() -> Iterator[tuple[str, Entry]]:
    """Yield (surface, entry) of regions and sets of countries."""
    for row in rows("regions.csv"):
        members = tuple(cells(row["members"]))
        for surface in [row["name"], *cells(row["aliases"])]:
            yield surface, Entry(row["name"], "group", None, "name", "region", members)
        for surface in cells(row["adjectives"]):
            entry = Entry(row["name"], "group", None, "demonym", "region", members)
            yield surface, entry
            if several := plural(surface):
                yield several, entry
    for surface, name in (("Afro", "Africa"), ("Euro", "Europe")):
        yield surface, Entry(name, "group", None, "demonym", "prefix")


def place_entries() -> Iterator[tuple[str, Entry]]:
    """Yield (surface, entry) of cities, provinces, rivers and peoples."""
    for table in ("places.tsv", "places_extra.csv"):
        for row in rows(table):
            surface, kind, countries = row["surface"], row["kind"], tuple(cells(row["countries"]))
            kept = countries if len(countries) > 1 else ()
            type_: PartyType = "group" if kind in ("river", "people") else "government"
            yield surface, Entry(surface, type_, countries[0], "place", kind, kept)


def body_entries() -> Iterator[tuple[str, Entry]]:
    """Yield (surface, entry) of bodies and of persons known by name."""
    for row in rows("bodies.csv"):
        entry = Entry(row["name"], row["type"], row["country"] or None, "name", "body")  # type: ignore[arg-type]
        for surface in [row["name"], *cells(row["aliases"])]:
            yield surface, entry
    for row in rows("leaders.csv"):
        yield row["name"], Entry(row["name"], "person", row["country"], "person", "leader")


def twin_entries() -> Iterator[tuple[str, Entry]]:
    """Yield (surface, entry) of names that several countries share; ``countries``: candidates, likeliest first."""
    people = {surface for surface, entry in country_entries() if entry.source == "demonym"}
    names = country_names()
    for row in rows("twins.csv"):
        surface, candidates = row["surface"], tuple(cells(row["countries"]))
        if row["name"]:
            yield surface, Entry(row["name"], "organisation", candidates[0], "name", "body", candidates)
        elif surface in people:
            yield surface, Entry(names[candidates[0]], "country", candidates[0], "demonym", "demonym", candidates)
        else:
            yield surface, Entry(names[candidates[0]], "country", candidates[0], "name", "country", candidates)


def all_entries() -> Iterator[tuple[str, Entry]]:
    """Yield every (surface, entry); of two entries of one surface the later wins."""
    yield from place_entries()
    yield from region_entries()
    yield from country_entries()
    yield from body_entries()
    yield from twin_entries()


def shouted(surface: str) -> bool:
    """Whether ``surface`` must be matched with exactly these capitals, as acronyms are."""
    return any(
        len(w) > 1 and not w.islower() and w[1:] != w[1:].lower() for w in re.findall(r"[^\W\d_]+", surface)
    ) or (re.fullmatch(r"(?:[^\W\d_]\.? ?){2,}", surface) is not None and surface[1:2] in ". ")


def same_letters(surface: str, text: str) -> bool:
    """Whether ``text`` has the capitals of ``surface`` (accents and blanks aside)."""
    return [c.isupper() for c in norm_keep_case(surface)] == [c.isupper() for c in norm_keep_case(text)]


def norm_keep_case(text: str) -> str:
    """Return the letters of ``text``, one a letter, case kept."""
    return "".join(c for c in text if c.isalnum() and norm(c))
