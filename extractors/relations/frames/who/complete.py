"""Parties that a sentence leaves out: lent by labels, headings, pronouns, places and the acts before."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import BODIES, domestic, in_role, same
from extractors.relations.frames.reading import FRAGMENT, Reading, above, hosts
from extractors.relations.frames.sentence.event import Event, Sentence, Slot
from extractors.relations.frames.sentence.events import elliptic
from extractors.relations.frames.sentence.phrases import Noun
from extractors.relations.frames.sentence.roles import SYMMETRIC, Roles, roles
from extractors.relations.frames.sentence.units import ADVERB
from extractors.relations.frames.who.nearby import TAKES, recent
from extractors.relations.outline import Place


def nations_of(reading: Reading, place: Place) -> tuple[PartyMention, PartyMention] | None:
    """The country the document is about and the one that the heading above names."""
    heads = [h for h in above(reading, place) if h.type == "country" or h.source == "body" and not h.country]
    if len(heads) > 1:
        return heads[0], heads[1]
    if (
        heads
        and reading.subject is not None
        and reading.subject.type == "country"
        and not same(heads[0], reading.subject)
    ):
        return reading.subject, heads[0]
    return None


def is_told(s: Sentence, event: Event) -> bool:
    """Tell whether a bullet is a whole sentence: its verb has words before it and is no bare participle."""
    if event.verb is None or event.clause is None or is_elliptic(s, event):
        return False
    before = s.units[event.clause.left : event.anchor]
    return bool(event.clause.subject or event.pronoun) or any(
        u.kind == "word" and not ADVERB.match(u.lower) for u in before
    )


def is_elliptic(s: Sentence, event: Event) -> bool:
    """Tell whether the verb of an event is a participle without its auxiliary."""
    return event.verb is not None and elliptic(s.units, event.anchor)


def label_of(s: Sentence) -> list[PartyMention]:
    """The parties of a label before a colon or dash: "Rwanda-Singapore: treaty ratified", "DFG (Germany).

    Joint calls".
    """
    mark = next((i for i, u in enumerate(s.units[:16]) if u.text == ":"), None)
    if mark is None:
        mark = next((i for i, u in enumerate(s.units[:12]) if u.text in {"–", "—", "/", ">"}), None)
    if mark is None:
        return []
    named = [n for n in s.nouns if n.at < mark and not n.weak and not _of_thing(s, n, mark)]
    if not named or any(c.at < mark for c in s.clauses):
        return []
    for noun in named:
        if noun.members:
            return [in_role(m, "subj") for m in noun.members]
    if len(named) > 1 and (
        named[0].group == named[1].group or all(u.kind == "punct" for u in s.units[named[0].last + 1 : named[1].first])
    ):
        bodies = [in_role(n.party, "subj") for n in named[:2]]
        if not domestic(*bodies):
            return bodies
    return [in_role(named[0].party, "subj")]


def _of_thing(s: Sentence, noun: Noun, mark: int) -> bool:
    """Whether an unknown name or a place in a label is that of a thing: "Sikasso grid: Norway granted $9 million"."""
    after = s.units[noun.last + 1 : mark]
    thing = bool(after) and after[0].kind in {"word", "noun"} and after[0].text.islower()
    told = any(clause.subject for clause in s.clauses)
    return thing and (noun.party.source == "capitals" or noun.party.role == "place" and told)


_SCHEME = re.compile(
    r"\b(?:the|this) (?:project|scheme|programme|program|network|alliance|consortium|initiative)\b", re.I
)


_EACH = re.compile(r"\b(?:each|either) (?:side|party|country|company|partner|government|university)\b", re.I)


def _pair_here(s: Sentence) -> tuple[PartyMention, PartyMention] | None:
    for noun in s.nouns:
        if len(noun.members) == 2:
            return in_role(noun.members[0], "subj"), in_role(noun.members[1], "subj")
    return None


_MANY = re.compile(
    r"(?:joined|joins|join|joining|member of|acceded to|signed up to)\s+(?:more than |over |"
    r"some |about |nearly |at least )?(?P<set>(?:\d[\d,]*|several|many|dozens of) [\w& "
    r"-]{0,60}?(?:organi[sz]ations|agreements|programmes|programs|projects|bodies|"
    r"institutions|networks|initiatives|conventions))",
    re.I,
)


def _company_abroad(label: PartyMention, partner: PartyMention, chosen: Roles) -> bool:
    """Whether a company that labels an item acts in the country that the item names: "Volvo: plant in Peru"."""
    told = any(s.relation in {"by", "from", "to", "with"} for s in (*chosen.actors, *chosen.partners))
    located = bool(chosen.partners) and chosen.partners[0].relation in {"in", "at"}
    return label.type == "company" and not told and located and not domestic(label, partner)


def completed(
    reading: Reading,
    place: Place,
    s: Sentence,
    event: Event,
    chosen: Roles,
    actors: list[PartyMention],
    partners: list[PartyMention],
    label: list[PartyMention],
    lent: list[str],
    *,
    cooperative: bool,
) -> tuple[list[PartyMention], list[PartyMention]]:
    """Fill a missing partner from a label, a leading "In Laos,", the heading, or the act told before."""
    if len(actors) == 2 and not partners and actors[0].start == actors[1].start:  # two in whose name one body acts
        return actors[:1], actors[1:]
    if len(label) > 1 and not (actors and partners):
        lent.append("label")
        return label[:1], label[1:]
    if _EACH.search(reading.text[s.start : s.end]) and not actors:
        pair = _pair_here(s) or reading.memory.pair()
        if pair is not None:
            lent.append("each")
            return [pair[0]], [pair[1]]
    heads = above(reading, place)
    if label and partners and place.line.kind in FRAGMENT and _company_abroad(label[0], partners[0], chosen):
        return label[:1], partners
    if (
        label
        and place.line.kind in FRAGMENT
        and not any(s.relation in {"by", "from", "to", "with"} for s in (*chosen.actors, *chosen.partners))
    ):
        side = next(
            (
                h
                for h in hosts(reading, place)
                if not same(h, label[0]) and (not h.country or h.country != label[0].country)
            ),
            None,
        )
        if (
            side is not None
            and label[0].role != "demonym"
            and (
                not actors
                or same(actors[0], label[0])
                or actors[0].source == "capitals"
                or "heading" in lent
                or not partners
                or same(actors[0], side)
                or same(partners[0], side)
            )
        ):
            lent.append("label")
            return [side], label[:1]
    if label and lent and actors and label[0].type in BODIES and domestic(label[0], actors[0]):
        actors = label[:1]
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
    if actors and not partners and event.verb is not None and chosen.shape in TAKES:
        after = s.units[event.anchor + 1].lower if event.anchor + 1 < len(s.units) else ""
        known = next((p for p in reversed(reading.memory.subjects) if not domestic(p, actors[0])), None)
        if after in {"it", "them"} and known is not None:
            lent.append("pronoun")
            return actors, [in_role(known, "obj")]
    if actors and not partners and chosen.shape == "join" and event.verb is not None and _bare(s, event):
        scheme = reading.memory.scheme()
        if scheme is not None:
            lent.append("before")
            return actors, [scheme]
    if (
        actors
        and not partners
        and chosen.shape == "join"
        and (many := _MANY.search(reading.text, event.at, event.end)) is not None
    ):
        name = many["set"]
        return actors, [PartyMention(many.start("set"), many.end("set"), name, name=name, type="group", source="count")]
    if not actors or partners or chosen.shape not in TAKES:
        return actors, partners
    abroad = [
        in_role(n.party, "in")
        for n in s.nouns
        if n.relation in {"in", "at", "to"} and n.party.country and n.party.country != actors[0].country
    ]
    if abroad:
        lent.append("place")
        return actors, abroad[:1]
    heads = [p for p in heads if p.country and p.country != actors[0].country]
    if heads and not _under_title(reading, place):
        lent.append("heading")
        return actors, heads[:1]
    return recent(reading, s, actors, lent)


def _bare(s: Sentence, event: Event) -> bool:
    """Whether nothing that may be joined follows the verb: "joined in 2003"."""
    after = s.units[event.anchor + 1 : event.anchor + 3]
    return (
        not after or after[0].text in ".;," or (after[0].lower in {"in", "later", "soon"} and after[-1].kind == "year")
    )


def _under_title(reading: Reading, place: Place) -> bool:
    """Whether nothing but the document's title stands above, which tells of the act itself and is no heading."""
    title = reading.outline.title()
    above_ = reading.outline.above(place)
    return place.line.kind == "text" and len(above_) == 1 and title is not None and above_[0].start == title.start


