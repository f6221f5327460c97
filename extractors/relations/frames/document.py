"""Candidate acts of a document, sentence by sentence, bullet by bullet, with what headings and earlier sentences lend."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.context import Cue, scan
from extractors.relations.outline import Outline, Place

from .attach import amount_for, year_for
from .events import Event, Sentence, Slot, elliptic, gaps, sentence
from .frame import Frame
from .kinds import kind_of, status_of
from .names import Names
from .np import Noun
from .parties import domestic, in_role, members, same
from .resolve import Memory, resolved
from .roles import SYMMETRIC, Roles, roles
from .units import Unit, units

_MOST = 12  # partners of one act
_FRAGMENT = frozenset({"bullet", "lead"})


@dataclass(slots=True)
class Reading:
    """A document being read: its mentions, outline, memory, and the frames found so far."""

    text: str
    names: Names
    amounts: Sequence[AmountMention]
    years: Sequence[YearMention]
    outline: Outline
    memory: Memory = field(default_factory=Memory)
    frames: list[Frame] = field(default_factory=list)
    acts: int = 0
    list_subject: dict[int, list[PartyMention]] = field(default_factory=dict)
    list_year: dict[int, YearMention] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    subject: PartyMention | None = None
    leads: dict[int, Frame] = field(default_factory=dict)
    list_seen: dict[int, bool] = field(default_factory=dict)
    last_year: YearMention | None = None
    head_year: YearMention | None = None
    occasion: YearMention | None = None
    formal: bool = False
    theme: PartyMention | None = None


def read(text: str, parties: Sequence[PartyMention], amounts: Sequence[AmountMention], years: Sequence[YearMention], sentences: Sequence[tuple[int, int]]) -> Reading:
    """Read a document: mentions and the bounds of its sentences in, candidate frames out (``frames``)."""
    reading = Reading(text, Names(text, parties, amounts), amounts, years, Outline(text))
    reading.subject = subject_of(reading)
    _dated(reading)
    reading.theme = _theme(reading)
    for start, end in _stretches(reading, sentences):
        place = reading.outline.at(start)
        if place is None or place.line.kind in {"noise", "row"}:
            continue
        if place.line.kind == "heading":
            reading.memory.hear(_within(reading.names.parties, start, end))
            _hear_pair(reading, start, end)
            continue
        _sentence(reading, place, max(start, place.line.start), end)
    return reading


def _stretches(reading: Reading, sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The sentences, cut where a line of another kind begins."""
    starts = [p.line.start for p in reading.outline.places if p.line.kind in {"heading", "bullet", "row", "noise", "lead"}]
    for start, end in sentences:
        cuts = [s for s in starts if start < s < end]
        for a, b in zip([start, *cuts], [*cuts, end], strict=True):
            if reading.text[a:b].strip():
                yield a, b


def _within(mentions: Sequence[PartyMention], start: int, end: int) -> list[PartyMention]:
    return [m for m in mentions if start <= m.start and m.end <= end]


def subject_of(reading: Reading) -> PartyMention | None:
    """The party that the document is about: the country its title names, if one does."""
    title = reading.outline.title()
    if title is None:
        return None
    named = [p for p in _within(reading.names.parties, title.start, title.end) if p.role in {"name", "demonym"} and p.source != "capitals"]
    if named:
        return in_role(named[0], "subj")
    counts = Counter(p.country for p in reading.names.parties if p.country and p.role in {"name", "demonym"})
    if not counts or counts.most_common(1)[0][1] < 3:
        return None
    country = counts.most_common(1)[0][0]
    return next((in_role(p, "subj") for p in reading.names.parties if p.type == "country" and p.country == country), None)


def _theme(reading: Reading) -> PartyMention | None:
    """The country that the text names most often, if it names it at least thrice and in its title or first lines."""
    counts = Counter(p.country for p in reading.names.parties if p.country and p.role in {"name", "demonym", "place"})
    if not counts or counts.most_common(1)[0][1] < 3:
        return None
    country = counts.most_common(1)[0][0]
    first = next((p for p in reading.names.parties if p.country == country and p.type == "country"), None)
    return in_role(first, "to") if first is not None and first.start < 400 else None


