"""How each party of a sentence stands in it.

Its preposition, its possessive, what it modifies, with whom it is joined.
"""

import re
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.frames.sentence.lexicon import COORDINATORS, PREPOSITIONS
from extractors.relations.frames.sentence.phrases import BODY_TYPES, PERSONS, Noun, make_noun, preposition_of
from extractors.relations.frames.sentence.units import Unit

_JOINING = frozenset({"as", "well", "together", "with", "along", "then", "later", "finally", "also", ",", "both"})


def nouns(units: list[Unit], text: str) -> list[Noun]:
    """Return the parties of a sentence in order, each with its relation."""
    found: list[Noun] = []
    groups = 0
    skip = -1
    for i, unit in enumerate(units):
        if unit.kind != "party" or unit.party is None or i <= skip:
            continue
        noun = make_noun(units, i, text, unit.party)
        skip = noun.last
        joined = _joined(units, found, noun) or _again(units, found, noun) or _beside(units, found, noun)
        if noun.relation == "including" and _exemplified(units, found, noun) or _named(units, found, noun):
            continue
        if joined is not None:
            noun.relation, noun.group = joined.relation, joined.group
        else:
            groups += 1
            noun.group = groups
        found.append(noun)
    for noun in found:
        after = units[noun.last + 1] if noun.last + 1 < len(units) else None
        noun.acts = after is not None and after.kind in {"verb", "other_verb"} and after.tag in {"s", "past", "base"}
        if noun.acts and noun.relation in _OPENERS:  # "after Oman had joined"
            noun.relation = ""
    _routes(units, found)
    guests = {n.group for n in found if n.relation == "from" and n.first > 1 and units[n.first - 2].lower in _GUESTS}
    for noun in found:
        if noun.group in guests:
            noun.weak, noun.relation = True, "way"
    return _appositions(units, _sent_by(units, found), groups)


_OPENERS = frozenset({"after", "before", "since", "until"})
_GUESTS = frozenset(
    [
        "speakers",
        "participants",
        "delegates",
        "guests",
        "attendees",
        "visitors",
        "representatives",
        "tourists",
        "audience",
    ]
)
_WAYS = re.compile(
    r"(?:line|road|railway|railroad|route|cable|highway|motorway|pipeline|corridor|section|stretch|flight|flights|link|track|"
    r"canal|ferry|train|trains|tunnel|expressway|lines|one|way)$"
)


def _routes(units: list[Unit], found: list[Noun]) -> None:
    """The two ends of a way are no parties: "the line from Accra to Kumasi"."""
    for one, two in zip(found, found[1:], strict=False):
        ends = (one.relation, two.relation) in {("from", "to"), ("between", "between")} and two.first - one.last <= 3
        ends = ends and (one.relation == "from" or one.party.role == two.party.role == "place")
        before = [u.lower for u in units[max(0, one.first - 4) : one.first]]
        if ends and any(_WAYS.match(word) for word in before):
            one.weak = two.weak = True
            one.relation = two.relation = "way"


def _sent_by(units: list[Unit], found: list[Noun]) -> list[Noun]:
    """ "Russian physicists from the Budker Institute" stand for the institute."""
    for noun, after in zip(found, found[1:], strict=False):
        persons = noun.party.role == "demonym" and noun.last > noun.at and PERSONS.search(units[noun.last].lower)
        if (
            persons
            and after.relation in {"from", "at", "of"}
            and after.first - noun.last <= 3
            and after.party.type in BODY_TYPES
        ):
            noun.party, noun.last = after.party, after.last
            after.weak = True
    return [n for n in found if not (n.weak and any(n is not o and n.at <= o.last and n.at > o.at for o in found))]


def _appositions(units: list[Unit], found: list[Noun], groups: int) -> list[Noun]:
    """Part lists ("A, B and C") from appositions ("Thailand's largest operator, AIS"), which a comma alone joins."""
    kept: list[Noun] = []
    for i, noun in enumerate(found):
        listed = any(n.group == noun.group and not n.comma for n in found[i + 1 :])
        if not noun.comma or listed:
            kept.append(noun)
            continue
        last = kept[-1]
        told = any(u.kind in {"verb", "other_verb"} for u in units[: last.first])
        if last.relation and (last.first <= 2 or noun.acts) or noun.acts and told:
            groups += 1
            noun.group, noun.relation = groups, ""
            kept.append(noun)
        elif last.possessive and noun.party.type not in {"country", "group"}:
            last.party = _apposed(noun.party, last.party.country)
            last.last = max(last.last, noun.at)
        else:
            noun.weak = True
            kept.append(noun)
    return kept


def _apposed(party: PartyMention, country: str | None) -> PartyMention:
    """The party named beside "its Spanish counterpart": of that country, whatever else its acronym may stand for."""
    if country and party.country and party.country != country and party.text.isupper():
        return replace(party, name=party.text, country=country)
    return replace(party, country=party.country or country)


def _exemplified(units: list[Unit], found: list[Noun], noun: Noun) -> bool:
    """Put a named member in the place of the set it stands for; where no set was found, give it the set's relation."""
    mark = noun.first - 1
    last = found[-1] if found else None
    if last is not None and last.party.type == "group" and mark - max(last.last, last.at) <= 3:
        last.party, last.last, last.members = noun.party, noun.last, noun.members
        return True
    k = mark - 1
    while k > 0 and (units[k].kind in {"word", "noun"} or units[k].text == ",") and units[k].lower not in PREPOSITIONS:
        k -= 1
    noun.first = k + 1
    noun.relation = preposition_of(units, k) if units[k].lower in PREPOSITIONS else ""
    return False


