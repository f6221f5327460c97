"""The second look: how likely a whole candidate record is right, and each of its fields."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.fitted import ConfidenceCurve, Trees, curve_of, trees_of
from extractors.mentions import Mention, PartyMention
from extractors.reader import JUDGE
from extractors.reader.acts import KINDS, TYPES, Act, Role
from extractors.reader.pieces import UNTABLED, entity_of
from extractors.records.instances import Bounds, Instance, instances, merged

JUDGED = ("record", "actor", "partner", "year", "amount", "sector")


@dataclass(frozen=True)
class Judge:
    """Trees over the whole record, and a calibrated curve for it and for each field."""

    trees: Trees
    curves: Mapping[str, ConfidenceCurve]

    def odds(self, found: Sequence[Instance], text: str) -> NDArray[np.float64]:
        """Return the log odds that each candidate record of a document is right."""
        return self.trees.log_odds(features(found, text)) if found else np.zeros(0)

    def confidences(self, one: Instance, odds: float) -> dict[str, float]:
        """Return the probability that the record and each field that it has is right."""
        return {name: self.curves[name].of(signals) for name, signals in field_signals(one, odds).items()}


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate record with the confidence of it and of its fields."""

    instance: Instance
    sure: dict[str, float]


def judged(acts: Sequence[Act], text: str, sentences: Sequence[Bounds], judge: Judge) -> list[Judged]:
    """Return the candidate records of a document, likeliest first, each act once."""
    found = merged(instances(acts, sentences), max(0, text.find("\n")))
    odds = judge.odds(found, text)
    rated = [Judged(one, judge.confidences(one, float(odd))) for one, odd in zip(found, odds, strict=True)]
    return _one_way(sorted(rated, key=_order))


def _one_way(found: Sequence[Judged]) -> list[Judged]:
    """Without what a likelier one of the same act rules out: the way back, or nobody beside somebody."""
    kept: list[Judged] = []
    acts: dict[int, list[Instance]] = defaultdict(list)
    for one in found:
        same = acts[id(one.instance.act)]
        if not any(_rules_out(other, one.instance) for other in same):
            same.append(one.instance)
            kept.append(one)
    return kept


def _rules_out(first: Instance, other: Instance) -> bool:
    if other.actor == first.partner or (other.partner is not None and other.partner == first.actor):
        return True
    return other.actor == first.actor and (other.partner is None or first.partner is None)


def _order(one: Judged) -> tuple[float, int, int]:
    return -one.sure["record"], one.instance.act.start, one.instance.actor.start


def field_signals(one: Instance, odds: float) -> dict[str, tuple[float, ...]]:
    """Return for the record and each field that it has what its confidence goes by."""
    found: dict[str, tuple[float, ...]] = {
        "record": (odds,),
        "actor": (odds, _logit(one.actor_likely), float(one.actor_rank > 0)),
        "sector": (odds, _logit(max(one.act.sectors.values()))),
    }
    if one.partner is not None:
        found["partner"] = (odds, _logit(one.partner_likely))
    for name, filler in (("year", one.year), ("amount", one.amount)):
        if filler is not None:
            found[name] = (odds, _logit(filler.likely))
    return found


def _logit(share: float) -> float:
    share = min(max(share, 1e-4), 1 - 1e-4)
    return float(np.log(share / (1 - share)))


def load_judge(folder: Traversable) -> Judge:
    """Return the judge that a reader's folder holds."""
    with folder.joinpath(JUDGE).open("rb") as file, np.load(file) as arrays:
        kept = dict(arrays)
    return Judge(trees_of(kept, "record"), {name: curve_of(kept, name) for name in JUDGED})


@cache
def shipped() -> Judge:
    """Return the judge that the package ships, loaded once."""
    return load_judge(files("extractors.model").joinpath("reader"))


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
        one.actors, one.partners, one.times_stated,
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
