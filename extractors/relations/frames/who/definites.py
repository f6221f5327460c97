"""Descriptions that the tables of parties do not look for: "the same bank", "gave the laboratory €2m", "the Rector"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple, cast

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import as_country
from extractors.relations.frames.windows import Windows
from schemas import PartyType
from schemas.packaged import packaged_rows


class Description(NamedTuple):
    """What a noun may stand for: types of party, parts of a name of which one must stand in it, and how it is told."""

    types: frozenset[str]
    named: tuple[str, ...]
    kind: str


@cache
def descriptions() -> dict[str, Description]:
    """Map each noun of ``descriptions.csv`` to what it may stand for."""
    return {
        row["word"]: Description(frozenset(row["types"].split()), tuple(row["named"].split()), row["kind"])
        for row in packaged_rows("extractors.relations.frames.who", "descriptions.csv")
    }


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    known = descriptions()
    office = "|".join(word for word in known if known[word].kind == "office" and word != "executive")
    same = "|".join(word for word in known if known[word].kind in {"same", "body"})
    place = "|".join(word for word in known if known[word].kind == "place")
    return (
        re.compile(rf"\b(?:[Tt]he|[Ii]ts) (?i:{office}|chief executive)\b{_CLOSED}"),
        re.compile(r"\b(?:[Mm]y|[Oo]ur) (?:[Gg]overnment|country|nation)\b(?!['’])"),
        re.compile(rf"\b(?:[Tt]he same|[Tt]his|[Tt]he {_KIND}) (?i:{same})\b{_CLOSED}"),
        re.compile(rf"\b[Tt]he (?:lender|donor|financier)\b{_CLOSED}"),
        re.compile(rf"\b[Tt]he {_LAND}{_CLOSED}"),
        re.compile(rf"\b[Tt]h(?:e|is) (?i:{place})\b(?= (?:{_SUM}))"),
    )


_HOSTS = re.compile(r"\b(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Tt]he) hosts\b(?!['’-])")
_WENT = re.compile(r"\b(?:in|to|at|visit(?:s|ed|ing)?|toured|reached) (?:the )?$")
_VISIT = 250  # characters between the place visited and its hosts
_LANDS = frozenset({"country", "nation", "state", "kingdom", "republic", "archipelago"})
_CLOSED = r"(?!['’-]| (?:of|for) )"
_LAND = (
    r"(?:(?:[a-z]+ )?(?:island|landlocked|desert|mountain(?:ous)?|Himalayan|Andean|Baltic|Balkan|coastal|archipelagic) "
    r"(?:country|nation|state|kingdom|republic)|archipelago)"
)
_KIND = r"(?:state|state-owned|policy|public|development|multilateral|regional|export-credit)"
_SUM = (
    r"(?:up to |about |around |nearly |more than |over |some )?"
    r"(?:[£$€¥]|[A-Z]{1,3}[$£]?\s?\d|\d|an? (?:\w+ )?(?:grant|loan|credit|gift)\b|(?:one|two|three|four|five|ten)\b)"
)


def definites(text: str, parties: Sequence[PartyMention]) -> list[PartyMention]:
    """Return the descriptions of ``text``, in no order, that share no character with a party but a description."""
    index = Windows(parties)
    return [
        PartyMention(
            match.start(),
            match.end(),
            match.group(),
            name=match.group().lower(),
            type=_type(match.group()),
            role="description",
            source="description",
        )
        for pattern in _patterns()
        for match in pattern.finditer(text)
        if not index.touching(match.start(), match.end())
    ]


def visited(text: str, parties: Sequence[PartyMention]) -> list[PartyMention]:
    """Return the hosts of a visitor as the country named as visited: "flew to Lomé, where he gave his hosts"."""
    lands = [p for p in parties if p.country and _WENT.search(text, max(0, p.start - 20), p.start)]
    found = []
    for match in _HOSTS.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        start = max(start, match.start() - _VISIT)
        near = [as_country(p) for p in lands if start <= p.start < match.start()]
        if near and near[-1].type == "country":
            found.append(replace(near[-1], start=match.start(), end=match.end(), text=match.group(), source="country"))
    return found


def _type(words: str) -> PartyType:
    if words.split()[-1] in _LANDS:
        return "country"
    types = descriptions()[words.split()[-1].lower()].types
    return cast(PartyType, min(types)) if len(types) == 1 else "organisation"


def fits(word: str, party: PartyMention) -> bool:
    """Whether a party may be meant by a noun ("bank", "laboratory", "rector"); one of no table means a body."""
    known = descriptions().get(word)
    if known is None:
        return party.type in {"company", "organisation", "university"}
    name = party.name.lower()
    return party.type in known.types and (not known.named or any(part in name for part in known.named))


def based(text: str, parties: Sequence[PartyMention]) -> dict[int, PartyMention | None]:
    """Map where a place stands that only tells where a body is to the body's description; None where its name follows.

    "The Geneva-based foundation gave", "the Oslo-based fund Norfund lent".
    """
    names = {p.start for p in parties if p.role == "name"}
    found: dict[int, PartyMention | None] = {}
    for party in parties:
        told = _seated().match(text, party.end) if party.role == "place" and party.country else None
        named = told is not None and told.end() + 1 in names
        if told is None or not named and not text.endswith(("the ", "The "), 0, party.start):
            continue
        mention = PartyMention(
            party.start,
            told.end(),
            text[party.start : told.end()],
            name=text[party.start : told.end()].lower(),
            type=_type(told.group()),
            country=party.country,
            role="description",
            source="description",
        )
        found[party.start] = None if named else mention
    return found


@cache
def _seated() -> re.Pattern[str]:
    known = descriptions()
    words = "|".join(word for word in known if known[word].kind in {"same", "body"})
    return re.compile(rf"-based (?:[a-z-]+ ){{0,2}}(?:{words})\b(?!['’])")
