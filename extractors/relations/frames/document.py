"""Candidate acts of a document, sentence by sentence, bullet by bullet.

With what headings and earlier sentences lend.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.frames.build import make_frames
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.parties import domestic, in_role, members, same
from extractors.relations.frames.reading import (
    FRAGMENT,
    Reading,
    above,
    heading_of,
    pair_of,
    subject_of,
    theme_of,
    trimmed,
)
from extractors.relations.frames.sentence.event import Event, Sentence
from extractors.relations.frames.sentence.events import sentence
from extractors.relations.frames.sentence.gapping import elided, others, repeat, without
from extractors.relations.frames.sentence.lexicon import shapes
from extractors.relations.frames.sentence.roles import LOCATED, SYMMETRIC, Roles, roles
from extractors.relations.frames.sentence.units import units
from extractors.relations.frames.timing.dating import OCCASION
from extractors.relations.frames.timing.news import date_head
from extractors.relations.frames.who.complete import (
    by_pronoun,
    completed,
    from_above,
    is_elliptic,
    is_told,
    label_of,
    nations_of,
    parties_of,
)
from extractors.relations.frames.who.elided import given_again, who_signs, whom, whose
from extractors.relations.frames.who.host import called_by_head, home_of, spoken_to
from extractors.relations.frames.who.names import Names
from extractors.relations.frames.who.nearby import TAKES
from extractors.relations.frames.who.possessed import by_possessive, opening_with, without_makers
from extractors.relations.frames.who.resolve import meant, resolved
from extractors.relations.frames.windows import Windows
from extractors.relations.outline import Outline, Place


def read(
    text: str,
    parties: Sequence[PartyMention],
    amounts: Sequence[AmountMention],
    years: Sequence[YearMention],
    sentences: Sequence[tuple[int, int]],
) -> Reading:
    """Read a document: mentions and the bounds of its sentences in, candidate frames out (``frames``)."""
    reading = Reading(text, Names(text, parties, amounts), Windows(amounts), Windows(years), Outline(text))
    reading.subject = subject_of(reading)
    date_head(reading)
    reading.theme = theme_of(reading)
    reading.home = reading.memory.home = home_of(reading)
    reading.theme = spoken_to(reading) or reading.theme
    reading.memory.main = pair_of(reading)
    reading.names.parties = Windows(called_by_head(reading))
    for start, end in _stretches(reading, sentences):
        place = reading.outline.at(start)
        if place is None or place.line.kind in {"noise", "row"}:
            continue
        if place.line.kind == "heading":
            reading.memory.hear(reading.names.parties.within(start, end))
            _hear_pair(reading, start, end)
            continue
        _sentence(reading, place, max(start, place.line.start), end)
    return reading


def _stretches(reading: Reading, sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The sentences, cut where a line of another kind begins."""
    starts = [
        p.line.start for p in reading.outline.places if p.line.kind in {"heading", "bullet", "row", "noise", "lead"}
    ]
    for start, end in sentences:
        cuts = [s for s in starts if start < s < end]
        for a, b in zip([start, *cuts], [*cuts, end], strict=True):
            if reading.text[a:b].strip():
                yield a, b


def _sentence(reading: Reading, place: Place, start: int, end: int) -> None:
    start = _after_dateline(reading, start, end)
    found = units(
        reading.text,
        start,
        end,
        reading.names.parties.within(start, end),
        reading.amounts.within(start, end),
        reading.years.within(start, end),
    )
    if not found:
        return
    analysed = sentence(found, reading.text, start, end)
    if place.line.kind == "bullet" and _led(reading, place, analysed):
        return
    told = len(reading.frames)
    for event in analysed.events:
        _event(reading, place, analysed, event)
    reading.frames[told:] = _by_bodies(reading.frames[told:])
    _remember(reading, place, analysed)


_RUN = frozenset({"found", "run"})  # shapes


def _by_bodies(frames: list[Frame]) -> list[Frame]:
    """Return frames without those that a name of two countries tells beside an act of their bodies.

    "The Korea-Laos Forest Station, run by the forest service and the university".
    """
    acts = [f for f in frames if f.partner is not None]
    bodies = [
        {f.actor.country, f.partner.country}
        for f in acts
        if f.shape in _RUN and f.features["verbal"] and f.partner and f.features["body"] == 2
    ]
    lands = [f for f in acts if not f.features["verbal"] and not f.features["body"]]
    doubles = [f for f in lands if f.partner and {f.actor.country, f.partner.country} in bodies]
    return [f for f in frames if f not in doubles]


