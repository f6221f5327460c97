"""Acts told without their verb: "joined in 1961 and Peru in 1981", "pledged $2 million and Japan $3 million"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import in_role, same
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.sentence.event import Event, Sentence
from extractors.relations.frames.sentence.phrases import Noun
from extractors.relations.frames.sentence.units import Unit

_PAYING = frozenset({"give", "fund", "invest", "approve"})
_LINKS = frozenset({"and", ",", ";", "while", "but"})
_FILLERS = frozenset({"with", "a", "another", "further", "some", "about", "nearly", "over", "up", "to", "around"})


@dataclass(frozen=True, slots=True)
class Elided:
    """A party of which the last act is told again: its noun, its year or its sum, and whether it is the partner."""

    noun: Noun
    told: Unit
    taker: bool


def elided(s: Sentence, event: Event) -> list[Elided]:
    """Return who does the same, or to whom the same is done, with another year or sum and without the verb."""
    if event.verb is None or event.passive:
        return []
    nouns = [n for n in s.nouns if event.anchor < n.at < event.last + 3 and not n.weak and n.first > 0]
    return [e for n in nouns for e in (_in_year(s, event, n) or _with_sum(s, event, n),) if e is not None]


def _before(s: Sentence, event: Event, noun: Noun) -> int:
    """The unit before a party and its preposition."""
    k = noun.first - 1
    return k - 1 if noun.relation and s.units[k].lower == noun.relation and k > event.anchor else k


def _in_year(s: Sentence, event: Event, noun: Noun) -> Elided | None:
    k = _before(s, event, noun)
    after = [u for u in s.units[noun.last + 1 : noun.last + 3] if u.lower not in {"in", "since"}]
    earlier = any(u.kind == "year" for u in s.units[event.anchor : k])
    if s.units[k].lower in {"and", ","} and after and after[0].kind == "year" and earlier:
        return Elided(noun, after[0], bool(noun.relation))
    return None


def _with_sum(s: Sentence, event: Event, noun: Noun) -> Elided | None:
    first = next((k for k in range(event.anchor + 1, noun.first) if _is_sum(s.units[k])), None)
    own = bool(noun.relation) and s.units[noun.first - 1].lower not in _LINKS
    if first is None or own or event.triggers[0].shape not in _PAYING:
        return None
    after = next((u for u in s.units[noun.last + 1 : noun.last + 5] if u.lower not in _FILLERS), None)
    if after is None or not _is_sum(after) or s.units[noun.first - 1].lower not in _LINKS:
        return None
    given = any(event.anchor < n.at < first and not n.relation and not n.weak for n in s.nouns)
    return Elided(noun, after, given)


def _is_sum(unit: Unit) -> bool:
    return unit.amount is not None and unit.amount.kind == "money"


def without(event: Event, found: Sequence[Elided]) -> None:
    """Take out of an event's slots those of whom its act is told again."""
    event.slots = [slot for slot in event.slots if all(slot.noun is not one.noun for one in found)]


def others(actors: Sequence[PartyMention], found: Sequence[Elided]) -> list[PartyMention]:
    """Return with whom somebody pays where no taker is named: "A committed $2 million and B $3 million"."""
    return [in_role(one.noun.party, "with") for one in found if not one.taker and one.told.amount][:1] if actors else []


def repeat(reading: Reading, found: Sequence[Elided]) -> None:
    """Repeat the last act for those of whom it is told again."""
    model = reading.frames[-1]
    for one in found:
        reading.acts += 1
        sum_ = one.told.amount
        party = in_role(one.noun.party, one.noun.relation if one.taker and one.noun.relation else "subj")
        to_each_other = model.partner is not None and same(model.partner, party)
        partner = model.actor if to_each_other else party if one.taker and model.partner is not None else model.partner
        reading.frames.append(
            replace(
                model,
                actor=model.actor if one.taker else party,
                partner=partner,
                year=one.told.year if sum_ is None else model.year,
                act=reading.acts,
                amount=sum_,
                features=dict(model.features),
                start=party.start,
                end=one.told.end,
            )
        )
        if sum_ is not None:
            reading.used.add(id(sum_))
