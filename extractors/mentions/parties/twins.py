"""Names that several countries share ("Congo", "Dominican", "Exim Bank"): the rest of the document decides."""

from collections import Counter
from dataclasses import replace

from .entries import Entry, country_names
from .lexicon import Hit, lexicon
from .owners import owner_before
from .scan import Scan

STATES = {"Georgia": ("GEO", "USA")}  # countries with a namesake among the states of another
NAMING = frozenset({"country", "demonym", "capital", "body"})
STATED = frozenset({"USA", "CAN", "AUS", "IND", "BRA", "MEX"})  # whose towns are written with their state
SHARED = frozenset({"country", "demonym", "city", "province", "river", "body"})


class Votes:
    """Orders candidate countries: those that the document names most first, then the likeliest."""

    def __init__(self, named: Counter[str | None], candidates: tuple[str, ...]) -> None:
        """Take how often each country is named, and the candidates, likeliest first."""
        self.named, self.candidates = named, candidates

    def __call__(self, country: str) -> tuple[bool, int]:
        """Return the rank of ``country``; higher is better."""
        return self.named[country] > 0, -self.candidates.index(country)


def resolve_twins(found: Scan) -> None:
    """Give each hit with several candidate countries the one that the document speaks of."""
    shared = [h for h in found.hits if h.entry.countries and h.source in SHARED and len(h.entry.countries) > 1]
    if not shared:
        return
    plain = [h for h in found.hits if not h.entry.countries and h.source in NAMING]
    named = Counter(h.entry.country for h in plain)
    for hit in shared:
        owner, _ = owner_before(found, hit.first)
        if owner in hit.entry.countries:
            hit.entry = _resolved(hit, owner)
        elif hit.source == "body":
            hit.entry = _resolved(hit, _nearest(found, hit, plain))
        else:
            hit.entry = _resolved(hit, max(hit.entry.countries, key=Votes(named, hit.entry.countries)))


def _nearest(found: Scan, hit: Hit, plain: list[Hit]) -> str | None:
    """Return the candidate named behind the hit's "of", last before it or first after it; None without any."""
    own = found.at(hit.last + 1) if found.tokens.word(hit.last) == "of" else None
    told = [one for one in plain if one.entry.country in hit.entry.countries]
    before = [one for one in told if one.first < hit.first]
    return next((one.entry.country for one in [own, *before[::-1], *told] if one in told), None)


def resolve_towns(found: Scan) -> None:
    """Give a town the country of the state after it: "Cambridge, Massachusetts", "Lebanon, Ohio"."""
    _resolve_states(found)
    for hit in found.hits:
        state = found.at(hit.last + 1) if found.tokens.word(hit.last) == "," else None
        if hit.source not in ("city", "capital", "country") or state is None or not found.tokens.joined(state.first):
            continue
        country = state.entry.country
        if state.source != "province" or country not in STATED or hit.entry.country == country:
            continue
        if hit.source != "country" or not _listed(found, hit.first, state.last):
            name = found.tokens.slice(hit.first, hit.last)
            hit.entry = Entry(name, "government", country, "place", "city")


def _listed(found: Scan, first: int, last: int) -> bool:
    """Whether names go on before or after the tokens: "Mexico, California and Texas"."""
    words = found.tokens.word
    return (
        words(last) in ("and", "&")
        or (words(last) == "," and found.at(last + 1) is not None)
        or (words(first - 1) in (",", "and") and found.before(first - 1) is not None)
    )


def _resolve_states(found: Scan) -> None:
    """Take a country that bears a state's name for the state, where the text speaks of that state's country."""
    for name, (own, other) in STATES.items():
        hits = [hit for hit in found.hits if hit.source == "country" and hit.entry.name == name]
        others = [
            hit for hit in found.hits if hit.entry.country == own and (hit.source, hit.entry.name) != ("country", name)
        ]
        if not hits or others:
            continue
        states = any(hit.source == "province" and hit.entry.country == other for hit in found.hits)
        if states or any(_of_town(found, hit, own, other) for hit in hits):
            for hit in hits:
                hit.entry = Entry(name, "government", other, "place", "province")


def _of_town(found: Scan, hit: Hit, own: str, other: str) -> bool:
    """Whether a town of the other country stands before the hit: "Macon, Georgia"."""
    town = found.before(hit.first - 1) if found.tokens.word(hit.first - 1) == "," else None
    if town is None or town.source not in ("city", "province"):
        return False
    candidates = town.entry.countries or (town.entry.country,)
    return other in candidates and own not in candidates


def _resolved(hit: Hit, country: str | None) -> Entry:
    entry = hit.entry
    if country is None:
        return replace(entry, country=None, countries=())
    if entry.type == "country":
        return replace(entry, name=country_names()[country], country=country, countries=())
    if entry.source == "body":
        own = lexicon().find(f"Exim Bank of {country_names()[country]}")
        return own or replace(entry, country=country, countries=())
    return replace(entry, country=country, countries=())
