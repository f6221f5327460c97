"""From acts to judged candidates, and from these to ranked records."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from extractors.reader.acts import Act
from extractors.records.build import record_of
from extractors.records.instances import Bounds, Instance, instances
from extractors.records.judge import Judge
from extractors.records.merge import merged
from schemas import CooperationRecord

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate record with the confidence of it and of its fields."""

    instance: Instance
    sure: dict[str, float]


def judged(acts: Sequence[Act], text: str, sentences: Sequence[Bounds], judge: Judge) -> list[Judged]:
    """Return the candidate records of a document, likeliest first, each act told once."""
    found = merged(instances(acts, sentences), max(0, text.find("\n")))
    odds = judge.odds(found, text)
    rated = [Judged(one, judge.confidences(one, float(odd))) for one, odd in zip(found, odds, strict=True)]
    return _one_way(sorted(rated, key=_order))


def records_of(
    found: Sequence[Judged], text: str, document_id: str, *, date: str | None, first: int = 1
) -> list[CooperationRecord]:
    """Return the records of judged candidates, ranked from ``first`` on in their order.

    A candidate whose values the models refuse is left out alone, with a warning in the log.
    """
    acts: dict[int, int] = {}
    records: list[CooperationRecord] = []
    for one in found:
        act, rank = acts.setdefault(id(one.instance.act), len(acts)), first + len(records)
        try:
            records.append(record_of(one.instance, text, document_id, rank=rank, act=act, date=date, sure=one.sure))
        except ValidationError as error:
            _LOG.warning("%s: a record was left out, %s", document_id, error.errors()[0]["msg"])
    return records


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
