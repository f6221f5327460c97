"""Whose an act is by a possessive before its noun, "our grant to Mali was $3m"; who only made what is given."""

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import domestic, in_role
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.sentence.event import Event, Sentence, Slot
from extractors.relations.frames.sentence.lexicon import BE, COORDINATORS, MODALS, PREPOSITIONS, SUBORDINATORS
from extractors.relations.frames.sentence.roles import Roles
from extractors.relations.frames.sentence.units import ADVERB
from extractors.relations.frames.who.nearby import TAKES

_WHOSE = frozenset({"our", "its", "my"})
_FAR = 4  # words between a possessive and what is had


def by_possessive(reading: Reading, s: Sentence, event: Event) -> list[PartyMention]:
    """Return whom "our" or "its" before the noun of an act stands for; nobody where none is told."""
    if not event.nouns or event.verb is not None and not event.passive:
        return []
    noun = event.nouns[0]
    for k in range(noun - 1, max(-1, noun - 1 - _FAR), -1):
        unit = s.units[k]
        if unit.lower in _WHOSE:
            return [in_role(known, "subj") for known in _owners(reading, unit.lower)]
        if unit.kind not in {"word", "noun"} or ADVERB.match(unit.lower):
            return []
    return []


def _owners(reading: Reading, word: str) -> tuple[PartyMention, ...]:
    known = reading.home if word in {"our", "my"} else reading.memory.subject(word)
    return (known,) if known is not None else ()


def without_makers(s: Sentence, event: Event) -> list[Slot]:
    """Return the slots of an act but the makers of what is given: "40 tonnes of Nestlé milk", "20 Fiats"."""
    if event.triggers[0].shape not in TAKES - {"sell", "receive"}:
        return event.slots
    return [slot for slot in event.slots if not _makes(s, slot)]


def opening_with(s: Sentence, event: Event, chosen: Roles, actors: list[PartyMention]) -> list[PartyMention]:
    """Return with whom somebody builds or trains, as the sentence opens: "With Petronas, Equinor built a wind farm"."""
    if chosen.shape not in _JOINT or event.verb is None or event.passive or len(actors) != 1:
        return []
    first = next((n for n in s.nouns if not n.weak), None)
    if first is None or first.at >= event.anchor or first.relation != "with" or first.party.role != "name":
        return []
    opened = all(u.kind in {"year", "punct"} or u.lower in _OPENING for u in s.units[: first.first])
    body = first.party.type in {"company", "organisation", "university"}
    return [first.party] if opened and body and not domestic(actors[0], first.party) else []


def _makes(s: Sentence, slot: Slot) -> bool:
    if slot.party.type != "company" or slot.relation not in {"of", "obj"} or slot.noun is None or slot.noun.apostrophe:
        return False
    at = slot.noun.at
    after = s.units[at + 1] if at + 1 < len(s.units) else None
    thing = after is not None and after.kind == "word" and after.text.islower() and after.lower not in _CLOSING
    before = s.units[at - 1] if at > 0 else None
    counted = before is not None and (before.lower == "of" or before.text[:1].isdigit() or before.lower in _NUMBERS)
    return thing and counted and not ADVERB.match(s.units[at + 1].lower)


_CLOSING = PREPOSITIONS | COORDINATORS | SUBORDINATORS | MODALS | BE | {"to", "not", "has", "had", "have"}
_JOINT = frozenset({"build", "train", "invest"})
_OPENING = frozenset({"with", "together", "jointly", "the", "in", "since", "on"})
_NUMBERS = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty"})
