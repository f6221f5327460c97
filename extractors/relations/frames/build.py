"""Frames from an event and its parties: kind, status, cues, amount, year, features."""

import re

from extractors.mentions import PartyMention
from extractors.relations.context import Cue, scan
from extractors.relations.frames.features import features
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.parties import domestic
from extractors.relations.frames.reading import Reading, evidence_of, heading_of
from extractors.relations.frames.sentence.event import Event, Sentence
from extractors.relations.frames.sentence.roles import Roles
from extractors.relations.frames.timing.dating import begins_line, dated_by, give_again, only_money, year_of_act
from extractors.relations.frames.timing.standing import status_of
from extractors.relations.frames.what.attach import amount_for
from extractors.relations.frames.what.kinds import Telling, kind_of
from extractors.relations.frames.what.wording import tells
from extractors.relations.frames.who.elided import refused
from extractors.relations.outline import Place

_MOST = 12  # partners of one act
_OUTLOOK = 200  # characters of the next sentence


def make_frames(
    reading: Reading,
    place: Place,
    s: Sentence,
    event: Event,
    chosen: Roles,
    actors: list[PartyMention],
    partners: list[PartyMention],
    lent: list[str],
) -> None:
    """Add the frames of an event, one for each actor and partner, to the reading."""
    text = reading.text
    anchor = event.verb.start if event.verb is not None else s.units[event.anchor].start
    anchor_end = event.chain[-1].end if event.chain else s.units[event.anchor].end
    left = _governed_from(s, event)
    cues = scan(text, left, anchor, anchor_end, event.end) + _between(text, event) + _undone(reading, s, event)
    cues += _none(s, event)
    inside = reading.amounts.within(event.start, event.end)
    told = Telling(
        clause=text[event.start : event.end],
        before=text[s.start : anchor],
        after=text[anchor_end : event.end],
        rest=text[event.end : s.end],
        money=any(a.kind == "money" for a in inside),
        share=next((a.value for a in inside if a.kind == "share"), None),
        company=bool(actors) and actors[0].type == "company",
    )
    kind = kind_of(event, told)
    goods = _GOODS.search(text, anchor_end, event.end)
    if (
        kind == "agreement"
        and goods is not None
        and any(
            a.start == goods.start("count")
            and a.unit not in {"person", "year", "agreement", "country"}
            and a.kind == "count"
            for a in inside
        )
    ):
        kind = "supply"
    amount = amount_for(
        event,
        kind,
        reading.amounts.within(s.start, s.end),
        reading.used,
        text,
        gives_nothing=chosen.shape not in {"give", "receive", "approve", "fund", "invest", "raise", "won"},
    )
    if (
        amount is not None
        and len(actors) * max(1, len(partners)) > 1
        and amount.kind == "count"
        and amount.unit.endswith(("agreement", "contract", "memorandum"))
    ):
        amount = None
    if amount is None or amount.kind == "count":
        amount = only_money(reading, s, event) or amount
    if place.line.kind == "text" and len(s.units) < _BARE and not s.nouns and not inside and not _dated(s):
        return
    if partners and partners[0].type == "country" and [t.words for t in event.triggers] in (["leave"], ["quit"]):
        return
    if (chosen.shape == "thank" or event.triggers[0].words == "endow") and len(event.triggers) == 1 and amount is None:
        return
    if amount is None and _backs(text[event.start : event.end]):
        return
    if chosen.shape == "study" and _only_looks(event, actors):
        return
    if chosen.shape == "study" and any(t.kind in _WEIGHED for t in event.triggers if t.pos == "n"):
        return
    estimated = amount is not None and event.triggers[0].words in _PAID and text[: amount.start].endswith(" at ")
    if estimated and not any(t.kind == "grant" and t.pos == "n" for t in event.triggers):
        return
    if (
        event.triggers[0].words in _PAID
        and (amount is None or amount.kind == "count" and not event.triggers[0].words.startswith("pay"))
        and not event.passive
        and chosen.shape != "dispose"
        or text[s.start : s.end].rstrip(" \n”\"'").endswith("?")
    ):
        return
    if (
        event.triggers[0].words in {"agree", "announce"}
        and len(event.triggers) == 1
        and event.anchor + 1 < len(s.units)
        and s.units[event.anchor + 1].lower == "that"
    ):
        return
    year = year_of_act(reading, place, s, event)
    if (
        chosen.shape == "buy"
        and chosen.partners
        and chosen.partners[0].relation == "obj"
        and chosen.partners[0].party.type == "company"
        and not told.counted
    ):
        kind = "acquisition"
    status = status_of(
        event,
        {c.effect for c in cues},
        told,
        year=year,
        dated=dated_by(reading, place) is not None or begins_line(year, place),
        outlook=text[s.end : min(place.line.end, s.end + _OUTLOOK)],
    )
    reading.acts += 1
    made = 0
    sides: list[PartyMention | None] = [*partners[:_MOST]] or [None]
    for actor in actors[:_MOST]:
        for partner in sides:
            if partner is not None and domestic(actor, partner) and (len(actors) > 1 or len(partners) > 1):
                continue
            reading.frames.append(
                Frame(
                    kind,
                    status,
                    actor,
                    partner,
                    event.start,
                    event.end,
                    evidence_of(reading, place, s),
                    reading.acts,
                    " ".join(t.words for t in event.triggers[:3]),
                    chosen.shape,
                    year,
                    amount,
                    heading_of(reading, place),
                    cues,
                    features(event, chosen, actor, partner, year, amount, lent, place, s, text[s.start : s.end], cues),
                )
            )
            made += 1
    if made and amount is not None and year is not None:
        give_again(reading, s, event, made, amount)
    if made and place.line.kind == "lead" and amount is not None:
        reading.leads.setdefault(reading.outline.places.index(place), reading.frames[-1])
    if made and amount is not None and ("each" not in lent or "mirrored" in lent):
        reading.used.add(id(amount))
    if len(actors) == 1 and len(partners) == 1:
        reading.memory.pairs.append((actors[0], partners[0]))


