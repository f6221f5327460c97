"""What the second look sees of a whole candidate record, as a row of numbers."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.mentions import Mention, PartyMention
from extractors.reader.labels import KINDS, TYPES, Role
from extractors.reader.pieces import UNTABLED, entity_of
from extractors.records.instances import Instance


def features(found: Sequence[Instance], text: str) -> NDArray[np.float64]:
    """Return a row of numbers for each candidate record of a document, in their order.

    The length of the document is not among them: what stands far away should not change how a record is judged.
    """
    sums = Counter(_sum_place(one) for one in found if one.sum)
    places = Counter(one.evidence for one in found)
    entities = Counter(entity_of(p) for one in found for p in (one.actor, one.partner) if p)
    title_end = max(0, text.find("\n"))
    rows = [_row(one, title_end, sums, places, entities) for one in found]
    return np.array(rows, dtype=np.float64) if rows else np.zeros((0, 0))


def _row(
    one: Instance,
    title_end: int,
    sums: Counter[tuple[int, int]],
    places: Counter[tuple[int, int]],
    entities: Counter[str],
) -> list[float]:
    act, actor, partner = one.act, one.actor, one.partner
    row = [
        act.likely, one.actor_likely, one.partner_likely, one.likely, one.actor_rank, one.partner_rank,
        one.actors, one.partners, one.told,
        one.year.likely if one.year else _best(one, "year"),
        one.amount.likely if one.amount else _best(one, "amount"),
        one.year is not None, one.amount is not None, partner is None,
        act.kinds[act.kind], max(act.statuses.values()), max(act.sectors.values()),
        _gap(one, "actor"), _gap(one, "partner"),
        _inside(actor, one), _inside(partner, one), _inside(one.sum, one), _inside(one.when, one),
        _away(actor, one), _away(partner, one), _away(one.sum, one), _away(one.when, one),
        sums[_sum_place(one)] if one.sum else 0, places[one.evidence], act.start <= title_end,
        one.evidence[1] - one.evidence[0], act.end - act.start,
        actor.country is not None and partner is not None and actor.country == partner.country,
        actor.country is None, partner is not None and partner.country is None,
        entities[entity_of(actor)], entities[entity_of(partner)] if partner else 0,
    ]  # fmt: skip
    for party in (actor, partner):
        row += [party is not None and party.source == UNTABLED, party is not None and party.source == "table"]
        row += [party is not None and party.role == role for role in ("demonym", "place", "person", "description")]
        row += [party is not None and party.type == name for name in TYPES]
    row += [act.kinds[name] for name in KINDS]
    return [float(value) for value in row]


def _best(one: Instance, role: Role) -> float:
    fillers = one.act.fillers[role]
    return fillers[0].likely if fillers else 0.0


def _gap(one: Instance, role: Role) -> float:
    """How far the likeliest is ahead of the next."""
    likely = [filler.likely for filler in one.act.fillers[role][:2]]
    return likely[0] - (likely[1] if len(likely) > 1 else 0.0) if likely else 0.0


def _inside(mention: Mention | None, one: Instance) -> bool:
    return mention is not None and one.evidence[0] <= mention.start < one.evidence[1]


def _away(mention: Mention | PartyMention | None, one: Instance) -> float:
    """Signed distance from the anchor in characters, its logarithm; 0 without a mention."""
    if mention is None:
        return 0.0
    away = mention.start - one.act.start
    return math.copysign(math.log1p(abs(away)), away)


def _sum_place(one: Instance) -> tuple[int, int]:
    return (one.sum.start, one.sum.end) if one.sum else (-1, -1)
