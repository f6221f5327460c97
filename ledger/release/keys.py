"""How each JSON Lines file of a release is sorted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.release.layout import DOCUMENTS, MERGED, POSSIBLE, QUARANTINE, RECORDS, UNCLAIMED
from schemas import (
    Change,
    CooperationRecord,
    Merged,
    Model,
    PossibleRecord,
    Quarantined,
    StoredDocument,
    Unclaimed,
    record_id_of,
)

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A file's lines: their model, the key by which they rise, and whether no two have the same key."""

    model: type[Model]
    key: Callable[[Any], Key]
    distinct: bool = True


def by_rank(record: CooperationRecord) -> Key:
    """Sort records by document, rank and id."""
    return record.document_id, record.rank, record.record_id


def by_id(one: StoredDocument | Quarantined) -> Key:
    """Sort documents by id."""
    return (one.id,)


def by_place(one: Unclaimed) -> Key:
    """Sort leftover mentions by document and place."""
    return one.document_id, one.span.start, one.span.end, one.mention, one.reason, one.detail or ""


def by_evidence(one: PossibleRecord) -> Key:
    """Sort possible records by document and place."""
    return one.document_id, one.evidence.start, one.evidence.end, one.rank, record_id_of(one)


def by_change(change: Change) -> Key:
    """Sort the changes of a document by record."""
    return (change.record_id,)


def by_outcome(merged: Merged) -> Key:
    """Sort outcomes of decisions by document, record and field."""
    return merged.document_id, merged.record_id, merged.field, merged.decision_id


KEYS: dict[str, Kind] = {
    RECORDS: Kind(CooperationRecord, by_rank),
    DOCUMENTS: Kind(StoredDocument, by_id),
    UNCLAIMED: Kind(Unclaimed, by_place, distinct=False),
    POSSIBLE: Kind(PossibleRecord, by_evidence, distinct=False),
    QUARANTINE: Kind(Quarantined, by_id),
    MERGED: Kind(Merged, by_outcome, distinct=False),
}
