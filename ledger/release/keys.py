"""How each JSON Lines file of a release is sorted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.release.layout import DIFF, DOCUMENTS, QUARANTINE, RECORDS, UNCLAIMED
from schemas import Change, CooperationRecord, Model, Quarantined, StoredDocument, Unclaimed

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A file's lines: their model, and the key by which they rise (no two are equal)."""

    model: type[Model]
    key: Callable[[Any], Key]


def by_rank(record: CooperationRecord) -> Key:
    """Sort records by document, rank and id."""
    return record.document_id, record.rank, record.record_id


def by_id(one: StoredDocument | Quarantined) -> Key:
    """Sort documents by id."""
    return (one.id,)


def by_place(one: Unclaimed) -> Key:
    """Sort leftover mentions by document and place."""
    return one.document_id, one.span.start, one.span.end, one.mention, one.reason, one.detail or ""


def by_change(change: Change) -> Key:
    """Sort changes by document and record."""
    record = change.after or change.before or {}
    return str(record.get("document_id", "")), change.record_id


KEYS: dict[str, Kind] = {
    RECORDS: Kind(CooperationRecord, by_rank),
    DOCUMENTS: Kind(StoredDocument, by_id),
    UNCLAIMED: Kind(Unclaimed, by_place),
    QUARANTINE: Kind(Quarantined, by_id),
    DIFF: Kind(Change, by_change),
}
