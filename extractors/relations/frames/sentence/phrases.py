"""A party in its noun phrase: what it takes in to its right, and the preposition to its left."""

import re
from dataclasses import dataclass, field, replace

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import members
from extractors.relations.frames.sentence.lexicon import (
    BE,
    COORDINATORS,
    DETERMINERS,
    MODALS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
)
from extractors.relations.frames.sentence.units import ADVERB, BANDS, HEADED, Unit

PERSONS = re.compile(
    r"(?:students?|engineers?|technicians?|officials?|scientists?|researchers?|agronomists?|"
    r"experts?|specialists?|doctors?|nurses?|teachers?|workers?|farmers?|"
    r"officers?|soldiers?|people|citizens?|youths?|trainees?|managers?|academics?|scholars?|"
    r"diplomats?|magistrates?|journalists?|physicists?|astronauts?|patients?|households?|"
    r"police|pilots|medics|troops|peacekeepers|divers|archaeologists|geologists|biologists|astronomers|chemists|"
    r"firefighters|judges|lawyers|economists|trainers|instructors|surgeons|midwives|sailors|mechanics|masons|"
    r"architects|artists|musicians|"
    r"fellows?|graduates?|women|children|refugees?|villages?|villagers?|leaders?|president|"
    r"minister|ministers|premier|government|delegation|side|authorities|counterparts?|"
    r"people's)$"
)


BODIES = re.compile(
    r"(?:companies|firms|corporations|enterprises|entities|universities|banks|investors|"
    r"partners|startups|start-ups|institutes|institutions|contractors|builders|"
    r"organi[sz]ations|agencies|hospitals|laboratories|labs|manufacturers|operators|"
    r"businesses|schools|groups|associations|foundations|ministries|cities|provinces|states|"
    r"nations|countries|businessmen|bodies)$"
)


OFFICES = re.compile(
    r"(?:department|ministry|agency|authority|commission|council|navy|army|parliament|"
    r"railways|academy|regulator|directorate|ministries)$"
)


BODY = re.compile(
    r"(?:company|firm|group|bank|university|institute|agency|ministry|giant|maker|builder|"
    r"operator|carrier|airline|partner|corporation|foundation|fund|conglomerate|startup|"
    r"start-up|contractor|regulator|embassy|developer|manufacturer|explorer|institution|unit|"
    r"arm|subsidiary|parent|utility|outfit)$"
)


_DESCRIBED = re.compile(
    r"(?:counterpart|regulator|operator|maker|giant|agency|unit|arm|giant|institute|ministry|bank|partner)$"
)


_ADJECTIVES = frozenset({"US", "U.S.", "UK", "U.K.", "EU", "UAE", "ROK", "PRC", "UN", "USA"})


BODY_TYPES = frozenset({"company", "organisation", "university"})


_PARTS = re.compile(r"(?:subsidiar(?:y|ies)|units?|branch(?:es)?|arms?|affiliates?|divisions?)$")


