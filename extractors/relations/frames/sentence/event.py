"""An event of a sentence and the slots of parties that may fill its roles."""

from dataclasses import dataclass, field, replace

from extractors.mentions import PartyMention
from extractors.relations.frames.sentence.clauses import Clause
from extractors.relations.frames.sentence.lexicon import Trigger, verb_class
from extractors.relations.frames.sentence.phrases import Noun
from extractors.relations.frames.sentence.units import Unit

LIGHT = verb_class("light")


STATISTICS = verb_class("statistics")


@dataclass(slots=True)
class Slot:
    """A party that may fill a role, the relation in which it stands, and its distance in units from the trigger."""

    relation: str
    party: PartyMention
    group: int
    distance: int
    noun: Noun | None = None


@dataclass(slots=True)
class Event:
    """What may be an act: its triggers (verbs first), bounds in units and characters, and slots."""

    triggers: list[Trigger]
    anchor: int
    first: int
    last: int
    start: int
    end: int
    verb: Unit | None = None
    clause: Clause | None = None
    passive: bool = False
    slots: list[Slot] = field(default_factory=list)
    nouns: list[int] = field(default_factory=list)
    chain: list[Unit] = field(default_factory=list)
    maker: Slot | None = None
    hosts_people: bool = False
    statistic: bool = False
    owed: bool = False

    def slots_of(self, *relations: str) -> list[Slot]:
        """Return the slots that stand in one of these relations."""
        return [slot for slot in self.slots if slot.relation in relations]

    @property
    def at(self) -> int:
        """The character where its verb begins, else where it begins itself."""
        return self.verb.start if self.verb is not None else self.start

    @property
    def pronoun(self) -> Unit | None:
        """The pronoun that is the subject, if any."""
        return self.clause.pronoun if self.clause is not None else None


@dataclass(slots=True)
class Sentence:
    """A sentence cut up: its units, parties, clauses and events."""

    start: int
    end: int
    units: list[Unit]
    nouns: list[Noun]
    clauses: list[Clause]
    events: list[Event] = field(default_factory=list)


def replace_relation(slot: Slot, relation: str) -> Slot:
    """Return the slot in another relation."""
    return replace(slot, relation=relation)


def fill_slots(s: Sentence, event: Event) -> None:
    """Give the event its slots: subject, agent, objects, prepositional parties.

    Possessors and modifiers of its nouns.
    """
    subject = event.clause.subject if event.clause is not None and event.verb is not None else _light_subject(s, event)
    for noun in subject:
        _add(event, _told(event, noun) if event.passive else "subj", noun, 0)
    for noun in s.nouns:
        if any(noun is n for n in subject) or noun.relation == "way":
            continue
        if noun.owns in event.nouns:
            if noun.relation not in _TAKING or noun.owns == event.nouns[0] or noun.members:
                _owner(event, noun)
            if (
                noun.relation
                and not noun.members
                and (noun.apostrophe or noun.party.role == "demonym")
                and (event.verb is not None or noun.at > event.anchor)
            ):
                _argument(event, noun)
        elif (
            event.anchor < noun.at < event.last
            or (event.verb is None and event.first <= noun.at < event.last)
            or event.passive
            and event.first <= noun.at < event.anchor
            and noun.relation
            or event.passive
            and _reach(s, event) <= noun.at < event.anchor
            and noun.weak
            or event.first <= noun.at < event.anchor
            and noun.relation in {"with", "under", "between"}
            or event.first <= noun.at < event.anchor
            and noun.relation == "from"
            and event.triggers[0].shape == "trained"
            or event.triggers[0].shape == "gift"
            and noun.at < event.anchor
            and noun.relation in {"in", "at", "for"}
        ):
            _argument(event, noun)
    if event.clause is not None and event.clause.antecedent and event.verb is not None:
        relation = "obj"
        for noun in event.clause.antecedent:
            if not any(noun is n for n in subject):
                _add(event, relation, noun, 2)


_TAKING = frozenset({"to", "for"})  # "a gift to A's academy" goes to A
_THINGS = {"found": "thing", "run": "thing", "buy": "poss"}  # what stands for somebody's thing in a passive


def _told(event: Event, noun: Noun) -> str:
    """The relation of the subject of a passive: a thing of somebody's that is bought is bought by its owner."""
    return _THINGS.get(event.triggers[0].shape, "psubj") if noun.apostrophe else "psubj"