def _sentence(reading: Reading, place: Place, start: int, end: int) -> None:
    start = _after_dateline(reading, start, end)
    found = units(reading.text, start, end, _within(reading.names.parties, start, end), reading.amounts, reading.years)
    if not found:
        return
    analysed = sentence(found, reading.text, start, end)
    if place.line.kind == "bullet" and _led(reading, place, analysed):
        return
    for event in analysed.events:
        _event(reading, place, analysed, event)
    _remember(reading, place, analysed)


def _led(reading: Reading, place: Place, s: Sentence) -> bool:
    """Read an item of a list whose lead-in tells the act: "has provided $17bn for:" and under it sums with their purposes."""
    model = next((reading.leads[i] for i in place.above if i in reading.leads), None)
    money = [a for a in reading.amounts if s.start <= a.start and a.end <= s.end and a.kind == "money" and a.value is not None]
    if model is None or not money or any(n.party.role == "name" and n.relation in {"to", "from", "with"} for n in s.nouns):
        return False
    nouns = [u.form.trigger.kind for u in s.units if u.kind == "noun" and u.form is not None and u.form.trigger.kind in {"loan", "grant", "investment", "training"}]
    years = [y for y in reading.years if s.start <= y.start and y.end <= s.end]
    reading.acts += 1
    kind = nouns[0] if nouns else model.kind
    reading.frames.append(
        replace(model, kind=kind, start=s.start, end=s.end, evidence=(s.start, _trim(reading.text, s.start, s.end)), act=reading.acts, amount=money[0], year=years[0] if years else model.year,
                heading=_heading(reading, place), cues=[], features={"weight": 1.0, "list": 1.0, "money": 1.0, "partner": float(model.partner is not None)}, source="list")
    )  # fmt: skip
    return True


