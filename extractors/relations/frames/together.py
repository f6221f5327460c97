"""Who else acts: "the bank, together with KfW, lent"; whose an act is by a possessive: "our grant to Mali was $3m"."""

from extractors.mentions import PartyMention

from .event import Event, Sentence
from .parties import in_role, same
from .reading import Reading
from .roles import SYMMETRIC, Roles
from .units import ADVERB

_TOGETHER = frozenset({"together", "jointly", "along", "alongside", "in"})
_WITH = frozenset({"with", "alongside"})
_WHOSE = frozenset({"our", "its", "their", "my"})
_FAR = 4  # words between a possessive and what is had


def companions(s: Sentence, event: Event, chosen: Roles, actors: list[PartyMention]) -> list[PartyMention]:
    """Return the actors with those who act together with them, as a phrase before the verb tells."""
    if event.verb is None or event.passive or chosen.shape in SYMMETRIC or not actors:
        return actors
    found = list(actors)
    for noun in s.nouns:
        k = noun.first - 1
        if not event.first <= noun.at < event.anchor or noun.weak or k < 0 or s.units[k].lower not in _WITH:
            continue
        if s.units[k].lower == "with" and (k == 0 or s.units[k - 1].lower not in _TOGETHER):
            continue
        group = [n.party for n in s.nouns if n.group == noun.group and n.at < event.anchor]
        found += [in_role(p, "subj") for p in group if p.role != "description" and not any(same(p, a) for a in found)]
    return found


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