def _counterpart(reading: Reading, s: Sentence, actor: PartyMention) -> PartyMention | None:
    """With whom somebody cooperates where the sentence does not say.

    Another country in it, or the one of the last pair.
    """
    if not actor.country:
        return None
    for noun in reversed(s.nouns):
        if noun.party.type == "country" and noun.party.country != actor.country:
            return in_role(noun.party, "with")
    for pair in reversed(reading.memory.pairs[-2:]):
        if max(p.start for p in pair) > s.start - 500 and any(p.country == actor.country for p in pair):
            return next((p for p in pair if p.country and p.country != actor.country), None)
    return None


def parties_of(slots: Sequence[Slot]) -> list[PartyMention]:
    """Return the parties of slots in their roles, each once."""
    out: list[PartyMention] = []
    for slot in slots:
        party = in_role(slot.party, slot.relation)
        if party.role == "person" and party.country is None:
            continue
        if all(not same(party, other) for other in out):
            out.append(party)
    return out


def by_pronoun(
    reading: Reading,
    s: Sentence,
    event: Event,
    actors: list[PartyMention],
    partners: list[PartyMention],
    lent: list[str],
) -> tuple[list[PartyMention], list[PartyMention]]:
    """Return the actors and partners that a pronoun as subject stands for."""
    unit = event.pronoun
    if unit is None:
        return actors, partners
    lent.append("pronoun")
    if unit.lower in {"they", "both", "we"} and (pair := reading.memory.pair()) is not None and unit.lower != "we":
        here = [replace(p, start=unit.start, end=unit.end, text=unit.text) for p in pair]
        if roles(event).shape not in SYMMETRIC:
            return actors, partners
        return (here, partners) if partners else (here[:1], here[1:])
    spoken = reading.home if unit.lower in {"we", "our"} else None
    known = spoken or _antecedent(s, unit.start) or reading.memory.subject(unit.lower)
    if unit.lower in {"he", "she"}:
        known = _in_office(reading, s, unit.start)
    if known is None:
        return actors, partners
    return [in_role(replace(known, start=unit.start, end=unit.end, text=unit.text), "subj")], partners


