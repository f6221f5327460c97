"""Whose an act is by a possessive before its noun: "our grant to Mali was $3m", "its loan to Chad"."""

from extractors.mentions import PartyMention

from .event import Event, Sentence
from .parties import in_role
from .reading import Reading
from .units import ADVERB

_WHOSE = frozenset({"our", "its", "their", "my"})
_FAR = 4  # words between a possessive and what is had


def by_possessive(reading: Reading, s: Sentence, event: Event) -> list[PartyMention]:
    """Return whom "our", "its" or "their" before the noun of an act stands for; nobody where none is told."""
    if event.verb is not None:
        return []
    for k in range(event.anchor - 1, max(-1, event.anchor - 1 - _FAR), -1):
        unit = s.units[k]
        if unit.lower in _WHOSE:
            own = unit.lower in {"our", "my"}
            known = reading.home if own else reading.memory.subject(unit.lower)
            return [] if known is None else [in_role(known, "subj")]
        if unit.kind not in {"word", "noun"} or ADVERB.match(unit.lower):
            return []
    return []
