"""All that the page shows of one record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ledger.decisions import Standing, added_by_curator, effective, machine_of, opinions, states
from ledger.decisions.values import is_stated
from review.store import View
from review.text import Mark, Page, around
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

KEYS: Mapping[str, str] = {name: str(number) for number, name in enumerate(DECIDED_FIELDS, start=1)}
"""The key that edits each field."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a record: its JSON value, and all that is known of it."""

    name: str
    key: str
    value: Any
    quote: Span | None
    confidence: float | None
    provenance: tuple[Provenance, ...]
    changes: tuple[FieldChange, ...]
    before: Any
    original: Any
    edited: bool
    outcome: Merged | None
    settled: bool

    @property
    def in_question(self) -> bool:
        """Whether it is why the record is in the queue."""
        return not self.settled and (
            bool(self.changes) or (self.outcome is not None and self.outcome.outcome == "conflict")
        )


@dataclass(frozen=True)
class Card:
    """A record as it stands now, what it was, and what lies around it."""

    view: View
    record: CooperationRecord
    published: CooperationRecord | None
    state: Standing | None
    change: Change | None
    document: StoredDocument | None
    history: Sequence[Decision]

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.record_id

    @property
    def verdict(self) -> str | None:
        """What a curator said about it that stands; None if nobody did."""
        return self.state.verdict if self.state else None

    @property
    def last(self) -> str:
        """The id of the last decision about it."""
        return self.view.last(self.id)

    @property
    def orphaned(self) -> bool:
        """Whether a curator decided about it and the release has it no longer."""
        return self.published is None and not self.pending

    @property
    def pending(self) -> bool:
        """Whether a curator added it and no release has taken it in yet."""
        return self.published is None and self.state is not None and self.state.decision.release >= self._version \
            and self.state.added is not None  # fmt: skip

    @property
    def quotable(self) -> bool:
        """Whether the document still holds its evidence at its place."""
        text = self.text
        return text is not None and self.record.evidence.quotes(text)

    @property
    def text(self) -> str | None:
        """The document's text; None if it is gone or could not be read."""
        return self.document.text if self.document else None

    @property
    def by_hand(self) -> bool:
        """Whether a curator added it."""
        return added_by_curator(self.record) or (self.state is not None and self.state.added is not None)

    @property
    def _version(self) -> str:
        return self.view.shelf.version

    @cached_property
    def standing_ids(self) -> frozenset[str]:
        """The ids of the decisions about it that were not taken back."""
        return frozenset(one.id for one in effective(self.history))

    @cached_property
    def settled_fields(self) -> frozenset[str]:
        """The fields that somebody decided on seeing this release."""
        fresh = {one.id for one in self.history if one.release >= self._version}
        pins = self.state.pins if self.state else {}
        return frozenset(name for name, pin in pins.items() if pin.decision_id in fresh)

    @property
    def in_part(self) -> bool:
        """Whether some of its fields are settled, and the others wait."""
        return bool(self.settled_fields) and self.state is not None and not self.state.complete

    @cached_property
    def disputed(self) -> tuple[str, ...]:
        """The fields in which two curators differ, and no third has decided."""
        return self.view.disputed(self.id)

    @cached_property
    def opinions(self) -> Mapping[str, Standing]:
        """What each curator says of it."""
        return opinions(self.history)

    @cached_property
    def why(self) -> str | None:
        """Why it is in the queue; None if it is not."""
        place = self.view.queue.place(self.id)
        return None if place is None else str(self.view.queue.frame["why"].iloc[place])

    @cached_property
    def outcomes(self) -> Mapping[str, Merged]:
        """What became of each decided field when the release was made."""
        return {one.field: one for one in self.view.shelf.merged_of(self.id)}

    @cached_property
    def rows(self) -> list[Row]:
        """Its fields, those in question first."""
        plain = self.record.model_dump(mode="json")
        machine = machine_of(self.record).model_dump(mode="json")
        before = (self.change.before or {}) if self.change else {}
        rows = [self._row(name, plain[name], machine[name], before) for name in DECIDED_FIELDS]
        return [one for one in rows if one.in_question] + [one for one in rows if not one.in_question]

    def _row(self, name: str, value: Any, machine: Any, before: Mapping[str, Any]) -> Row:
        change = self.change
        mine = [one for one in change.fields if _is_about(one, name)] if change and change.change == "changed" else []
        part = getattr(self.record, name)
        settled = name in self.settled_fields
        return Row(
            name=name,
            key=KEYS[name],
            value=value,
            quote=getattr(part, "span", None),
            confidence=getattr(self.record.confidence, name, None),
            provenance=tuple(one for one in self.record.provenance if one.field.partition(".")[0] == name),
            changes=tuple(mine),
            before=before.get(name),
            original=machine,
            edited=not self.by_hand and states(name, value) != states(name, machine),
            outcome=None if settled else self.outcomes.get(name),
            settled=settled,
        )

    @property
    def other_changes(self) -> list[FieldChange]:
        """What else changed: the evidence."""
        change = self.change
        fields = change.fields if change and change.change == "changed" else ()
        return [one for one in fields if one.name == "evidence.text"]

    @cached_property
    def page(self) -> Page | None:
        """The document's text around the evidence."""
        if self.text is None:
            return None
        evidence = self.record.evidence if self.quotable else Span.of(self.text, 0, min(1, len(self.text)))
        return around(self.text, evidence, list(self.marks)) if self.text else None

    @property
    def marks(self) -> Iterator[Mark]:
        """The quotations of its fields and the words that they were read by."""
        return marks_of(self.record, self.text or "")

    @cached_property
    def siblings(self) -> list[CooperationRecord]:
        """The other records of its document."""
        here = self.view.shelf.records_of(self.record.document_id)
        return [one for one in here if one.record_id != self.id]

    @property
    def same_act(self) -> list[CooperationRecord]:
        """The other records of its act."""
        return [one for one in self.siblings if one.act_id == self.record.act_id]

    @property
    def neighbours(self) -> list[CooperationRecord]:
        """The records of its document that tell other acts, the nearest in the text first."""
        rest = [one for one in self.siblings if one.act_id != self.record.act_id]
        here = self.record.evidence.start
        return [one for _, one in sorted(((abs(one.evidence.start - here), one) for one in rest), key=_distance)]


def _distance(item: tuple[int, CooperationRecord]) -> int:
    return item[0]


def _is_about(change: FieldChange, name: str) -> bool:
    """Tell whether a change is of what a field states, not of where it is quoted from alone."""
    return change.name.partition(".")[0] == name and is_stated(change.name)


def marks_of(record: CooperationRecord, text: str) -> Iterator[Mark]:
    """List the quotations of a record that stand in the text."""
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


def card_of(view: View, record_id: str) -> Card | None:
    """Gather what is shown of a record; None if neither the release nor the log knows it."""
    record = view.shown(record_id)
    if record is None:
        return None
    return Card(
        view=view,
        record=record,
        published=view.shelf.record(record_id),
        state=view.standing(record_id),
        change=view.shelf.change(record_id),
        document=view.shelf.document(record.document_id),
        history=view.of(record_id),
    )
