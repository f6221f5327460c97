"""One document of a release: ids from the parent, decisions merged, changes with their causes.

The release writer streams documents sorted by id. It calls ``reconcile`` for each one that was extracted again or
removed, and ``reconcile_decisions`` for each unchanged one with decisions. All other documents keep their records.
Decisions about documents in neither release are orphaned: ``reconcile(None, None, decisions, ...)`` lists them.

Both functions are pure and idempotent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from ledger.causes import Attribution, Causes
from ledger.decisions.merge import added_by_curator, machine_records, merge_missing, merge_record, requoted_record
from ledger.decisions.standing import WHOLE_RECORD, Standing, standing
from ledger.decisions.values import machine_record
from ledger.diff import CauseOf, diff_records, field_differences, release_order
from ledger.identity import Identified, identify
from schemas import (
    Cause,
    Change,
    CooperationRecord,
    Decision,
    Document,
    Extraction,
    Merged,
    PossibleRecord,
    Quarantined,
    RemovalReason,
    Unclaimed,
    record_id_of,
)  # fmt: skip

Records = tuple[CooperationRecord, ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A document's part of a release.

    ``records`` are sorted by ``release_order``, ``changes`` by record id. ``merged`` has the outcome of every decision
    about the document, under its present id; conflicts and orphans come first in the curators' queue.
    """

    records: tuple[CooperationRecord, ...] = ()
    changes: tuple[Change, ...] = ()
    merged: tuple[Merged, ...] = ()
    unclaimed: tuple[Unclaimed, ...] = ()
    possible: tuple[PossibleRecord, ...] = ()


def reconcile(
    previous: Extraction | None,
    new: Extraction | Quarantined | None,
    decisions: Sequence[Decision],
    *,
    causes: Causes,
    owners: Mapping[str, str] | None = None,
) -> Reconciled:
    """Reconcile one document.

    Args:
        previous: the document in the parent release, its records as published; None if it is not there. A renamed
            document (see ``renames``) is passed under its old id.
        new: the new extraction; None if the document is gone, Quarantined if it can no longer be read.
        decisions: all decisions about the document, under its present id and in the log's order, including undone ones
            and those that undo (``DecisionIndex.of`` selects them).
        causes: what changed in the program since the parent (``causes_between``).
        owners: maps each record id and act id in use to its document; a new record never gets those of another's, and
            a possible record that has another's is not offered.
    """
    state = standing(decisions)
    if not isinstance(new, Extraction):
        return _remove_all(previous, new, state)
    before = previous and previous.model_copy(update={"records": machine_records(previous)})
    known_document = _with_decided(before, previous.document if previous else new.document, decisions)
    identified = identify(known_document, new, owners=owners)
    records, merged = _merge(identified.records, state, new.document)
    published = previous.records if previous else ()
    records = _keep_extractors(published, records)
    source = previous is None or (previous.digest, previous.id) != (new.digest, new.id)
    cause_of = Attribution(
        before,
        Extraction(document=new.document, records=identified.records),
        published=(published, records),
        causes=causes,
        source=source,
        withheld=_withheld_ids(decisions, published),
    )
    changes = _diff(published, records, identified, state, cause_of)
    possible = _still_possible(new.possible, records, state, owners or {})
    return Reconciled(records, changes, merged, new.unclaimed, possible)


def _still_possible(
    possible: Sequence[PossibleRecord],
    records: Records,
    state: Mapping[str, Standing],
    owners: Mapping[str, str],
) -> tuple[PossibleRecord, ...]:
    """Drop possible records that the release holds or a curator has decided about, so that each is offered once; also
    in a document that has taken over the id under which they were decided."""
    decided = [one.record for one in state.values() if one.record is not None]
    settled_ids = {record_id_of(machine_record(record)) for record in (*records, *decided)} | state.keys()
    free = [one for one in possible if record_id_of(one) not in settled_ids]
    return tuple(one for one in free if owners.get(record_id_of(one), one.document_id) == one.document_id)


def reconcile_decisions(
    previous: Extraction,
    decisions: Sequence[Decision],
    *,
    merged: Sequence[Merged] | None = None,
    present: Extraction | None = None,
    owners: Mapping[str, str] | None = None,
) -> Reconciled:
    """Apply decisions to a document whose text and program did not change; every change has the cause ``decision``,
    but that of a renamed document's id has the cause ``source``.

    A record whose rejection was undone comes back as the curator saw it, if the text holds its evidence and, where
    ``merged`` is given, the parent still withheld it. To get it as today's program reads it, extract the document again
    (``documents_to_reextract``) and ``reconcile`` it.

    Args:
        previous: the document in the parent release.
        decisions: as for ``reconcile``.
        merged: the parent's outcomes for the document (``merged.jsonl``); rejections keep theirs. None if unknown.
        present: the same content under the present id of a renamed document.
        owners: as for ``reconcile``.
    """
    present = present or previous
    text, held = previous.document.text, {record.record_id for record in previous.records}
    rejected = _withheld_ids(decisions, previous.records)
    if merged is not None:
        rejected &= {one.record_id for one in merged if one.outcome == "kept"}
    freed = [one for key, one in _decided_records(decisions).items() if key in rejected and one.evidence.text in text]
    new = present.model_copy(
        update={"records": (*machine_records(present), *(requoted_record(machine_record(one), text) for one in freed))}
    )
    reconciled = reconcile(previous, new, decisions, causes=Causes(), owners=owners)
    earlier = {
        one.decision_id: one.model_copy(update={"document_id": present.id})
        for one in merged or ()
        if one.field == WHOLE_RECORD and one.record_id not in held
    }
    return replace(reconciled, merged=tuple(earlier.get(one.decision_id, one) for one in reconciled.merged))


