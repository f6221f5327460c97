"""The page of one record: its text, its fields, its history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ledger.decisions import Standing, added_by_curator, by_curator, effective, machine_record, meaning
from ledger.decisions.values import is_stated
from ledger.report.formatting import plain
from review.rendering import render
from review.text import Excerpt, Mark, excerpt
from review.view import LedgerView
from review.web import CurrentUser, ListFilters
from schemas import (
    DECIDED_FIELDS,
    Change,
    CooperationRecord,
    Decision,
    FieldChange,
    Merged,
    Provenance,
    Span,
    StoredDocument,
)

router = APIRouter()


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a record: its JSON value, and what is shown beside it; ``original`` is the machine's value."""

    name: str
    value: Any
    confidence: float | None
    provenance: tuple[Provenance, ...]
    changes: tuple[FieldChange, ...]
    original: Any
    edited: bool
    outcome: Merged | None
    settled: bool

    @property
    def in_question(self) -> bool:
        """Whether the field is a reason why the record is in the queue."""
        return not self.settled and (
            bool(self.changes) or (self.outcome is not None and self.outcome.outcome == "conflict")
        )


@dataclass(frozen=True)
class RecordCard:
    """A record as decided so far, with its decisions, its change in the release, and its document."""

    view: LedgerView
    record: CooperationRecord
    state: Standing | None
    change: Change | None
    document: StoredDocument | None
    history: Sequence[Decision]

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.record_id

    @property
    def last_decision_id(self) -> str:
        """The id of the last decision about it; empty if there is none."""
        return self.history[-1].id if self.history else ""

    @property
    def orphaned(self) -> bool:
        """Whether the release has the record no longer; one that was added since this release is no orphan."""
        state, release = self.state, self.view.release
        waits = state is not None and state.added is not None and state.decision.release >= release.version
        return not (release.has(self.id) or waits)

    @property
    def quotable(self) -> bool:
        """Whether the document's text still holds its evidence at the same offsets."""
        return self.text is not None and self.record.evidence.quotes(self.text)

    @property
    def text(self) -> str | None:
        """The document's text; None if the release lacks it."""
        return self.document.text if self.document else None

    @property
    def by_hand(self) -> bool:
        """Whether a curator added it."""
        return added_by_curator(self.record) or (self.state is not None and self.state.added is not None)

    @cached_property
    def standing_ids(self) -> frozenset[str]:
        """The ids of the decisions about it that were not taken back."""
        return frozenset(one.id for one in effective(self.history))

    @cached_property
    def settled_fields(self) -> frozenset[str]:
        """The fields that somebody decided on seeing this release."""
        fresh = {one.id for one in self.history if one.release >= self.view.release.version}
        pins = self.state.pins if self.state else {}
        return frozenset(name for name, pin in pins.items() if pin.decision_id in fresh)

    @property
    def in_part(self) -> bool:
        """Whether some of its fields are settled, and others are not."""
        return bool(self.settled_fields) and self.state is not None and not self.state.complete

    @cached_property
    def opinions(self) -> Mapping[str, Standing]:
        """What each curator says of it."""
        return by_curator(self.history)

    @cached_property
    def outcomes(self) -> Mapping[str, Merged]:
        """What became of each decided field when the release was made."""
        return {one.field: one for one in self.view.release.merged_of(self.id)}

    @cached_property
    def rows(self) -> list[FieldRow]:
        """Its fields, those in question first."""
        plain = self.record.model_dump(mode="json")
        machine = machine_record(self.record).model_dump(mode="json")
        rows = [self._row(name, plain[name], machine[name]) for name in DECIDED_FIELDS]
        return [one for one in rows if one.in_question] + [one for one in rows if not one.in_question]

    def _row(self, name: str, value: Any, machine: Any) -> FieldRow:
        settled = name in self.settled_fields
        return FieldRow(
            name=name,
            value=value,
            confidence=getattr(self.record.confidence, name, None),
            provenance=tuple(one for one in self.record.provenance if one.field.partition(".")[0] == name),
            changes=tuple(one for one in self.changes if one.name.partition(".")[0] == name and is_stated(one.name)),
            original=machine,
            edited=not self.by_hand and meaning(name, value) != meaning(name, machine),
            outcome=None if settled else self.outcomes.get(name),
            settled=settled,
        )

    @property
    def changes(self) -> Sequence[FieldChange]:
        """The changes of its fields and its evidence in the release."""
        return self.change.fields if self.change and self.change.change == "changed" else ()

    @cached_property
    def excerpt(self) -> Excerpt | None:
        """The document's text around the evidence."""
        if not self.text:
            return None
        evidence = self.record.evidence if self.quotable else Span.of(self.text, 0, 1)
        return excerpt(self.text, evidence, list(record_marks(self.record, self.text)))

    @cached_property
    def siblings(self) -> list[CooperationRecord]:
        """The other records of its document."""
        here = self.view.release.records_of(self.record.document_id)
        return [one for one in here if one.record_id != self.id]

    @property
    def neighbours(self) -> list[CooperationRecord]:
        """The records of its document that state other acts, the nearest in the text first."""
        rest = [one for one in self.siblings if one.act_id != self.record.act_id]
        return sorted(rest, key=self._distance)

    def _distance(self, other: CooperationRecord) -> int:
        return abs(other.evidence.start - self.record.evidence.start)


def record_marks(record: CooperationRecord, text: str) -> Iterator[Mark]:
    """Yield a mark for each span and each cue of a record that the text still holds."""
    for name in ("actor", "partner", "year", "amount", "sector"):
        part = getattr(record, name)
        if part is not None and part.span is not None and part.span.quotes(text):
            yield Mark(name, part.span, name)
    for stated in record.amount.stated if record.amount else ():
        if stated.span.quotes(text):
            yield Mark("amount", stated.span, "the same sum")
    for one in record.provenance:
        if one.cue is not None and one.cue.quotes(text):
            yield Mark("cue", one.cue, f"read by ({one.field})")


def card_of(view: LedgerView, record_id: str) -> RecordCard:
    """Gather what is shown of a record. Raises HTTPException: neither the release nor the log has it."""
    record = view.shown(record_id)
    if record is None:
        raise HTTPException(404, _missing_message(view, record_id))
    return RecordCard(
        view=view,
        record=record,
        state=view.standing(record_id),
        change=view.release.change(record_id),
        document=view.release.document(record.document_id),
        history=view.decisions_about(record_id),
    )


def _missing_message(view: LedgerView, record_id: str) -> str:
    change = view.release.change(record_id)
    if change is None or change.reason is None:
        return "there is no such record"
    return f"the record left the ledger with the last release: {plain(change.reason)}"


@router.get("/record/{record_id:path}")
def record(user: CurrentUser, filters: ListFilters, record_id: str) -> Response:
    """Show one record within a list."""
    view = user.view()
    card, table = card_of(view, record_id), view.table
    return render(
        "record.html",
        user,
        view=view,
        card=card,
        filters=filters,
        total=len(table.places(filters)),
        position=table.position(card.id, filters),
        next=table.next(card.id, filters, skipped=user.skipped_or_waiting(view)),
        previous=table.previous(card.id, filters),
    )