def _reach(s: Sentence, event: Event) -> int:
    """Where the clause begins whose subject a passive has."""
    if event.clause is None or not event.clause.inherits:
        return event.first
    return max([c.left for c in s.clauses if c.at < event.clause.at and c.passive], default=event.first)


def maker(s: Sentence, event: Event) -> Slot | None:
    """Who made what is bought: "took delivery of four trains built by"."""
    after = [n for n in s.nouns if n.relation == "by" and event.anchor < n.first <= event.last + 4]
    if event.passive or not after or s.units[after[0].first - 2].lower not in _MADE:
        return None
    return Slot("from", after[0].party, after[0].group, after[0].at - event.anchor, after[0])


_MADE = frozenset({"built", "made", "produced", "manufactured", "supplied", "developed", "designed"})


def _light_subject(s: Sentence, event: Event) -> list[Noun]:
    """The subject of a light verb whose object the noun is: "has made investments in"."""
    named = _apposed(s, event)
    before = [c for c in s.clauses if c.at < event.anchor]
    if named or not before:
        return named
    clause = before[-1]
    verb = s.units[clause.at]
    member = event.triggers[0].shape == "join" and verb.lower in {
        "is",
        "are",
        "was",
        "were",
        "remains",
        "remain",
        "became",
        "become",
        "been",
    }
    if not member and verb.lower not in LIGHT or clause.passive:
        return []
    between = s.units[clause.at + 1 : event.anchor]
    if any(
        u.lower in {"of", "from", "with", "to", "by", "which"} or u.kind == "punct" and u.text not in "-,"
        for u in between
    ):
        return []
    return clause.subject


def _apposed(s: Sentence, event: Event) -> list[Noun]:
    """Of whom it is said in passing that they belong: "Switzerland, a founding member of CERN, hosts"."""
    earlier = [n for n in s.nouns if n.last < event.anchor and not n.weak]
    if event.triggers[0].shape != "join" or not earlier:
        return []
    between = [u.lower for u in s.units[max(earlier[-1].last, earlier[-1].at) + 1 : event.anchor]]
    return earlier[-1:] if between[:1] == [","] and set(between[1:]) <= {"a", "an", "the", "one", "of"} else []


def _owner(event: Event, noun: Noun) -> None:
    distance = abs(noun.at - event.anchor)
    if noun.members:
        for i, member in enumerate(noun.members):
            _put(event, "pair" if i == 0 else "pair2", member, noun, distance)
    else:
        _add(event, _ownership(noun), noun, distance)


def _ownership(noun: Noun) -> str:
    """ "mod" for "Chinese loan", "poss" for "China's loan", "comp" for "KOICA grant"."""
    if noun.party.role == "demonym":
        return "mod"
    return "poss" if noun.apostrophe else "comp"


def _argument(event: Event, noun: Noun) -> None:
    distance = abs(noun.at - event.anchor)
    if noun.members and not noun.weak:
        for i, member in enumerate(noun.members):
            _put(event, "pair" if i == 0 else "pair2", member, noun, distance)
        return
    relation = noun.relation or ("obj" if noun.at > event.anchor else "head")
    if (
        event.triggers[0].words in {"send", "second", "dispatch", "station"}
        and noun.party.role == "demonym"
        and noun.last > noun.at
        and relation == "obj"
    ):
        relation = "mod"
    if noun.relation == "from" and noun.at < event.anchor and _learns(event):
        relation = "psubj"
    if noun.weak:
        relation = "thing" if _told_of(event, noun) else "weak"
    if relation in {"between", "among", "amongst"}:
        relation = (
            "between" if not any(x.relation == "between" and x.group == noun.group for x in event.slots) else "between2"
        )
    _add(event, relation, noun, distance)


def _learns(event: Event) -> bool:
    """Whether the subject is trained: "forty engineers from A were trained", "completed a course"."""
    return event.triggers[0].shape == "trained" or event.passive and event.triggers[0].shape == "train"


def _told_of(event: Event, noun: Noun) -> bool:
    """Whether a passive tells of a country's thing: "the Lao satellite was built and launched by"."""
    return event.passive and noun.at < event.anchor and event.triggers[0].shape in {"build", "found"}


def _add(event: Event, relation: str, noun: Noun, distance: int) -> None:
    _put(event, relation, noun.party, noun, distance)


def _put(event: Event, relation: str, party: PartyMention, noun: Noun, distance: int) -> None:
    event.slots.append(Slot(relation, replace(party), noun.group, distance, noun))
