"""Who acts and with or for whom: the shape of an event's trigger picks among its slots."""

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.relations.frames.sentence.event import Event, Slot
from extractors.relations.frames.sentence.lexicon import Trigger, overrides, shapes

LOCATED = frozenset({"in", "at", "for", "on", "of", "from"})
_INTO = frozenset({"invest", "acquire", "own", "join", "buy"})
SYMMETRIC = frozenset({"sym", "found", "expand", "study", "run"})
_SERVING = frozenset({"build", "fund", "train", "give", "approve"})
_OWNING = frozenset({"own", "invest", "build"})
_FOUNDED = frozenset({"found", "run", "build"})
_VENTURES = frozenset({"joint venture", "jv", "partnership", "consortium"})
_BELONGING = frozenset({"membership", "accession"})
_TOGETHER = frozenset({"build", "select", "bind", "couple"})
_LANDS = frozenset({"country", "group"})
_BANK = ("bank", "fund", "eximbank", "agency")


@dataclass(frozen=True, slots=True)
class Roles:
    """The parties of an act, and which shape chose them."""

    actors: tuple[Slot, ...]
    partners: tuple[Slot, ...]
    shape: str


def shape_of(event: Event) -> str:
    """Return the shape that rules the event: of its last verb with one, else of its nouns."""
    verbs = [t for t in event.triggers if t.pos == "v"]
    nouns = [t for t in event.triggers if t.pos == "n"]
    if event.hosts_people:
        return "train"
    if not verbs:
        return nouns[0].shape
    shape = verbs[-1].shape
    if verbs[-1].words in {"cancel", "reschedule", "restructure", "waive"} and not (
        event.owed or any(n.kind == "debt_relief" for n in nouns)
    ):
        return "stop"
    if verbs[-1].words in {"put off", "defer", "postpone"} and not event.owed:
        return "none"
    if shape == "bind" and not any(n.shape == "sym" for n in nouns):
        return "none"
    ruled = _ruled(shape, nouns, event)
    if ruled:
        return ruled
    if (
        len(verbs) > 1
        and verbs[0].shape == "sym"
        and verbs[-1].shape in {"buy", "sell", "give", "build", "invest", "acquire", "found", "study", "expand"}
    ):
        return verbs[-1].shape
    if shape in {"sym", "expand", "approve", "found"} and nouns and nouns[0].words in _BELONGING:
        return "join"
    if shape == "sym" and event.passive and nouns and nouns[0].shape == "buy" and event.slots_of("from"):
        return "buy"
    given = [n for n in nouns if n.shape in {"give", "train", "debt"}]
    if shape in {"found", "expand", "sym", "run"} and given and _first(nouns) in given:
        return "approve" if shape != "sym" else "signed_gift"
    if (
        shape in {"found", "expand", "run", "build"}
        and not any(n.kind == "joint_facility" for n in nouns[:1])
        and any(n.shape == "sym" for n in nouns)
    ):
        return "sym"
    if shape == "run" and any(n.shape == "invest" for n in nouns[:1]):
        return "own"
    if shape == "buy" and any(n.shape == "invest" for n in nouns):
        return "acquire"
    return shape


def _ruled(shape: str, nouns: Sequence[Trigger], event: Event) -> str:
    """The shape that a noun of the event, or its voice, puts in the place of the verb's; "" if none does."""
    bare = event.verb is not None and event.verb.tag in {"past", "part"}
    told = [*(noun.shape for noun in nouns[:2]), "passive" if event.passive else "" if bare else "active"]
    return next((overrides()[shape, other] for other in told if (shape, other) in overrides()), "")


def _first(nouns: Sequence[Trigger]) -> Trigger | None:
    return nouns[0] if nouns else None