def _antecedent(s: Sentence, start: int) -> PartyMention | None:
    """Whom a pronoun means inside its sentence: the subject of the clause before it, else the party before it.

    A pronoun that is subject before it stands for the same, whom an earlier sentence names.
    """
    earlier = [c for c in s.clauses if s.units[c.at].start < start and (c.subject or c.pronoun)]
    if earlier and earlier[-1].subject:
        return earlier[-1].subject[0].party
    if earlier:
        return None
    before = [n for n in s.nouns if n.party.end <= start and not n.weak and not n.relation and not n.apostrophe]
    return next((n.party for n in reversed(before) if n.party.role != "place" or n.party.source == "capital"), None)


def _in_office(reading: Reading, s: Sentence, start: int) -> PartyMention | None:
    """For which country one acts who is "he" or "she": the last person told of, in the sentence or just before it."""
    near = [p for p in reading.names.parties.within(max(0, s.start - _NEAR), start) if p.role == "person"]
    apart = near and "\n" in reading.text[near[-1].end : start]
    return near[-1] if near and near[-1].country and not apart else None


_ASIDE = re.compile(r"\((?:together |jointly |along )?with (?:the )?$")
_NEAR = 200  # characters before a sentence in which a person is told of


def _buys(event: Event, chosen: Roles) -> bool:
    """Whether the other side of a label orders: "China–Bolivia" above "a contract with" a Chinese firm."""
    return chosen.shape == "buy" or event.triggers[0].kind == "supply" and chosen.partners[0].relation == "with"


def from_above(
    reading: Reading,
    place: Place,
    event: Event,
    chosen: Roles,
    actors: list[PartyMention],
    partners: list[PartyMention],
    lent: list[str],
) -> tuple[list[PartyMention], list[PartyMention]]:
    """Return actors and partners with what headings, the list and the title lend a fragment."""
    if actors and partners:
        return actors, partners
    heads = above(reading, place)
    if not actors and partners and len(heads) == 1 and _ASIDE.search(reading.text, place.line.start, partners[0].start):
        giver = next((h for h in hosts(reading, place) if h.country and h.country != heads[0].country), None)
        if giver is not None and heads[0].country and not same(giver, partners[0]):
            lent.append("heading")
            return [giver], heads[:1]
    told = event.verb is not None and event.verb.tag == "past" and reading.home is None
    listed = reading.list_subject.get(place.list_id, []) if told else []
    if not actors and listed:
        actors, lent[:] = [in_role(listed[0], "subj")], [*lent, "list"]
    elif not actors and heads:
        rest = [h for h in hosts(reading, place) if all(not same(h, p) for p in partners)]
        second = next((h for h in rest[1:] if h.country and h.country != rest[0].country), None)
        sums = any(a.kind == "money" for a in reading.amounts.within(place.line.start, place.line.end))
        named = any(p.source == "compound" for p in reading.names.parties.within(place.line.start, place.line.end))
        pair = not partners and chosen.shape == "sym" and len(heads) == 1 and not sums and not named
        if pair and second is not None and rest[0].country:
            actors, partners, lent[:] = [second], rest[:1], [*lent, "heading"]
        elif rest:
            actors, lent[:] = rest[:1], [*lent, "heading"]
    if (
        not listed
        and lent
        and partners
        and len(heads) > 1
        and partners[0].country
        and partners[0].country == heads[0].country
        and partners[0].type not in {"country"}
    ):
        other = [h for h in heads if h.country != partners[0].country][:1]
        return (other, partners[:1]) if _buys(event, chosen) else (partners[:1], other)
    if actors and not partners:
        rest = [h for h in heads if not same(h, actors[0]) and not (h.country and h.country == actors[0].country)]
        if rest:
            partners, lent[:] = rest[:1], [*lent, "heading"]
    if not actors and (known := reading.home or reading.subject) is not None:
        actors, lent[:] = [known], [*lent, "title"]
    return actors, partners