def _after_dateline(reading: Reading, start: int, end: int) -> int:
    head = reading.text[start : min(end, start + 80)]
    for mark in (" -- ", " — ", " – ", " - ", "(Reuters) - "):
        at = head.find(mark)
        if 0 < at < 60:
            place = head[:at].split(",")[0].split(" (")[0].strip()
            if place.isupper() and len(place) > 3 or ("," in head[:at] and any(m in head[:at] for m in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"))):
                return start + at + len(mark)
    if head[:1].isupper() and (at := head.find(" — ")) > 0 and len(head[:at].split()) <= 2:
        return start + at + 3
    return start


def _remember(reading: Reading, place: Place, analysed: Sentence) -> None:
    here = [y for y in reading.years if analysed.start <= y.start and y.end <= analysed.end and y.kind in {"date", "year"}]
    if here:
        reading.last_year = here[0]
        if _OCCASION.search(reading.text[analysed.start : analysed.end]) and len(here) == 1:
            reading.occasion = here[0]
    elif len(analysed.clauses) > 0:
        reading.last_year = None
    mentions = [n.party for n in analysed.nouns]
    reading.memory.hear(mentions)
    first = next((c.subject for c in analysed.clauses if c.subject), None)
    strong = [n.party for n in first or [] if n.party.role != "description" and n.party.source != "compound"]
    if strong:
        reading.memory.subjects.append(strong[0])
        if len(strong) > 1:
            reading.memory.pairs.append((in_role(strong[0], "subj"), in_role(strong[1], "subj")))
    _hear_pair(reading, analysed.start, analysed.end)
    if place.list_id >= 0 and strong and place.list_id not in reading.list_subject:
        reading.list_subject[place.list_id] = strong


def _hear_pair(reading: Reading, start: int, end: int) -> None:
    for party in _within(reading.names.parties, start, end):
        pieces = members(party)
        if len(pieces) == 2:
            reading.memory.pairs.append((in_role(pieces[0], "subj"), in_role(pieces[1], "subj")))


def above(reading: Reading, place: Place) -> list[PartyMention]:
    """The parties of the nearest line above that names one: a pair of countries as two, else the first."""
    for line in reading.outline.above(place):
        named = [p for p in _within(reading.names.parties, line.start, line.end) if p.role in {"name", "demonym", "place"} and p.source != "capitals"]
        for party in named:
            pieces = members(party)
            if len(pieces) > 1:
                return [in_role(p, "subj") for p in pieces]
        if named:
            return [in_role(p, "subj") for p in named[:2]]
    return []


def _event(reading: Reading, place: Place, analysed: Sentence, event: Event) -> None:
    reading.memory.nations = _nations(reading, place)
    elided = gaps(analysed, event)
    event.slots = [s for s in event.slots if all(s.noun is not noun for noun, _ in elided)]
    event.slots = resolved(event.slots, reading.memory)
    fragment = place.line.kind in _FRAGMENT and not _told(analysed, event)
    label = _label(analysed) if place.line.kind in _FRAGMENT or place.line.kind == "text" else []
    if fragment:
        event.passive = event.passive or _elliptic(analysed, event)
        if above(reading, place):
            event.slots = [s for s in event.slots if s.party.source != "capitals" or s.relation in {"by", "with", "from", "to"}]
        if event.passive:
            event.slots = [replace(s, relation="psubj") if s.relation == "subj" else s for s in event.slots]
    chosen = roles(event)
    actors = _parties(chosen.actors)
    partners = _parties(chosen.partners)
    lent: list[str] = []
    if not actors and event.verb is not None and event.pronoun is not None:
        actors, partners = _pronoun(reading, analysed, event, actors, partners, lent)
    if fragment:
        actors, partners = _from_above(reading, place, event, chosen, actors, partners, lent)
    actors, partners = _completed(reading, place, analysed, event, chosen, actors, partners, label, lent, cooperative=any(t.kind == "joint_research" for t in event.triggers))
    if not actors:
        return
    if len(partners) == 1 and partners[0].type == "country" and same(actors[0], partners[0]):
        partners = []
    if chosen.shape in {"sym", "found", "expand", "study", "run"} and not partners and len(actors) > 1:
        actors, partners = actors[:1], actors[1:]
    _frames(reading, place, analysed, event, chosen, actors, partners, lent)
    if reading.frames and elided:
        _elided(reading, elided)
    if "each" in lent and len(partners) == 1:
        _frames(reading, place, analysed, event, chosen, partners, actors, [*lent, "mirrored"])


def _nations(reading: Reading, place: Place) -> tuple[PartyMention, PartyMention] | None:
    """The country the document is about and the one that the heading above names."""
    heads = [h for h in above(reading, place) if h.type == "country"]
    if len(heads) > 1:
        return heads[0], heads[1]
    if heads and reading.subject is not None and reading.subject.type == "country" and not same(heads[0], reading.subject):
        return reading.subject, heads[0]
    return None


def _told(s: Sentence, event: Event) -> bool:
    """Whether a bullet is a whole sentence: its event has a subject of its own and goes on after the verb."""
    return event.verb is not None and event.clause is not None and bool(event.clause.subject or event.pronoun) and not _elliptic(s, event)


def _elliptic(s: Sentence, event: Event) -> bool:
    return event.verb is not None and elliptic(s.units, event.anchor)


def _elided(reading: Reading, found: Sequence[tuple[Noun, Unit]]) -> None:
    """Repeat the last act for those who are said to do the same in another year."""
    model = reading.frames[-1]
    for noun, unit in found:
        reading.acts += 1
        reading.frames.append(replace(model, actor=in_role(noun.party, "subj"), year=unit.year, act=reading.acts, amount=None, features=dict(model.features), start=noun.party.start, end=unit.end))


def _label(s: Sentence) -> list[PartyMention]:
    """The parties of a label before a colon or dash: "Rwanda-Singapore: treaty ratified", "DFG (Germany): joint calls"."""
    mark = next((i for i, u in enumerate(s.units[:16]) if u.text == ":"), None)
    if mark is None:
        mark = next((i for i, u in enumerate(s.units[:12]) if u.text in {"–", "—", "/", ">"}), None)
    if mark is None:
        return []
    named = [n for n in s.nouns if n.at < mark and not n.weak]
    if not named or any(c.at < mark for c in s.clauses):
        return []
    for noun in named:
        if noun.members:
            return [in_role(m, "subj") for m in noun.members]
    if len(named) > 1 and (named[0].group == named[1].group or all(u.kind == "punct" for u in s.units[named[0].last + 1 : named[1].first])):
        bodies = [in_role(n.party, "subj") for n in named[:2]]
        if not domestic(*bodies):
            return bodies
    return [in_role(named[0].party, "subj")]


_SCHEME = re.compile(r"\b(?:the|this) (?:project|scheme|programme|program|network|alliance|consortium|initiative)\b", re.I)
_EACH = re.compile(r"\b(?:each|either) (?:side|party|country|company|partner|government|university)\b", re.I)


def _pair_here(s: Sentence) -> tuple[PartyMention, PartyMention] | None:
    for noun in s.nouns:
        if len(noun.members) == 2:
            return in_role(noun.members[0], "subj"), in_role(noun.members[1], "subj")
    return None


_TAKES = frozenset({"give", "approve", "fund", "build", "train", "invest", "debt", "receive", "sell"})


def event_start(event: Event) -> int:
    """Where the trigger of an event stands."""
    return event.verb.start if event.verb is not None else event.start


_MANY = re.compile(r"(?:joined|joins|join|joining|member of|acceded to|signed up to)\s+(?:more than |over |some |about |nearly |at least )?(?P<set>(?:\d[\d,]*|several|many|dozens of) [\w& -]{0,60}?(?:organi[sz]ations|agreements|programmes|programs|projects|bodies|institutions|networks|initiatives|conventions))", re.I)


def _completed(reading: Reading, place: Place, s: Sentence, event: Event, chosen: Roles, actors: list[PartyMention], partners: list[PartyMention], label: list[PartyMention], lent: list[str], *, cooperative: bool) -> tuple[list[PartyMention], list[PartyMention]]:
    """Fill a missing partner from a label, a leading "In Laos,", the heading, or the act told before."""
    if len(label) > 1 and not (actors and partners):
        lent.append("label")
        return label[:1], label[1:]
    if _EACH.search(reading.text[s.start : s.end]) and not actors:
        pair = _pair_here(s) or reading.memory.pair()
        if pair is not None:
            lent.append("each")
            return [pair[0]], [pair[1]]
    heads = above(reading, place)
    if label and place.line.kind in _FRAGMENT and not any(s.relation in {"by", "from", "to", "with"} for s in (*chosen.actors, *chosen.partners)):
        side = next((h for h in [*heads, *([reading.subject] if reading.subject else [])] if not same(h, label[0]) and (not h.country or h.country != label[0].country)), None)
        if side is not None and label[0].role != "demonym" and (not actors or same(actors[0], label[0]) or actors[0].source == "capitals" or "heading" in lent or not partners or same(actors[0], side) or same(partners[0], side)):
            lent.append("label")
            return [side], label[:1]
    if label and actors and not partners and not same(label[0], actors[0]):
        lent.append("label")
        return actors, label
    if actors and not partners and chosen.shape in {"sym", "expand", "study"} and cooperative:
        other = _counterpart(reading, s, actors[0])
        if other is not None:
            lent.append("theme")
            return actors, [other]
    if actors and not partners and chosen.shape == "join" and _SCHEME.search(reading.text[s.start : s.end]):
        known = next((f.actor for f in reversed(reading.frames[-4:]) if not domestic(f.actor, actors[0])), None)
        if known is not None:
            lent.append("before")
            return actors, [known]
    if actors and not partners and chosen.shape == "join" and (many := _MANY.search(reading.text, event_start(event), event.end)) is not None:
        name = many["set"]
        return actors, [PartyMention(many.start("set"), many.end("set"), name, name=name, type="group", source="count")]
    if not actors or partners or chosen.shape not in _TAKES:
        return actors, partners
    abroad = [in_role(n.party, "in") for n in s.nouns if n.relation in {"in", "at", "to"} and n.party.country and n.party.country != actors[0].country]
    if abroad:
        lent.append("place")
        return actors, abroad[:1]
    heads = [p for p in heads if p.country and p.country != actors[0].country]
    if heads:
        lent.append("heading")
        return actors, heads[:1]
    return _recent(reading, s, actors, lent)


def _counterpart(reading: Reading, s: Sentence, actor: PartyMention) -> PartyMention | None:
    """With whom somebody cooperates where the sentence does not say: another country in it, or the one of the last pair."""
    if not actor.country:
        return None
    for noun in reversed(s.nouns):
        if noun.party.type == "country" and noun.party.country != actor.country:
            return in_role(noun.party, "with")
    for pair in reversed(reading.memory.pairs[-2:]):
        if max(p.start for p in pair) > s.start - 500 and any(p.country == actor.country for p in pair):
            return next((p for p in pair if p.country and p.country != actor.country), None)
    return None


def _recent(reading: Reading, s: Sentence, actors: list[PartyMention], lent: list[str]) -> tuple[list[PartyMention], list[PartyMention]]:
    near = [f for f in reading.frames if f.partner is not None and f.partner.type != "group" and f.start > s.start - _MEMORY and f.features.get("weight", 0) >= 0.6]
    theme = Counter(f.partner.name for f in near if f.partner is not None and not domestic(actors[0], f.partner) and f.shape in _TAKES)
    if theme:
        best = max(theme.values())
        for frame in reversed(near):
            if frame.partner is not None and theme.get(frame.partner.name) == best:
                lent.append("before")
                return actors, [frame.partner]
    here = [f for f in reading.frames[-4:] if f.evidence[0] == s.start]
    for frame in reversed(here):
        if frame.actor.country and frame.actor.country != actors[0].country and not (frame.partner is not None and same(frame.partner, actors[0]) and frame.partner.country is None):
            lent.append("before")
            return actors, [frame.actor]
    if reading.theme is not None and not domestic(actors[0], reading.theme) and actors[0].country:
        lent.append("theme")
        return actors, [reading.theme]
    return actors, []


def _parties(slots: Sequence[Slot]) -> list[PartyMention]:
    out: list[PartyMention] = []
    for slot in slots:
        party = in_role(slot.party, slot.relation)
        if all(not same(party, other) for other in out):
            out.append(party)
    return out


def _pronoun(reading: Reading, s: Sentence, event: Event, actors: list[PartyMention], partners: list[PartyMention], lent: list[str]) -> tuple[list[PartyMention], list[PartyMention]]:
    unit = event.pronoun
    if unit is None:
        return actors, partners
    lent.append("pronoun")
    if unit.lower in {"they", "both", "we"} and (pair := reading.memory.pair()) is not None and unit.lower != "we":
        here = [replace(p, start=unit.start, end=unit.end, text=unit.text) for p in pair]
        if roles(event).shape not in SYMMETRIC:
            return actors, partners
        return (here, partners) if partners else (here[:1], here[1:])
    known = _antecedent(s, unit.start) or reading.memory.subject(unit.lower)
    if known is None or unit.lower in {"he", "she"}:
        return actors, partners
    return [in_role(replace(known, start=unit.start, end=unit.end, text=unit.text), "subj")], partners


def _antecedent(s: Sentence, start: int) -> PartyMention | None:
    """Whom a pronoun means inside its sentence: the subject of the clause before it, else the party before it."""
    earlier = [c for c in s.clauses if s.units[c.at].start < start and c.subject]
    if earlier:
        return earlier[-1].subject[0].party
    before = [n.party for n in s.nouns if n.party.end <= start and not n.weak and not n.relation and not n.apostrophe]
    return before[-1] if before else None


def _from_above(reading: Reading, place: Place, event: Event, chosen: Roles, actors: list[PartyMention], partners: list[PartyMention], lent: list[str]) -> tuple[list[PartyMention], list[PartyMention]]:
    if actors and partners:
        return actors, partners
    heads = above(reading, place)
    listed = reading.list_subject.get(place.list_id, []) if event.verb is not None and event.verb.tag == "past" else []
    if not actors and listed:
        actors, lent[:] = [in_role(listed[0], "subj")], [*lent, "list"]
    elif not actors and heads:
        rest = [h for h in heads if all(not same(h, p) for p in partners)]
        if rest:
            actors, lent[:] = rest[:1], [*lent, "heading"]
    if not listed and lent and partners and len(heads) > 1 and partners[0].country and partners[0].country == heads[0].country and partners[0].type not in {"country"}:
        return partners[:1], [h for h in heads if h.country != partners[0].country][:1]
    if actors and not partners:
        rest = [h for h in heads if not same(h, actors[0]) and not (h.country and h.country == actors[0].country)]
        if rest:
            partners, lent[:] = rest[:1], [*lent, "heading"]
    if not actors and reading.subject is not None:
        actors, lent[:] = [reading.subject], [*lent, "title"]
    return actors, partners


def _frames(reading: Reading, place: Place, s: Sentence, event: Event, chosen: Roles, actors: list[PartyMention], partners: list[PartyMention], lent: list[str]) -> None:
    text = reading.text
    anchor = event.verb.start if event.verb is not None else s.units[event.anchor].start
    anchor_end = event.chain[-1].end if event.chain else s.units[event.anchor].end
    left = _governed_from(s, event)
    cues = scan(text, left, anchor, anchor_end, event.end) + _between(text, event)
    inside = [a for a in reading.amounts if event.start <= a.start and a.end <= event.end]
    kind = kind_of(event, money=any(a.kind == "money" for a in inside))
    goods = _GOODS.search(text, anchor_end, event.end)
    if kind == "agreement" and goods is not None and any(a.start == goods.start("count") and a.unit not in {"person", "year", "agreement", "country"} and a.kind == "count" for a in inside):
        kind = "supply"
    amount = amount_for(event, kind, reading.amounts, reading.used, text, gives_nothing=chosen.shape not in {"give", "receive", "approve", "fund", "invest"})
    if amount is not None and len(actors) * max(1, len(partners)) > 1 and amount.kind == "count" and amount.unit.endswith(("agreement", "contract", "memorandum")):
        amount = None
    if amount is None or amount.kind == "count":
        amount = _only_money(reading, s, event) or amount
    if chosen.shape == "fund" and event.triggers[0].words == "spend" and amount is None:
        return
    if event.triggers[0].words == "agree" and len(event.triggers) == 1 and event.anchor + 1 < len(s.units) and s.units[event.anchor + 1].lower == "that":
        return
    year = _year(reading, place, s, event)
    if chosen.shape == "stop":
        year = None
    if chosen.shape == "buy" and chosen.partners and chosen.partners[0].relation == "obj" and chosen.partners[0].party.type == "company":
        kind = "acquisition"
    reading.acts += 1
    made = 0
    for actor in actors[:_MOST]:
        for partner in partners[:_MOST] or [None]:
            if partner is not None and domestic(actor, partner) and (len(actors) > 1 or len(partners) > 1):
                continue
            reading.frames.append(
                Frame(
                    kind, status_of(event, {c.effect for c in cues}), actor, partner, event.start, event.end, _evidence(reading, place, s),
                    reading.acts, " ".join(t.words for t in event.triggers[:3]), chosen.shape, year, amount, _heading(reading, place), cues,
                    _features(event, chosen, actor, partner, year, amount, lent, place, text[s.start : s.end]),
                )
            )
            made += 1
    if made and amount is not None and year is not None:
        _again(reading, s, event, made, amount)
    if made and place.line.kind == "lead" and amount is not None:
        reading.leads.setdefault(reading.outline.places.index(place), reading.frames[-1])
    if made and amount is not None and ("each" not in lent or "mirrored" in lent):
        reading.used.add(id(amount))
    if len(actors) == 1 and len(partners) == 1:
        reading.memory.pairs.append((actors[0], partners[0]))


_SAID = re.compile(r"\b(?:said|says|say|announced|announces|promised|pledged|according to|told|confirmed)\b")
_MEMORY = 1500  # characters back in which an act told before may lend its partner
_VAGUE = re.compile(r"(?:several|many|some|other|leading|most|various|few|certain|different)\b", re.I)


def _again(reading: Reading, s: Sentence, event: Event, made: int, amount: AmountMention) -> None:
    """The same given again: "$30 million in 2008 and a further $50 million in 2014" are two acts, each with its own money."""
    models = reading.frames[-made:]
    for more in reading.amounts:
        if more.kind != amount.kind or not amount.end < more.start < s.end or more.unit != amount.unit or more.value is None:
            continue
        if not _FURTHER.search(reading.text[amount.end : more.start]):
            continue
        year = next((y for y in reading.years if more.end <= y.start <= more.end + 12 and y.end <= s.end), None)
        if year is None:
            continue
        reading.acts += 1
        reading.used.add(id(more))
        for model in models:
            reading.frames.append(replace(model, amount=more, year=year, act=reading.acts, start=more.start, end=year.end, features=dict(model.features)))


_FURTHER = re.compile(r"\b(?:and|then|with|plus)\b[^;.]{0,20}$|, (?:a |an )?(?:further|another|additional)\s*$")


def _year(reading: Reading, place: Place, s: Sentence, event: Event) -> YearMention | None:
    """The act's year: from its sentence, its list item, the first line of its list, or the event it is told under."""
    others = [e for e in s.events if e is not event]
    year = year_for(event, reading.years, (s.start, s.end), others, reading.text)
    line = place.line
    if place.line.kind == "bullet":
        inside = [y for y in reading.years if line.start <= y.start and y.end <= line.end]
        if inside and inside[0].start - line.start < 22 and place.list_id not in reading.list_year and not reading.list_seen.get(place.list_id):
            reading.list_year[place.list_id] = inside[0]
        reading.list_seen[place.list_id] = True
        if year is None and len(inside) == 1:
            return inside[0]
        return year or reading.list_year.get(place.list_id)
    if year is not None:
        return year
    opening = reading.text[s.start : s.start + 40]
    if _CARRIES.match(opening) and reading.last_year is not None and s.start - reading.last_year.end < 400:
        return reading.last_year
    if reading.occasion is not None and _between_lines(reading, reading.occasion.start, s.start):
        return reading.occasion
    if reading.head_year is not None and (reading.formal or _RELATIVE.search(reading.text[s.start : s.end])):
        return reading.head_year
    return None


def _between_lines(reading: Reading, start: int, end: int) -> bool:
    return start < end and "\n" not in reading.text[start:end]


def _only_money(reading: Reading, s: Sentence, event: Event) -> AmountMention | None:
    """The one sum of a sentence that tells one act, if it follows it: "a deal thought to be worth $5bn"."""
    sums = [a for a in reading.amounts if s.start <= a.start and a.end <= s.end and a.kind == "money" and a.value is not None]
    if len(s.events) == 1 and len(sums) == 1 and _WORTH.search(reading.text[max(s.start, sums[0].start - 30) : sums[0].start]) and id(sums[0]) not in reading.used:
        return sums[0]
    return None


def _dated(reading: Reading) -> None:
    """Find the year of the document's head, and whether it reports one occasion (communiqué, minutes, joint statement)."""
    heads = [p.line for p in reading.outline.places if p.line.kind != "noise"][:5]
    if not heads:
        return
    short = [line for line in heads if line.end - line.start < 160]
    reading.formal = any(_FORMAL.search(reading.text[line.start : line.end]) for line in short)
    for line in heads:
        limit = line.end if len(reading.text[line.start : line.end]) < 160 else line.start + 60
        found = [y for y in reading.years if line.start <= y.start and y.end <= limit and y.kind in {"date", "year"}]
        if found and (reading.formal or found[0].kind == "date"):
            reading.head_year = found[0]
            return


_GOODS = re.compile(r"\bfor (?P<count>\d)")
_CARRIES = re.compile(r"(?:It|They|This|These|The (?:deal|agreement|contract|loan|grant|fund|plan|programme|project|accord|pact|package))\b")
_RELATIVE = re.compile(r"\b(?:today|yesterday|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|this week|last week|this month)\b")
_WORTH = re.compile(r"\b(?:worth|valued at|costing|deal|contract|cost of|totalling|estimated at)\b[^.;]*$")
_FORMAL = re.compile(r"communiqu|joint (?:statement|declaration)|minutes of|joint communique|session of the|on the outcome|press statement on", re.I)
_OCCASION = re.compile(r"\b(?:forum|summit|conference|meeting|visit|session|expo|congress|fair|airshow)\b", re.I)


def _governed_from(s: Sentence, event: Event) -> int:
    """Where to look for cues from: the start of the clause, and of the verb that governs it ("denied that", "plans to")."""
    if event.verb is None:
        earlier = [c for c in s.clauses if c.at < event.anchor]
        return s.units[earlier[-1].left].start if earlier else event.start
    if event.clause is None:
        return event.start
    clause = event.clause
    earlier = [c for c in s.clauses if c.at < clause.at]
    if clause.governor is not None and clause.governor < len(s.clauses):
        return s.units[s.clauses[clause.governor].left].start
    if earlier and clause.left > 0 and s.units[clause.left - 1].lower in {"that", "if", "whether"}:
        return s.units[earlier[-1].left].start
    if clause.inherits and earlier:
        return s.units[clause.left].start
    opener = s.units[clause.left - 1] if clause.left > 0 else None
    return opener.start if opener is not None and opener.lower in {"if", "unless", "whether"} else s.units[clause.left].start


def _between(text: str, event: Event) -> list[Cue]:
    """Cues inside a chain of verbs: "agreed to consider buying"."""
    if len(event.chain) < 2:
        return []
    return scan(text, event.chain[0].end, event.chain[-1].start, event.chain[-1].end, event.chain[-1].end)


def _heading(reading: Reading, place: Place) -> str:
    return " / ".join(reading.text[line.start : line.end] for line in reading.outline.above(place))


def _evidence(reading: Reading, place: Place, s: Sentence) -> tuple[int, int]:
    """The sentence; of a short list item the whole."""
    line = place.line
    if line.kind == "bullet" and line.end - line.start < 240 and line.start <= s.start and s.end <= line.end + 1:
        return line.start, _trim(reading.text, line.start, line.end)
    return s.start, _trim(reading.text, s.start, s.end)


def _trim(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _features(event: Event, chosen: Roles, actor: PartyMention, partner: PartyMention | None, year: YearMention | None, amount: AmountMention | None, lent: list[str], place: Place, place_text: str) -> dict[str, float]:
    relation = chosen.partners[0].relation if chosen.partners else ""
    return {
        "weight": max(t.weight for t in event.triggers),
        "first_weight": event.triggers[0].weight,
        "verbal": float(event.verb is not None),
        "triggers": float(min(len(event.triggers), 3)),
        "partner": float(partner is not None),
        "body": float(actor.type not in {"country", "group"}) + float(partner is not None and partner.type not in {"country", "group"}),
        "guessed": float(actor.source == "capitals") + float(partner is not None and partner.source == "capitals"),
        "domestic": float(domestic(actor, partner)),
        "year": float(year is not None),
        "money": float(amount is not None and amount.kind == "money"),
        "count": float(amount is not None and amount.kind != "money"),
        "lent": float(len(lent)),
        "located": float(relation in {"in", "at", "for", "obj", "of", "on", "head"}),
        "fragment": float(place.line.kind in _FRAGMENT),
        "null_prose": float(partner is None and place.line.kind not in _FRAGMENT and not (chosen.shape in {"found", "give", "train", "fund"} and amount is not None)),
        "borrowed": float("before" in lent),
        "vague": float(_VAGUE.match(actor.name) is not None),
        "nominal": float(event.verb is None and not event.slots_of("pair", "between", "from", "to", "with", "mod", "poss", "comp")),
        "stat": float(event.statistic),
        "reported": float(_SAID.search(place_text) is not None),
        "person": float(actor.role == "person" or bool(partner and partner.role == "person")),
    }

