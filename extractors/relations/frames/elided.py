"""Who is meant by "we", "our" and "us", or is left out: "the agreement with the academy was renewed in 2018"."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.outline import Place

from .event import Event, Sentence
from .parties import domestic, in_role, same
from .reading import BODIES, Reading, above
from .resolve import Memory
from .roles import Roles

_SPEAKING = re.compile(r"\b(?:we|our|us)\b", re.I)
_QUOTED = re.compile(r"[“\"][^“”\"]{0,600}[”\"]")
_NO_BODY = re.compile(
    r"^(?:Prof|Dr|Mr|Ms|Mrs|Sir|President|Minister)|\b(?:Reports?|Office|Week|Day|Review|Minutes|Plan|Board|News|"
    r"Newsletter|Bulletin|BULLETIN|Conference|Summit|Forum|Chapter|Section|Directors)\b"
)
_HEAD = 400  # characters at the start of a document in which it may name whose it is
_WITH = frozenset({"sym", "found", "expand", "study", "run", "stop"})
_TAKING = frozenset({"give", "approve", "fund", "train", "build", "lend"})


def home_of(reading: Reading) -> PartyMention | None:
    """Return the body that speaks in a document ("we") or that its title names; None where neither is told."""
    title = reading.outline.title()
    limit = title.end if title is not None else 0
    speaks = len(_SPEAKING.findall(_QUOTED.sub("", reading.text))) > 1
    first = [p for p in reading.names.parties.within(0, max(limit, _HEAD)) if _is_body(p)]
    often = Counter(p.name for p in reading.names.parties if p.role == "name")
    most = max((often[p.name] for p in first), default=0)
    if speaks:
        return next((p for p in first if often[p.name] == most), reading.subject)
    named = next((p for p in first if p.end <= limit), None)
    return named if named is not None and often[named.name] > 2 else None


def _is_body(party: PartyMention) -> bool:
    known = party.source != "capitals" or " " in party.text or party.text.isupper()
    return party.role == "name" and party.type in BODIES and known and _NO_BODY.search(party.name) is None


def meant_by(reading: Reading, memory: Memory, word: str) -> PartyMention | None:
    """Return whom a pronoun stands for: who speaks, else the last subject."""
    if word in {"we", "our", "us"} and reading.home is not None:
        return reading.home
    return memory.subject(word)


def who_signs(
    reading: Reading, place: Place, s: Sentence, event: Event, chosen: Roles, partners: Sequence[PartyMention]
) -> list[PartyMention]:
    """Return the actor of an act that names only with whom it is done, and when; empty where none is known."""
    if not partners or chosen.shape not in _WITH or chosen.partners[0].relation != "with" or event.pronoun is not None:
        return []
    if event.verb is None and not reading.years.within(s.start, s.end):
        return []
    earlier = [c.subject[0].party for c in s.clauses if c.at < event.anchor and c.subject]
    near = [*reversed(earlier), reading.home, *above(reading, place)[:1], reading.subject]
    known = next((p for p in near if p is not None and not any(domestic(p, other) for other in partners)), None)
    return [] if known is None else [in_role(known, "subj")]


def whom(reading: Reading, s: Sentence, event: Event, chosen: Roles, actor: PartyMention) -> list[PartyMention]:
    """Return who takes what somebody gives, where a pronoun tells it: "it was funded by A", "A gave us $3 million"."""
    if chosen.shape not in _TAKING or event.verb is None:
        return []
    if event.passive and event.pronoun is not None:
        return _pronoun(reading, s, event.pronoun.lower, event.pronoun.start, event.pronoun.end, actor)
    for unit in s.units[event.anchor + 1 : event.last]:
        if unit.text.split(" ")[0] == "us" and reading.home is not None:
            return _pronoun(reading, s, "us", unit.start, unit.start + 2, actor)
    return []


def _pronoun(reading: Reading, s: Sentence, word: str, start: int, end: int, actor: PartyMention) -> list[PartyMention]:
    known = meant_by(reading, reading.memory, word)
    if known is None or same(known, actor) or domestic(actor, known):
        return []
    return [in_role(replace(known, start=start, end=end, text=reading.text[start:end]), "to")]
