"""One document of a release: ids from the parent, decisions merged, changes with their causes.

The seam between the release writer and the ledger's core. The writer streams documents in order of their id and calls
``reconcile`` for each one that was extracted anew or is gone, and ``reconcile_decisions`` for each other one that has
decisions, old or new. Records of all others stay as they are. Decisions about documents that neither the parent nor
this release holds are orphans too: ``reconcile(None, None, decisions, ...)`` lists them.

Both are pure, and reconciling what is reconciled changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from ledger.causes import Attribution, Causes
from ledger.decisions.merge import added_by_curator, machine_records, merge_missing, merge_record, moved_to
from ledger.decisions.standing import WHOLE, Standing, standing
from ledger.decisions.values import machine_of
from ledger.diff import CauseOf, diff_records, leaves, release_order
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

    ``records`` are sorted as a release sorts them, ``changes`` by record id. ``merged`` holds what became of every
    decision about the document, under its present id; conflicts and orphans among them head the curators' queue.
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
        previous: what the parent release holds of the document: its text and its records as published. None where it
            holds nothing. For a renamed document (see ``renames``) pass what it holds under the old id.
        new: the fresh extraction. None where the document is gone, Quarantined where it can no longer be read.
        decisions: every decision of the log about the document, in the log's order, undone ones and undoing ones too
            (``DecisionIndex.of`` selects them).
        causes: what changed in the program since the parent (``causes_between``).
        owners: record ids in use, each with its document: no new record gets that of another document.
    """
    state = standing(decisions)
    if not isinstance(new, Extraction):
        return _gone(previous, new, state)
    before = previous and previous.model_copy(update={"records": machine_records(previous)})
    known = _with_decided(before, previous.document if previous else new.document, decisions)
    found = identify(known, new, owners=owners)
    records, merged = _merge(found.records, state, new.document)
    published = previous.records if previous else ()
    records = _unchanged_extractor(published, records)
    source = previous is None or (previous.digest, previous.id) != (new.digest, new.id)
    cause_of = Attribution(
        before,
        Extraction(document=new.document, records=found.records),
        published=(published, records),
        causes=causes,
        source=source,
        withheld=_withheld(decisions, published),
    )
    changes = _changes(published, records, found, state, cause_of)
    return Reconciled(records, changes, merged, new.unclaimed, _still_possible(new.possible, records, state))


def _still_possible(
    possible: Sequence[PossibleRecord], records: Records, state: Mapping[str, Standing]
) -> tuple[PossibleRecord, ...]:
    """Leave out what the release has, and what a curator took in or dismissed: nobody is asked twice."""
    known = {record_id_of(machine_of(record)) for record in records} | state.keys()
    return tuple(one for one in possible if record_id_of(one) not in known)


def reconcile_decisions(
    previous: Extraction, decisions: Sequence[Decision], *, merged: Sequence[Merged] | None = None
) -> Reconciled:
    """Reconcile a document whose source and program did not change, for its decisions alone (their cause: decision).

    A record whose rejection was undone comes back as the curator saw it, if its quotation still stands and (where
    ``merged`` tells) the parent still kept it out. To have it as the machine sees it today, read the document again
    (``documents_to_read_again``) and ``reconcile`` it.

    Args:
        previous: what the parent release holds of the document.
        decisions: as for ``reconcile``.
        merged: the parent's outcomes for the document (``merged.jsonl``), which rejections keep; None if unknown.
    """
    text, held = previous.document.text, {record.record_id for record in previous.records}
    rejected = _withheld(decisions, previous.records)
    if merged is not None:
        rejected &= {one.record_id for one in merged if one.outcome == "kept"}
    back = [one for key, one in _decided_records(decisions).items() if key in rejected and one.evidence.text in text]
    new = previous.model_copy(
        update={"records": (*machine_records(previous), *(moved_to(machine_of(one), text) for one in back))}
    )
    reconciled = reconcile(previous, new, decisions, causes=Causes())
    known = {one.decision_id: one for one in merged or () if one.field == WHOLE and one.record_id not in held}
    return replace(reconciled, merged=tuple(known.get(one.decision_id, one) for one in reconciled.merged))


