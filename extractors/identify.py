"""Ids of a fresh extraction, from the text as it was kept."""

from collections import Counter
from collections.abc import Iterable

from schemas import CooperationRecord, PossibleRecord, act_id_of, record_id_of


def with_ids(records: Iterable[CooperationRecord]) -> tuple[CooperationRecord, ...]:
    """Give records their ids from content; records that share an ``act_id`` still do so afterwards."""
    acts: dict[str, str] = {}
    seen: Counter[str] = Counter()
    return tuple(_identified(record, acts, seen) for record in records)


def without_ids(records: Iterable[CooperationRecord]) -> tuple[PossibleRecord, ...]:
    """Return records that are only possible: they get an id when a curator takes them in."""
    return tuple(PossibleRecord(**record.model_dump(exclude={"record_id"})) for record in with_ids(records))


def _identified(record: CooperationRecord, acts: dict[str, str], seen: Counter[str]) -> CooperationRecord:
    if record.act_id not in acts:
        parts = (record.document_id, record.evidence.text, record.actor.name, record.kind)
        first = act_id_of(*parts)
        acts[record.act_id] = act_id_of(*parts, seen[first])
        seen[first] += 1
    plain = record_id_of(record)
    seen[plain] += 1
    update = {"act_id": acts[record.act_id], "record_id": record_id_of(record, seen[plain] - 1)}
    return record.model_copy(update=update)
