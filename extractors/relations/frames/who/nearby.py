"""Who receives where a sentence gives and does not say to whom: a side named beside, the acts before, the document."""

from collections import Counter

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import domestic, in_role, same
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.sentence.event import Sentence

TAKES = frozenset({"give", "approve", "fund", "build", "train", "invest", "debt", "receive", "sell"})
_MEMORY = 1500  # characters back in which an act told before may lend its partner
_BESIDE = {
    "": "country",
    "between": "country",
    "way": "country",
    "of": "country",
    "on": "country",
    "in": "country",
    "to": "",
    "for": "",
    "at": "",
}


def recent(
    reading: Reading, s: Sentence, actors: list[PartyMention], lent: list[str]
) -> tuple[list[PartyMention], list[PartyMention]]:
    """Return the actors with the partner that the sentence, the acts before it or the document lends them."""
    if others := beside(reading, s, actors[0]):
        lent.append("place")
        return actors, others
    near = [
        f
        for f in reading.frames
        if f.partner is not None
        and f.partner.type != "group"
        and f.start > s.start - _MEMORY
        and f.features.get("weight", 0) >= 0.6
    ]
    theme = Counter(
        f.partner.name
        for f in near
        if f.partner is not None and not domestic(actors[0], f.partner) and f.shape in TAKES
    )
    if theme:
        best = max(theme.values())
        for frame in reversed(near):
            if frame.partner is not None and theme.get(frame.partner.name) == best:
                lent.append("before")
                return actors, [frame.partner]
    here = [f for f in reading.frames[-4:] if f.evidence[0] == s.start]
    for frame in reversed(here):
        if (
            frame.actor.country
            and frame.actor.country != actors[0].country
            and not (frame.partner is not None and same(frame.partner, actors[0]) and frame.partner.country is None)
        ):
            lent.append("before")
            return actors, [frame.actor]
    lends = actors[0].country or actors[0].type == "organisation" and actors[0].source != "capitals"
    if reading.theme is not None and not domestic(actors[0], reading.theme) and lends:
        lent.append("theme")
        return actors, [reading.theme]
    return actors, []


def beside(reading: Reading, s: Sentence, actor: PartyMention) -> list[PartyMention]:
    """The one other side that a sentence names, though not as who receives: "for the line from Kano to Kaduna".

    Where the document is about another country than the actor's, that country receives rather than who stands beside.
    """
    if reading.theme is not None and not domestic(actor, reading.theme):
        return []
    givers = [f.actor for f in reading.frames[-4:] if f.evidence[0] == s.start and f.shape in TAKES]
    found: list[PartyMention] = []
    for noun in s.nouns:
        party, wanted = in_role(noun.party, "in"), _BESIDE.get(noun.relation)
        fits = (
            party.type == wanted
            and not noun.acts
            or wanted == ""
            and party.type != "group"
            and party.source != "capitals"
        )
        if fits and party.role != "description" and not any(domestic(one, party) for one in [actor, *givers]):
            found += [party] if all(not domestic(party, other) for other in found) else []
    return found if len(found) == 1 else []