def _remove_all(previous: Extraction | None, new: Quarantined | None, state: Mapping[str, Standing]) -> Reconciled:
    """Remove all records of a document that is gone, or unreadable (cause ``code`` if its bytes are the same)."""
    old_records = previous.records if previous else ()
    reason: RemovalReason = "source_gone" if new is None else "extractor_stopped"

    def cause_of(record_id: str, name: str) -> Cause:
        return "code" if previous and new and new.digest == previous.digest else "source"

    removed = diff_records(old_records, (), cause_of=cause_of, reasons={one.record_id: reason for one in old_records})
    merged = [one for record_id in sorted(state) for one in merge_missing(state[record_id], None)[1]]
    return Reconciled(changes=tuple(removed), merged=tuple(merged))


def _with_decided(before: Extraction | None, document: Document, decisions: Sequence[Decision]) -> Extraction | None:
    """Add decided records that the parent release does not hold, so that they get their old ids if extracted again."""
    present = before.records if before else ()
    present_ids = {record.record_id for record in present}
    absent = [machine_record(one) for key, one in sorted(_decided_records(decisions).items()) if key not in present_ids]
    return Extraction(document=document, records=(*present, *absent)) if absent or before else None


def _withheld_ids(decisions: Sequence[Decision], published: Records) -> set[str]:
    """Return the ids of unpublished records that were ever rejected, whether or not the rejection was undone."""
    return {one.record_id for one in decisions if one.verdict == "reject"} - {one.record_id for one in published}


def _decided_records(decisions: Sequence[Decision]) -> dict[str, CooperationRecord]:
    """Map record ids to the record as the latest effective decision saw it, or the latest one if none is effective."""
    seen = {decision.record_id: decision.record or decision.added for decision in decisions}
    seen |= {key: one.record for key, one in standing(decisions).items() if one.record is not None}
    return {key: record for key, record in seen.items() if record is not None}


def _merge(machine: Records, state: Mapping[str, Standing], document: Document) -> tuple[Records, tuple[Merged, ...]]:
    """Return the records to publish, sorted, and the outcomes of all decisions."""
    records, merged, text = [], [], document.text
    for record in machine:
        kept, outcomes = (
            merge_record(record, state[record.record_id], text) if record.record_id in state else (record, [])
        )
        records += [kept] if kept else []
        merged += outcomes
    extracted = {record.record_id for record in machine}
    for key in sorted(state.keys() - extracted):
        kept, outcomes = merge_missing(state[key], text)
        records += [kept] if kept else []
        merged += outcomes
    touched = len(records) < len(machine) or any(added_by_curator(record) for record in records)
    ranked = _reranked(records) if touched else sorted(records, key=release_order)
    merged.sort(key=attrgetter("record_id", "field"))
    renamed = [one.model_copy(update={"document_id": document.id}) for one in merged]
    return tuple(ranked), tuple(renamed)


def _reranked(records: Sequence[CooperationRecord]) -> list[CooperationRecord]:
    """Renumber the ranks from 1 without gaps; records that curators added come last."""
    ordered = sorted(records, key=_rank_order)
    return [record.model_copy(update={"rank": rank}) for rank, record in enumerate(ordered, start=1)]


def _rank_order(record: CooperationRecord) -> tuple[bool, int, int, str]:
    return (added_by_curator(record), record.rank, record.evidence.start, record.record_id)


def _keep_extractors(before: Records, after: Records) -> Records:
    """Keep the old ``extractor`` of records that are otherwise equal, so that a new version alone is no change."""
    old = {record.record_id: record for record in before}
    return tuple(_keep_extractor(old.get(record.record_id), record) for record in after)


def _keep_extractor(old: CooperationRecord | None, new: CooperationRecord) -> CooperationRecord:
    if old is None or old.extractor == new.extractor or added_by_curator(old):
        return new
    differing = field_differences(old.model_dump(mode="json"), new.model_dump(mode="json"))
    names = {one.name.partition(".")[0] for one in differing if not one.offset}
    return new.model_copy(update={"extractor": old.extractor}) if names <= {"extractor", "rank"} else new


def _diff(
    before: Records, after: Records, found: Identified, state: Mapping[str, Standing], cause_of: CauseOf
) -> tuple[Change, ...]:
    extracted = {record.record_id for record in found.records}
    rejected = {key for key, one in state.items() if one.verdict == "reject" and key in extracted}
    reasons = found.reasons | dict.fromkeys(rejected, "rejected")
    return tuple(diff_records(before, after, cause_of=cause_of, reasons=reasons, into=found.into))
