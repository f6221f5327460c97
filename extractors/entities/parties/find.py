"""Parties of a text: the tables' names, the patterns, then what the document itself resolves."""

from extractors.mentions import PartyMention

from .bodies import find_bodies, known, owner_before
from .groups import find_groups
from .lexicon import Hit
from .nations import find_compounds, find_governments, find_states
from .persons import find_persons
from .scan import Scan, scan
from .shortforms import find_acronyms, find_descriptions, find_surnames
from .tokens import Tokens
from .twins import Votes, resolve_twins


def find_in_text(text: str) -> list[PartyMention]:
    """Return the parties mentioned in ``text``, in order, without overlaps; offsets are characters of ``text``."""
    found = scan(Tokens(text))
    resolve_twins(found)
    find_states(found)
    find_bodies(found)
    _possessors(found)
    find_persons(found)
    find_surnames(found)
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
    return [_mention(found, hit) for hit in hits]


def _mention(found: Scan, hit: Hit) -> PartyMention:
    tokens, entry, first = found.tokens, hit.entry, hit.first
    if tokens.words[first].lower() == "the" and entry.source not in ("city", "capital", "description") and hit.last - first > 1:
        first += 1
    start, end = tokens.starts[first], tokens.ends[hit.last - 1]
    return PartyMention(
        start, end, tokens.text[start:end], name=entry.name, type=entry.type, country=entry.country,
        role=entry.role, countries=entry.countries, source=entry.source,
    )