def _named(units: list[Unit], found: list[Noun], noun: Noun) -> bool:
    """Put a name between dashes in the place of the one it names: "two Dutch firms and a Belgian one – Umicore –"."""
    last = found[-1] if found else None
    if last is None or noun.relation or last.party.role != "demonym" or noun.party.type not in BODY_TYPES:
        return False
    between = [u.lower for u in units[last.at + 1 : noun.first]]
    if len(between) != 2 or between[0] != "one" or between[1] not in {"–", "—", "-", ",", "("}:
        return False
    last.party, last.last, last.weak = noun.party, noun.last, False
    return True


def _joined(units: list[Unit], found: list[Noun], noun: Noun) -> Noun | None:
    """The party that this one is coordinated with: nothing but commas, "and" and its own describing words between."""
    if not found or noun.relation:
        return None
    last = found[-1]
    if len(found) > 1 and _bracketed(units, found[-2], last):
        last = replace(found[-2], last=last.last + 1, at=max(found[-2].at, last.at))
    if len(found) > 1 and last.relation == "along" and found[-2].relation == "with":
        last = replace(found[-2], last=last.last, at=max(found[-2].at, last.at))
    if (
        len(found) > 1
        and last.relation in {"in", "of", "at", "from"}
        and last.party.type not in BODY_TYPES
        and noun.party.type in BODY_TYPES
    ):
        earlier = found[-2]
        if earlier.party.type in BODY_TYPES and last.first - max(earlier.last, earlier.at) <= 2:
            last = replace(earlier, last=last.last, at=max(earlier.at, last.at))
    between = units[max(last.last, last.at) + 1 : noun.first]
    if last.owns is not None and last.owns < noun.first or last.weak:
        return None
    follows = units[noun.last + 1] if noun.last + 1 < len(units) else None
    if (
        last.relation
        and last.relation not in {"between", "among"}
        and not _in_subject(units, last, noun, between)
        and follows is not None
        and follows.kind in {"verb", "other_verb"}
        and follows.tag in {"s", "past"}
        and follows.tag != "ing"
    ):
        return None
    opening = last.relation and not any(u.kind in {"verb", "other_verb"} for u in units[: last.at])
    if opening and not any(u.lower in COORDINATORS for u in between):
        return None
    joins = False
    noun.comma = True
    for unit in between:
        low = unit.lower
        if low in COORDINATORS or low in {"with", "well"}:
            joins, noun.comma = True, False
        elif low in {",", "–", "—"}:
            joins = True
        elif (
            low in {"(", ")"}
            or low in _JOINING
            or (unit.kind == "year")
            or unit.lower in {"'s", "’s"}
            or unit.kind == "party"
            or (unit.kind == "amount" and between[0].text == "(")
            or unit.kind == "word"
            and re.fullmatch(r"[A-Z][\w&.-]*", unit.text)
        ):
            continue
        else:
            noun.comma = False
            return None
    if joins and last.party.role != "person":
        return last
    noun.comma = False
    return None


def _bracketed(units: list[Unit], body: Noun, land: Noun) -> bool:
    """Whether a country stands in brackets after a body to say whose it is: "Makerere University (Uganda)"."""
    inside = body.party.type in BODY_TYPES and land.party.type not in BODY_TYPES and land.last + 1 < len(units)
    first, last = max(body.last, body.at) + 1, land.last + 1
    return inside and land.at == first + 1 and units[first].text == "(" and units[last].text == ")"


def _again(units: list[Unit], found: list[Noun], noun: Noun) -> Noun | None:
    """The party before "and" with the same preposition: "agreements with A and with B"."""
    k = noun.first - 2
    if not found or noun.relation not in {"with", "to", "from"} or k < 1 or units[k].lower not in COORDINATORS:
        return None
    last = next((n for n in reversed(found) if n.relation == noun.relation and not n.weak), None)
    between = units[max(last.last, last.at) + 1 : k] if last is not None else []
    return last if all(u.kind in {"party", "punct"} or u.text[:1].isupper() for u in between) else None


_BESIDE = frozenset([("together", "with"), ("along", "with"), ("jointly", "with"), ("well", "as"), (",", "alongside")])


def _beside(units: list[Unit], found: list[Noun], noun: Noun) -> Noun | None:
    """The subject that does something with another: "A, together with B, lent C"."""
    k = noun.first - 1
    if not found or k < 1 or (units[k - 1].lower, units[k].lower) not in _BESIDE:
        return None
    last = found[-1]
    between = {u.lower for u in units[max(last.last, last.at) + 1 : k + 1]}
    alone = between <= {",", "as", "well", "together", "along", "jointly", "with", "alongside"}
    verb = next((u for u in units[noun.last + 1 :] if u.text != ","), None)
    told = verb is not None and verb.kind in {"verb", "other_verb"} and verb.tag in {"s", "past", "base"}
    return last if alone and told and not last.relation and not last.weak else None


def _in_subject(units: list[Unit], last: Noun, noun: Noun, between: list[Unit]) -> bool:
    """Whether two with "and" between stand inside the subject: "a similar agreement with A and the B has been"."""
    plain = all(u.lower in COORDINATORS or u.lower in {"the", "(", ")"} or u.kind == "party" for u in between)
    early = any(u.kind in {"verb", "other_verb"} for u in units[: last.at])
    named = any(u.kind == "noun" for u in units[: last.first])
    return last.first > 1 and plain and bool(between) and not early and named and noun.at > last.at
