"""Who is meant by "we", "our" and "us", or is left out: "the agreement with the academy was renewed in 2018"."""

from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import domestic, in_role, same
from extractors.relations.frames.reading import Reading, hosts
from extractors.relations.frames.sentence.event import Event, Sentence
from extractors.relations.frames.sentence.roles import Roles
from extractors.relations.frames.sentence.units import Unit
from extractors.relations.frames.who.resolve import Memory, meant
from extractors.relations.outline import Place

_WITH = frozenset({"sym", "found", "expand", "study", "run", "stop"})
_GIVING = frozenset({"give", "fund", "approve"})
_RELATIVE = frozenset({"that", "which"})
_TAKING = frozenset({"give", "approve", "fund", "train", "build", "lend"})


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
    home = [reading.home] if reading.home is not None else []
    near = [*reversed(earlier), *home, *hosts(reading, place)]
    known = next((p for p in near if not any(domestic(p, other) for other in partners)), None)
    return [] if known is None else [in_role(known, "subj")]


_AGAIN = frozenset({"second", "third", "fourth", "fifth", "further", "another", "additional"})
_NEAR = 500  # characters back to the first gift


def given_again(
    reading: Reading, s: Sentence, event: Event, chosen: Roles
) -> tuple[list[PartyMention], list[PartyMention]]:
    """Return who gives once more to whom, where only the gift is named: "A second loan, of $9 million, was signed"."""
    last = reading.frames[-1] if reading.frames else None
    if last is None or last.partner is None or last.shape not in _GIVING or s.start - last.end > _NEAR:
        return [], []
    nouns = [k for k, t in zip(event.nouns, event.triggers[-len(event.nouns) :], strict=False) if t.shape == "give"]
    again = bool(nouns) and any(u.lower in _AGAIN for u in s.units[max(0, nouns[0] - 2) : nouns[0]])
    told = any(a.kind == "money" for a in reading.amounts.within(event.start, event.end))
    if not again or not told or not event.passive or chosen.actors or chosen.partners:
        return [], []
    return [in_role(last.actor, "subj")], [in_role(last.partner, "to")]


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


def whose(s: Sentence, event: Event, chosen: Roles, actor: PartyMention) -> list[PartyMention]:
    """Return who gets or builds what another pays for: "A opened a school, for which B gave $3 million"."""
    clause = event.clause
    if chosen.shape not in _TAKING or event.verb is None or clause is None or clause.left < 1:
        return []
    opener = clause.left - 1
    main = next((c for c in reversed(s.clauses) if c.at < opener), None)
    lent = s.units[opener].lower == "which" or refused(s, event) is not None
    if not lent or main is None or any(main.at < n.at < opener for n in s.nouns):
        return []
    named = [party for n in main.subject if (party := meant(n.party)) is not None]
    owners = [p for p in named if p.type != "person" and not domestic(actor, p)]
    return [in_role(owners[0], "to")] if owners else []


def refused(s: Sentence, event: Event) -> Unit | None:
    """Return the verb that ends what its object was to be: "turned down the port that A had offered"."""
    clause = event.clause
    if event.verb is None or clause is None or clause.left < 2 or s.units[clause.left - 1].lower not in _RELATIVE:
        return None
    main = next((c for c in reversed(s.clauses) if c.at < clause.left - 1), None)
    form = s.units[main.at].form if main is not None else None
    ends = form is not None and form.trigger.status == "cancelled" and s.units[clause.left - 2].kind != "verb"
    return s.units[main.at] if main is not None and ends and not main.passive else None


def _pronoun(reading: Reading, s: Sentence, word: str, start: int, end: int, actor: PartyMention) -> list[PartyMention]:
    known = meant_by(reading, reading.memory, word)
    if known is None or same(known, actor) or domestic(actor, known):
        return []
    return [in_role(replace(known, start=start, end=end, text=reading.text[start:end]), "to")]