def _gone(previous: Extraction | None, new: Quarantined | None, state: Mapping[str, Standing]) -> Reconciled:
    """Remove all: a document that is there and cannot be read is not gone; with the same bytes, the program is why."""
    gone = previous.records if previous else ()
    reason: RemovalReason = "source_gone" if new is None else "extractor_stopped"

    def cause_of(record_id: str, name: str) -> Cause:
        return "code" if previous and new and new.digest == previous.digest else "source"

    removed = diff_records(gone, (), cause_of=cause_of, reasons={one.record_id: reason for one in gone})
    merged = [one for record_id in sorted(state) for one in merge_missing(state[record_id], None)[1]]
    return Reconciled(changes=tuple(removed), merged=tuple(merged))


def _with_decided(before: Extraction | None, document: Document, decisions: Sequence[Decision]) -> Extraction | None:
    """Add the decided records that the parent release does not hold, so that they are known if they come back."""
    live = before.records if before else ()
    held = {record.record_id for record in live}
    ghosts = [machine_of(one) for key, one in sorted(_decided_records(decisions).items()) if key not in held]
    return Extraction(document=document, records=(*live, *ghosts)) if ghosts or before else None


def _withheld(decisions: Sequence[Decision], published: Records) -> set[str]:
    """Name the records that a rejection, since undone or not, has kept out of a release."""
    return {one.record_id for one in decisions if one.verdict == "reject"} - {one.record_id for one in published}


def _decided_records(decisions: Sequence[Decision]) -> dict[str, CooperationRecord]:
    """Return each decided record as the decision that stands saw it (as the last one did, where none stands)."""
    seen = {decision.record_id: decision.record or decision.added for decision in decisions}
    seen |= {key: one.record for key, one in standing(decisions).items() if one.record is not None}
    return {key: record for key, record in seen.items() if record is not None}


def _merge(machine: Records, state: Mapping[str, Standing], document: Document) -> tuple[Records, tuple[Merged, ...]]:
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
    ranked = _ranked(records) if touched else sorted(records, key=release_order)
    merged.sort(key=attrgetter("record_id", "field"))
    here = [one.model_copy(update={"document_id": document.id}) for one in merged]
    return tuple(ranked), tuple(here)


def _ranked(records: Sequence[CooperationRecord]) -> list[CooperationRecord]:
    """Close the gaps in the ranks; what a curator added comes last."""
    ordered = sorted(records, key=_rank_order)
    return [record.model_copy(update={"rank": rank}) for rank, record in enumerate(ordered, start=1)]


def _rank_order(record: CooperationRecord) -> tuple[bool, int, int, str]:
    return (added_by_curator(record), record.rank, record.evidence.start, record.record_id)


def _unchanged_extractor(before: Records, after: Records) -> Records:
    """Leave a record that states what it stated to the program that made it: a new version alone is no change."""
    old = {record.record_id: record for record in before}
    return tuple(_left(old.get(record.record_id), record) for record in after)


def _left(old: CooperationRecord | None, new: CooperationRecord) -> CooperationRecord:
    if old is None or old.extractor == new.extractor or added_by_curator(old):
        return new
    differing = leaves(old.model_dump(mode="json"), new.model_dump(mode="json"))
    names = {leaf.name.partition(".")[0] for leaf in differing if not leaf.offset}
    return new.model_copy(update={"extractor": old.extractor}) if names <= {"extractor", "rank"} else new


def _changes(
    before: Records, after: Records, found: Identified, state: Mapping[str, Standing], cause_of: CauseOf
) -> tuple[Change, ...]:
    extracted = {record.record_id for record in found.records}
    rejected = {key for key, one in state.items() if one.verdict == "reject" and key in extracted}
    reasons = found.reasons | dict.fromkeys(rejected, "rejected")
    return tuple(diff_records(before, after, cause_of=cause_of, reasons=reasons, into=found.into))
