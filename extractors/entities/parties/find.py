"""Parties of a text: the tables' names, the patterns, then what the document itself resolves."""

from collections import Counter

from extractors.mentions import PartyMention

from .bodies import find_bodies, known, owner_before
from .groups import find_groups
from .lexicon import Hit
from .nations import find_compounds, find_governments, find_states
from .persons import find_persons
from .scan import Scan, scan
from .shortforms import find_acronyms, find_descriptions
from .tokens import Tokens


def find_in_text(text: str) -> list[PartyMention]:
    """Return the parties mentioned in ``text``, in order, without overlaps; offsets are characters of ``text``."""
    found = scan(Tokens(text))
    find_states(found)
    find_bodies(found)
    _possessors(found)
    find_persons(found)
    find_governments(found)
    find_compounds(found)
    find_groups(found)
    find_acronyms(found)
    find_descriptions(found)
    return _mentions(found)


def _possessors(found: Scan) -> None:
    """Join "China's" to the body of the tables after it: "China's Exim Bank"."""
    for hit in found.ordered():
        if hit.source != "body" or hit.entry.country is None and hit.entry.type != "government":
            continue
        country, first = owner_before(found, hit.first)
        if country is not None and hit.entry.country in (country, None):
            entry = known(found.tokens.slice(hit.first, hit.last), country) or hit.entry
            found.add(Hit(first, hit.last, entry))


def _mentions(found: Scan) -> list[PartyMention]:
    hits = found.ordered()
    named = Counter(h.entry.country for h in hits if h.source in ("country", "demonym", "government", "capital"))
    return [_mention(found, hit, named) for hit in hits]


def _mention(found: Scan, hit: Hit, named: Counter[str | None]) -> PartyMention:
    tokens, entry, first = found.tokens, hit.entry, hit.first
    if tokens.words[first].lower() == "the" and entry.source not in ("city", "capital", "description") and hit.last - first > 1:
        first += 1
    start, end = tokens.starts[first], tokens.ends[hit.last - 1]
    country, countries = entry.country, entry.countries
    if entry.role == "place" and countries and entry.source in ("city", "province"):
        country, countries = max(countries, key=_Votes(named, countries)), ()
    return PartyMention(
        start, end, tokens.text[start:end], name=entry.name, type=entry.type, country=country,
        role=entry.role, countries=countries, source=entry.source,
    )


class _Votes:
    """Orders the candidate countries of a place: those the document names first, then the likeliest."""

    def __init__(self, named: Counter[str | None], candidates: tuple[str, ...]) -> None:
        self.named, self.candidates = named, candidates

    def __call__(self, country: str) -> tuple[bool, int]:
        return self.named[country] > 0, -self.candidates.index(country)