def _led(reading: Reading, place: Place, s: Sentence) -> bool:
    """Read an item of a list whose lead-in tells the act.

    "has provided $17bn for:" and under it sums with their purposes.
    """
    model = next((reading.leads[i] for i in place.above if i in reading.leads), None)
    money = [
        a
        for a in reading.amounts.within(s.start, s.end)
        if s.start <= a.start and a.end <= s.end and a.kind == "money" and a.value is not None
    ]
    if (
        model is None
        or not money
        or any(n.party.role == "name" and n.relation in {"to", "from", "with"} for n in s.nouns)
    ):
        return False
    nouns = [
        u.form.trigger.kind
        for u in s.units
        if u.kind == "noun"
        and u.form is not None
        and u.form.trigger.kind in {"loan", "grant", "investment", "training"}
    ]
    years = reading.years.within(s.start, s.end)
    reading.acts += 1
    kind = nouns[0] if nouns else model.kind
    reading.frames.append(
        replace(
            model,
            kind=kind,
            start=s.start,
            end=s.end,
            evidence=(s.start, trimmed(reading.text, s.start, s.end)),
            act=reading.acts,
            amount=money[0],
            year=years[0] if years else model.year,
            heading=heading_of(reading, place),
            cues=[],
            features={"weight": 1.0, "list": 1.0, "money": 1.0, "partner": float(model.partner is not None)},
            source="list",
        )
    )
    return True


def _after_dateline(reading: Reading, start: int, end: int) -> int:
    head = reading.text[start : min(end, start + 80)]
    for mark in (" -- ", " — ", " – ", " - ", "(Reuters) - "):
        at = head.find(mark)
        if 0 < at < 60:
            place = head[:at].split(",")[0].split(" (")[0].strip()
            if (
                place.isupper()
                and len(place) > 3
                or (
                    "," in head[:at]
                    and any(
                        m in head[:at]
                        for m in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
                    )
                )
            ):
                return start + at + len(mark)
    if head[:1].isupper() and (at := head.find(" — ")) > 0 and len(head[:at].split()) <= 2:
        return start + at + 3
    return start


def _remember(reading: Reading, place: Place, analysed: Sentence) -> None:
    here = [y for y in reading.years.within(analysed.start, analysed.end) if y.kind in {"date", "year"}]
    if here:
        reading.last_year = here[0]
        if OCCASION.search(reading.text[analysed.start : analysed.end]) and len(here) == 1:
            reading.occasion = here[0]
    elif len(analysed.clauses) > 0:
        reading.last_year = None
    mentions = [n.party for n in analysed.nouns]
    reading.memory.hear(mentions)
    first = next((c.subject for c in analysed.clauses if c.subject), None)
    told = [meant(n.party) for n in first or [] if n.party.source != "compound"]
    strong = [party for party in told if party is not None]
    if strong:
        reading.memory.subjects.append(strong[0])
        if len(strong) > 1:
            reading.memory.pairs.append((in_role(strong[0], "subj"), in_role(strong[1], "subj")))
    _hear_pair(reading, analysed.start, analysed.end)
    if place.list_id >= 0 and strong and place.list_id not in reading.list_subject:
        reading.list_subject[place.list_id] = strong


def _own_land(
    actors: list[PartyMention], partners: list[PartyMention], lent: list[str]
) -> tuple[list[PartyMention], bool]:
    """Return the partners without a land lent to two actors that is the second's own, and whether it was.

    "Delft University and Copperbelt University started a course" under a title on Zambia.
    """
    own = len(actors) == 2 and len(partners) == 1 and bool(lent) and not domestic(*actors)
    own = own and partners[0].type == "country" and partners[0].country == actors[1].country
    return ([], True) if own else (partners, False)


_OWNED = TAKES - {"debt"}
_PAIRED = frozenset({"sym", "found", "expand", "study", "run", "stop"})


def _both(
    chosen: Roles, actors: list[PartyMention], partners: list[PartyMention]
) -> tuple[list[PartyMention], list[PartyMention]]:
    """Take the two of a pair apart where only a place, or nobody, stands beside: "Accord Italy-Kenya signed Trento"."""
    pieces = members(actors[0]) if len(actors) == 1 else ()
    beside = chosen.partners[0].relation if chosen.partners else "lent" if partners else "obj"
    if len(pieces) != 2 or beside not in LOCATED | {"obj"}:
        return actors, partners
    return [in_role(pieces[0], "subj")], [in_role(pieces[1], "with")]


def _spoken_for(event: Event, chosen: Roles) -> bool:
    """Whether a pronoun is the actor, whatever place stands beside: "it lent $9 million for the road from Accra"."""
    beside = bool(chosen.actors) and chosen.actors[0].relation in {"from", "by", "in", "at"}
    acts = "subj" in shapes()[chosen.shape][0] if chosen.shape in shapes() else False
    return event.pronoun is not None and not event.passive and beside and acts


def _speaks(event: Event) -> bool:
    """Whether a pronoun may stand for who acts: not "it was founded", but "our institute, founded with"."""
    return event.pronoun is not None and (not event.passive or event.pronoun.lower in {"we", "our"})


