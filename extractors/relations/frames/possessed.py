"""Whose an act is by a possessive before its noun: "our grant to Mali was $3m", "its loan to Chad"."""

from extractors.mentions import PartyMention

from .event import Event, Sentence
from .parties import in_role
from .reading import Reading
from .units import ADVERB

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