_BACKING = re.compile(
    r"\b(?:support(?:s|ed|ing)?|back(?:s|ed|ing)|endors(?:e|es|ed|ing))\b(?: for| to| of)?(?P<what>(?: [\w'’-]+){1,5})"
)


def _backs(clause: str) -> bool:
    """Whether somebody takes a side and gives nothing: "reaffirmed its support for the accession of"."""
    match = _BACKING.search(clause)
    return match is not None and tells("backed_cause", match["what"])


def _only_looks(event: Event, actors: list[PartyMention]) -> bool:
    """Whether a person went to school, or somebody looks for ties: "who studied geology in", "is exploring links"."""
    person = any(actor.role == "person" or actor.type == "person" for actor in actors)
    ties = any(t.pos == "n" and t.kind == "agreement" for t in event.triggers)
    return person or event.triggers[0].words == "explore" and ties


_PAID = frozenset(  # nothing without a sum
    ["add", "chip in", "deposit", "inject", "lay out", "pay", "pay for", "pour", "put", "put in", "put up", "raise"]
    + ["release", "spend", "top up"]
)
_BARE = 6  # units of a line that only names a subject: "Concessional loans."
_WEIGHED = frozenset({"investment", "acquisition", "loan", "grant", "supply"})  # "is studying an investment in"
_GOODS = re.compile(r"\bfor (?P<count>\d)")


def _dated(s: Sentence) -> bool:
    return any(u.kind == "year" or u.lower in {"it", "they", "we", "our"} for u in s.units)


def _governed_from(s: Sentence, event: Event) -> int:
    """Where to look for cues from.

    The start of the clause, and of the verb that governs it ("denied that", "plans to").
    """
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
    return (
        opener.start
        if opener is not None and opener.lower in {"if", "unless", "whether"}
        else s.units[clause.left].start
    )


def _between(text: str, event: Event) -> list[Cue]:
    """Cues inside a chain of verbs: "agreed to consider buying"."""
    if len(event.chain) < 2:
        return []
    return scan(text, event.chain[0].end, event.chain[-1].start, event.chain[-1].end, event.chain[-1].end)


def _none(s: Sentence, event: Event) -> list[Cue]:
    """The "no" before what is said to be done: "signed no contract"."""
    before = [s.units[k - 1] for k in event.nouns if k > 0]
    return [Cue(unit.start, unit.end, "negated") for unit in before if unit.lower == "no"]


def _undone(reading: Reading, s: Sentence, event: Event) -> list[Cue]:
    """What ended an act, told by the verb of its sentence: "the tie-up of A and B, agreed in 2017, was scrapped"."""
    verb = refused(s, event)
    if verb is not None:
        return [Cue(verb.start, verb.end, "cancelled")]
    match = _ENDED.match(reading.text, event.end, s.end)
    if match is None or reading.names.parties.within(event.end, match.end()):
        return []
    return [Cue(match.start("how"), match.end("how"), "cancelled")]


_ENDED = re.compile(
    r"[^;.]{0,50}?\b(?:was|were|is|has been|have been|had been|got)\s+(?:\w+ly |later |since |now |then )?"
    r"(?P<how>scrapped|cancell?ed|abandoned|terminated|called off|dropped|axed|torn up|rescinded|annulled|revoked)\b"
)
