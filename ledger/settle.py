"""One document of a release: ids from the parent, decisions merged, changes with their causes.

The seam between the release writer and the ledger's core. The writer streams documents in order of their id and calls
``settle`` for each one that was extracted anew or is gone, and ``resettle`` for each that was not but has decisions
that the parent release did not have. All others keep their records as they are.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ledger.causes import Causes
from schemas import Change, CooperationRecord, Decision, Extraction, Merged, Quarantined, Unclaimed


@dataclass(frozen=True, slots=True)
class Settled:
    """A document's part of a release: ``records`` by rank, ``changes`` by record id, ``merged`` outcomes, leftovers."""

    records: tuple[CooperationRecord, ...] = ()
    changes: tuple[Change, ...] = ()
    merged: tuple[Merged, ...] = ()
    unclaimed: tuple[Unclaimed, ...] = ()


def settle(
    previous: Extraction | None,
    new: Extraction | Quarantined | None,
    decisions: Sequence[Decision],
    *,
    causes: Causes,
    release: str,
    taken: Collection[str] = frozenset(),
) -> Settled:
    """Settle one document.

    Args:
        previous: what the parent release holds of the document: its text and its records as published. None where it
            holds nothing. For a renamed document (see ``renames``) pass what it holds under the old id.
        new: the fresh extraction. None where the document is gone, Quarantined where it can no longer be read.
        decisions: every decision of the log about the document, in the log's order, undone ones and undoing ones too
            (``DecisionIndex.of`` selects them).
        causes: what changed in the program since the parent (``causes_between``).
        release: the version that is being made.
        taken: record ids in use in other documents, which no new record may get.
    """
    if not isinstance(new, Extraction):
        return _gone(previous)
    known = {_content(record): record for record in previous.records} if previous else {}
    records = tuple(
        record.model_copy(update={"record_id": known[key].record_id}) if (key := _content(record)) in known else record
        for record in new.records
    )
    old = {record.record_id: record for record in previous.records} if previous else {}
    added = [
        Change(record_id=one.record_id, change="added", after=one.model_dump(mode="json"), cause="source")
        for one in records
        if one.record_id not in old
    ]
    kept = {record.record_id for record in records}
    removed = [_removed(one) for key, one in old.items() if key not in kept]
    return Settled(records, tuple(sorted([*added, *removed], key=_by_record)), (), new.unclaimed)


def resettle(previous: Extraction, decisions: Sequence[Decision], *, release: str) -> Settled:
    """Settle a document whose source and program did not change, for its decisions alone (their cause: decision)."""
    return settle(previous, previous, decisions, causes=Causes(), release=release)


def _gone(previous: Extraction | None) -> Settled:
    records = previous.records if previous else ()
    return Settled(changes=tuple(sorted((_removed(one) for one in records), key=_by_record)))


def _removed(record: CooperationRecord) -> Change:
    return Change(
        record_id=record.record_id,
        change="removed",
        before=record.model_dump(mode="json"),
        cause="source",
        reason="source_gone",
    )


def _by_record(change: Change) -> str:
    return change.record_id


def _content(record: CooperationRecord) -> tuple[str, ...]:
    amount = record.amount.derivation.surface if record.amount else ""
    partner = record.partner.name if record.partner else ""
    return (record.evidence.text, record.kind, record.actor.name, partner, amount)