def roles(event: Event) -> Roles:
    """Return the actors and partners among the slots of an event; either may be empty."""
    shape = shape_of(event)
    if shape == "signed_gift":
        return _signed_gift(event)
    actor_order, partner_order = shapes().get(shape, shapes()["sym"])
    actors = _pick(event, actor_order, ())
    partners = _pick(event, partner_order, actors)
    if shape == "buy" and not partners and event.maker is not None:
        partners = [event.maker]
    passive = event.passive and bool(actors) and actors[0].relation == "by"
    active = event.verb is not None and not event.passive and bool(actors) and actors[0].relation == "subj"
    if not partners and shape in _SERVING and (passive or active):
        partners = _pick(event, ("poss",), actors)
    if shape in _OWNING and any(t.words in _VENTURES for t in event.triggers):
        partners = _pick(event, ("with",), actors) or partners
    if shape in SYMMETRIC or (len(event.triggers) > 1 and event.triggers[0].shape == "sym"):
        partners = _pick(event, ("pair2", "between2", "with"), actors) or partners
        if event.passive and not actors:
            actors = _pick(event, ("by", "between"), ())
        if event.verb is None and not actors and len(both := _pick(event, ("of",), ())) > 1:
            actors, partners = both, []
        if len(actors) > 1 and (not partners or partners[0].relation in {"in", "at", "to", "for", "obj"}):
            actors, partners = actors[:1], actors[1:]
        if not actors and event.verb is None and len(partners) > 1 and partners[0].relation == "obj":
            actors, partners = partners[:1], partners[1:]
    if event.passive and not actors and shape in _FOUNDED and partners and partners[0].relation == "with":
        actors = _pick(event, ("of", "at", "in"), partners)
    if shape in _TOGETHER and len(actors) > 1 and not partners:
        actors, partners = actors[:1], actors[1:]
    if shape == "couple" and (not partners or any(s.party.type in _LANDS for s in event.slots_of("obj"))):
        actors = []
    return Roles(tuple(actors), tuple(partners), shape)


def _signed_gift(event: Event) -> Roles:
    """A loan or grant that two parties sign: the giver acts, told by "from" and "to", or by being the bank."""
    givers = _pick(event, ("from", "mod", "poss", "by"), ())
    takers = _pick(event, ("to", "for", "iobj"), givers)
    subject, other = (
        _pick(event, ("subj", "between", "pair"), givers + takers),
        _pick(event, ("with", "between2", "pair2"), givers + takers),
    )
    if len(subject) > 1 and not other:
        subject, other = subject[:1], subject[1:]
    if givers:
        return Roles(tuple(givers), tuple(takers or subject or other), "give")
    if takers:
        return Roles(tuple(subject or other), tuple(takers), "give")
    if subject and other and _lends(other[0]) and not _lends(subject[0]):
        subject, other = other, subject
    return Roles(tuple(subject), tuple(other), "give")


def _lends(slot: Slot) -> bool:
    name = slot.party.name.lower()
    return any(word in name for word in _BANK) or slot.party.type == "organisation" and slot.party.country is None


def _pick(event: Event, order: Sequence[str], without: Sequence[Slot]) -> list[Slot]:
    """The first relation of the order with a slot, and all slots of its group."""
    for relation in order:
        if relation in {"subj2", "owedby"}:
            continue
        wanted = "obj" if relation == "iobj" else relation
        found = [s for s in event.slots if s.relation == wanted and not _same(s, without)]
        if relation in {"in", "to", "at"}:
            found = [
                s
                for s in found
                if not any(s.party.type == "country" and s.party.country == w.party.country for w in without)
            ]
        if relation in LOCATED:
            found = [s for s in found if s.party.source != "capitals" or shape_of(event) in _INTO]
        if relation == "iobj":
            found = [s for s in found if s.noun is not None and s.distance <= 3]
        if found:
            near = min(found, key=_distance)
            return [s for s in found if s.group == near.group]
    return []


def _same(slot: Slot, others: Sequence[Slot]) -> bool:
    return any(slot.party.start == o.party.start and slot.party.end == o.party.end for o in others)


def _distance(slot: Slot) -> int:
    return slot.distance