_JOINTLY = re.compile(r"\b(?:joint|jointly|together|both)\b")


def _severally(s: Sentence, event: Event) -> bool:
    """Whether each of those named does what is told: "A and B each provide $3 million"."""
    near = s.units[max(event.anchor - 2, event.first) : event.anchor]
    return event.verb is not None and any(u.lower == "each" for u in near)


def _takes(chosen: Roles) -> bool:
    """Whether the subject of an act of this shape is its partner: "it received"."""
    actor, partner = shapes().get(chosen.shape, ((), ()))
    return "subj" in partner and "subj" not in actor


def _located(chosen: Roles) -> bool:
    return bool(chosen.partners) and chosen.partners[0].relation in LOCATED


def _hear_pair(reading: Reading, start: int, end: int) -> None:
    for party in reading.names.parties.within(start, end):
        pieces = members(party)
        if len(pieces) == 2:
            reading.memory.pairs.append((in_role(pieces[0], "subj"), in_role(pieces[1], "subj")))


def _event(reading: Reading, place: Place, analysed: Sentence, event: Event) -> None:
    reading.memory.nations = nations_of(reading, place)
    again = elided(analysed, event)
    without(event, again)
    event.slots = resolved(without_makers(analysed, event), reading.memory)
    fragment = place.line.kind in FRAGMENT and not is_told(analysed, event)
    label = label_of(analysed) if place.line.kind in FRAGMENT or place.line.kind == "text" else []
    if fragment:
        event.passive = event.passive or is_elliptic(analysed, event)
        if above(reading, place):
            event.slots = [
                s for s in event.slots if s.party.source != "capitals" or s.relation in {"by", "with", "from", "to"}
            ]
        if event.passive:
            event.slots = [replace(s, relation="psubj") if s.relation == "subj" else s for s in event.slots]
    chosen = roles(event)
    actors = parties_of(chosen.actors)
    partners = parties_of(chosen.partners)
    if not actors and not partners:
        actors, partners = given_again(reading, analysed, event, chosen)
    lent: list[str] = []
    if _spoken_for(event, chosen):
        partners = partners or [p for p in actors if p.type == "group" and chosen.shape in TAKES]
        actors = []
    if not actors and event.verb is not None and _speaks(event):
        actors, partners = by_pronoun(reading, analysed, event, actors, partners, lent)
    taken = not partners and bool(chosen.actors) and chosen.actors[0].relation == "from"
    if (not actors or taken) and chosen.shape in _OWNED and (owner := by_possessive(reading, analysed, event)):
        actors, partners = (actors, owner) if actors else (owner, partners)
        lent.append("pronoun")
    if actors and not partners and event.pronoun is not None and not event.passive and _takes(chosen):
        partners = by_pronoun(reading, analysed, event, [], [], lent)[0][:1]
    if actors and not partners:
        partners = whom(reading, analysed, event, chosen, actors[0]) or whose(analysed, event, chosen, actors[0])
    if len(actors) == 2 and not partners and _severally(analysed, event) and not domestic(*actors):
        actors, partners = actors[:1], actors[1:]
        lent.append("each")
    joint = event.triggers[0].shape in SYMMETRIC or _JOINTLY.search(reading.text, event.start, event.end)
    if len(actors) > 1 and not partners and joint:
        actors, partners = actors[:1], [p for p in actors[1:] if not domestic(actors[0], p)]
    if fragment:
        actors, partners = from_above(reading, place, event, chosen, actors, partners, lent)
    actors, partners = completed(
        reading,
        place,
        analysed,
        event,
        chosen,
        actors,
        partners,
        label,
        lent,
        cooperative=any(t.kind == "joint_research" for t in event.triggers),
    )
    actors = actors or who_signs(reading, place, analysed, event, chosen, partners)
    if not actors:
        return
    if len(partners) == 1 and partners[0].type == "country" and same(actors[0], partners[0]):
        partners = []
    if not partners or partners[0].type == "country":
        partners = opening_with(analysed, event, chosen, actors) or partners
    partners, paired = _own_land(actors, partners, lent)
    if (paired or chosen.shape in _PAIRED) and not partners and len(actors) > 1:
        actors, partners = actors[:1], actors[1:]
    actors, partners = _both(chosen, actors, partners)
    if chosen.shape == "stop" and len(actors) > 1 and not domestic(*actors[:2]) and _located(chosen):
        actors, partners = actors[:1], actors[1:]
    partners = partners or others(actors, again)
    told = len(reading.frames)
    make_frames(reading, place, analysed, event, chosen, actors, partners, lent)
    if len(reading.frames) > told and again:
        repeat(reading, again)
    if "each" in lent and len(partners) == 1:
        make_frames(reading, place, analysed, event, chosen, partners, actors, [*lent, "mirrored"])