_OPENERS = frozenset(
    {"the", "a", "an", "its", "their", "his", "her", "our"}
)  # nothing of the same phrase stands before
_POINTS = frozenset({"then", "now", "here", "there"})  # what a preposition before them governs: "since then", "by now"
_DAYS = frozenset(
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"]
    + ["december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)
_INSIDE = frozenset({"near", "inside", "throughout", "across"})
_BEFORE_OPENERS = frozenset({"all", "both", "half", "such"})


@dataclass(slots=True)
class Noun:
    """A party in its noun phrase; ``relation`` is its preposition, "" for a subject or object; ``group`` numbers lists.

    ``owns`` is the index of the noun trigger that it has or modifies ("China's aid", "Chinese loan", "EDCF loan").
    ``weak`` marks a demonym that only describes a thing ("Chinese exports").
    """

    at: int
    first: int
    last: int
    party: PartyMention
    relation: str = ""
    group: int = -1
    owns: int | None = None
    weak: bool = False
    members: tuple[PartyMention, ...] = field(default=())
    comma: bool = False
    possessive: bool = False
    apostrophe: bool = False
    acts: bool = False


def make_noun(units: list[Unit], i: int, text: str, party: PartyMention) -> Noun:
    """Return the party of unit ``i`` with its noun phrase."""
    noun = Noun(i, i, i, party)
    pieces = members(party)
    if len(pieces) > 1:
        noun.members = pieces
    elif (
        i + 2 < len(units)
        and units[i + 1].text in "-–—"
        and units[i + 1].start == unit_end(units[i])
        and units[i + 2].start == units[i + 1].end
    ):
        other = units[i + 2].party
        if other is not None:
            noun.members, noun.at, noun.last = (party, *members(other)), i + 2, i + 2
    _rightwards(units, noun, text)
    _leftwards(units, noun)
    return noun


def _is_demonym(party: PartyMention | None) -> bool:
    return party is not None and party.role == "demonym"


def unit_end(unit: Unit) -> int:
    """The offset where a unit ends."""
    return unit.end


def _rightwards(units: list[Unit], noun: Noun, text: str) -> None:
    """Take in what the party describes: "Chinese companies", "India's navy", "the Dutch institute Deltares"."""
    k = noun.at + 1
    possessive = k < len(units) and units[k].lower in {"'s", "’s", "'", "’"}
    if possessive:
        k += 1
    noun.apostrophe = possessive
    adjective = noun.party.role == "demonym" or possessive or bool(noun.members) or noun.party.text in _ADJECTIVES
    if (
        noun.party.role == "demonym"
        and k + 1 < len(units)
        and units[k].lower in COORDINATORS
        and _is_demonym(units[k + 1].party)
    ):
        return
    steps = 0
    head: int | None = None
    while k < len(units) and steps < 7:
        unit = units[k]
        if unit.kind == "noun":
            compound = k + 1 < len(units) and units[k + 1].kind in {"noun", "word"} and not _closes(units[k + 1])
            named = units[k + 1].party if k + 1 < len(units) else None
            compound = compound or (
                adjective and named is not None and named.role == "name" and named.type in BODY_TYPES
            )
            if not compound:
                noun.owns = k if adjective or noun.party.type != "country" or noun.members else None
                if noun.owns is None and k == noun.at + 1:
                    noun.owns = k
                noun.last = noun.at
                return
            head = k
        elif unit.kind == "party" and unit.party is not None:
            if noun.members:
                return
            based = noun.party.role == "place" and units[k - 1].lower == "based"
            if based and unit.party.role == "place":
                noun.party = replace(
                    unit.party,
                    type="company",
                    role="name",
                    name=unit.text,
                    country=noun.party.country,
                    source="capitals",
                )
                noun.at = noun.last = k
                return
            if possessive and unit.party.role == "place":
                noun.last = k
                return
            if (
                (adjective or based)
                and unit.party.role == "name"
                and unit.party.type not in {"country", "group"}
                and k > noun.at
            ):
                country = unit.party.country or noun.party.country
                noun.party = replace(unit.party, country=country)
                noun.first, noun.at, noun.last = noun.first, k, k
            return
        elif unit.kind == "word" and not _closes(unit):
            head = k
        elif unit.text == "-" and k + 1 < len(units):
            pass
        else:
            break
        k += 1
        steps += 1
    if (
        head is not None
        and not adjective
        and noun.party.type == "country"
        and head == noun.at + 1
        and BODIES.search(units[head].lower)
    ):
        adjective = True
    if not adjective or head is None:
        return
    word = units[head].lower
    noun.possessive = possessive or bool(_DESCRIBED.search(word))
    if possessive or PERSONS.search(word):
        noun.last = head
    elif BODIES.search(word):
        first = noun.first
        while (
            first > 0
            and units[first - 1].kind in {"word", "amount"}
            and not _closes(units[first - 1])
            and units[first - 1].lower not in {"then", "also", "now", "both"}
        ):
            first -= 1
        start = units[first].start
        name = text[start : units[head].end]
        noun.party = PartyMention(
            start,
            units[head].end,
            name,
            name=name,
            type="group",
            country=noun.party.country,
            countries=noun.party.countries,
            source="group",
        )
        noun.last = head
    elif OFFICES.search(word) and noun.party.role == "demonym":
        name = text[units[noun.at].start : units[head].end]
        noun.party = replace(
            noun.party,
            name=name,
            text=name,
            end=units[head].end,
            type="government" if "min" in word or "dep" in word else "organisation",
            role="name",
            source="office",
        )
        noun.last = head
    elif BODY.search(word) and _definite(units, noun.first):
        noun.party = replace(
            noun.party,
            role="description",
            start=units[noun.at].start,
            end=units[head].end,
            text=text[units[noun.at].start : units[head].end],
            source=word,
        )
        noun.last = head
    else:
        noun.weak = not possessive


def _definite(units: list[Unit], first: int) -> bool:
    return first > 0 and units[first - 1].lower == "the"


def _closes(unit: Unit) -> bool:
    """Whether a unit ends a noun phrase."""
    low = unit.lower
    return (
        unit.kind in {"verb", "other_verb", "punct", "year"}
        or ADVERB.match(low) is not None
        or low in PREPOSITIONS | COORDINATORS | SUBORDINATORS | MODALS | BE | PRONOUNS | DETERMINERS
        or low in {"to", "not", "worth"}
    )


def _leftwards(units: list[Unit], noun: Noun) -> None:
    k = noun.first - 1
    steps = 0
    while k >= 0 and steps < 9:
        unit = units[k]
        low = unit.lower
        if low in {"over", "about", "around", "under"} and units[k + 1].text[:1].isdigit():
            noun.first = k
            k -= 1
            continue
        if low == "of" and k > 1 and (_PARTS.search(units[k - 1].lower) or noun.first < k and _heads(units, k)):
            noun.first = k - 1
            k -= 2
            continue
        if low == "by" and k > 1 and units[k - 1].lower in HEADED and BANDS.search(units[k - 2].lower):
            noun.first = k - 2
            k -= 3
            continue
        if low in PREPOSITIONS or (low == "/" and units[k - 1].lower == "w"):
            noun.relation = preposition_of(units, k)
            break
        if (
            unit.kind in {"verb", "other_verb", "punct", "year"}
            or low in COORDINATORS | SUBORDINATORS | PRONOUNS | MODALS | BE
        ):
            break
        if low in _DAYS and unit.text[:1].isupper() or low in _POINTS:
            break
        if unit.kind == "noun" and low not in {"programme", "project"}:
            break
        if unit.kind == "party" and k != noun.at - 1:
            break
        noun.first = k
        k -= 1
        steps += 1
        if low in _OPENERS and k >= 0 and units[k].lower not in PREPOSITIONS | _BEFORE_OPENERS:
            break


def _heads(units: list[Unit], k: int) -> bool:
    """Whether "a group of donors headed by" goes on to the left of its "of"."""
    return BANDS.search(units[k - 1].lower) is not None and BANDS.search(units[k + 1].lower) is not None


def preposition_of(units: list[Unit], k: int) -> str:
    """Return the preposition that ends at unit ``k``: whole phrases such as "according to" count as one."""
    low, before = units[k].lower, units[k - 1].lower if k else ""
    if low in _INSIDE:
        return "in"
    if low == "than" and before in {"more", "less", "fewer", "no"}:  # "to more than 50 Kenyan doctors"
        governor = units[k - 2].lower if k > 1 else ""
        return governor if governor in PREPOSITIONS else ""
    if low == "/":
        return "with"
    if low == "to" and before in {
        "according",
        "thanks",
        "due",
        "owing",
        "related",
        "prior",
        "compared",
        "relative",
        "close",
        "alternative",
        "exports",
        "sales",
    }:
        return before
    if low == "as" and before == "such" or low in {"including", "like"}:
        return "including"
    if low == "with" and before in {"compared", "along"}:
        return "compared" if before == "compared" else "with"
    return low
