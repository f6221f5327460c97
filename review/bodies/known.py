"""The parties that a release names, as decided so far: each with its country, how often it stands, and where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from review.store import View

PLACES = ("actor", "partner")
"""The fields of a record that name a party."""
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Variant:
    """A party as it is named: name, type and country (none is empty), and the records and fields that name it so."""

    name: str
    type: str
    country: str
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        """In how many places it stands."""
        return len(self.places)

    @property
    def id(self) -> str:
        """What a form calls it by."""
        return f"{self.country}|{self.name}"


@dataclass(frozen=True, slots=True)
class Known:
    """All variants by their ids."""

    variants: Mapping[str, Variant]

    def holding(self, words: str) -> list[Variant]:
        """List the variants whose names hold all of some words, the most frequent first."""
        wanted = words.casefold().split()
        found = [one for one in self.variants.values() if all(word in one.name.casefold() for word in wanted)]
        return sorted(found, key=most)


def known_in(view: View) -> Known:
    """Gather the parties of the latest release; rejected records, and countries by their names, are left out."""
    types: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    places: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place, name, kind, country in _named(view):
        if kind != "country":
            types[name, country][kind] += 1
            places[name, country].append(place)
    found = (Variant(name, _first(types[name, country]), country, tuple(at)) for (name, country), at in places.items())
    return Known({one.id: one for one in found})


def _named(view: View) -> Iterator[tuple[Place, str, str, str]]:
    frame, given = view.shelf.frame, _given(view)
    for field in PLACES:
        columns = [frame[name] for name in ("record_id", field, f"{field}_type", f"{field}_country")]
        for record_id, name, kind, country in zip(*(one.tolist() for one in columns), strict=True):
            if (record_id, field) in given:
                party = given[record_id, field]
                if party is not None:
                    yield (record_id, field), party["name"], party["type"], party.get("country") or ""
            elif isinstance(name, str):
                yield (record_id, field), name, kind, country if isinstance(country, str) else ""


def _given(view: View) -> dict[Place, Any]:
    """Return the parties that curators gave since the release, none for those of rejected records."""
    given: dict[Place, Any] = {}
    for record_id in view.decided.records():
        state = view.decided.standing(record_id)
        if state is None:
            continue
        for field in PLACES:
            if state.verdict == "reject":
                given[record_id, field] = None
            elif field in state.pins:
                given[record_id, field] = state.pins[field].given
    return given


def _first(counts: Mapping[str, int]) -> str:
    return max(counts, key=lambda name: (counts[name], name))


def most(one: Variant) -> tuple[int, str]:
    """Sort by frequency, then by name."""
    return -one.count, one.name
