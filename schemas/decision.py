"""Curators' decisions and their outcomes."""

from typing import Any, Literal

from pydantic import Field

from schemas.record import CooperationRecord
from schemas.spans import Model, Span

Verdict = Literal["accept", "reject", "edit"]
Outcome = Literal["kept", "agreed", "conflict", "orphaned"]
DECIDED_FIELDS = ("kind", "status", "actor", "partner", "year", "amount", "sector")
"""The fields that are accepted when a curator accepts a whole record."""
EDITED_FIELDS = (*DECIDED_FIELDS, "evidence")
"""The fields whose value a curator can change."""
RejectReason = Literal["no_act", "duplicate", "wrong_party", "out_of_scope"]


class FieldDecision(Model):
    """What the curator saw in a field (JSON value of the record's field, e.g. a Party) and what they gave for it."""

    name: str
    seen: Any = None
    given: Any = None


class Decision(Model):
    """One line of ``decisions.jsonl``. ``undoes`` names an earlier decision that this one takes back.

    ``previous`` is the id of the line before (empty in the first), which ``id`` is made of together with all else that
    the line says: so a line that was altered, lost or put in does not fit.

    ``record`` carries the whole record as the curator saw it, so that it can be matched and, where the curator added a
    record that the machine missed (``added``), published. ``reason`` says why one was rejected, ``duplicate_of`` which
    record says the same; ``possible`` that it was offered in ``possible.jsonl`` (as taken in or dismissed). Decisions
    that were made at once share a ``batch``.
    """

    id: str
    record_id: str
    document_id: str
    release: str
    verdict: Verdict
    fields: tuple[FieldDecision, ...] = ()
    evidence: Span | None = None
    reviewer: str = Field(min_length=1)
    time: str
    note: str | None = None
    added: CooperationRecord | None = None
    undoes: str | None = None
    record: CooperationRecord | None = None
    reason: RejectReason | None = None
    duplicate_of: str | None = None
    possible: bool = False
    batch: str | None = None
    previous: str | None = None


class Merged(Model):
    """What became of one field's decision after a new extraction."""

    decision_id: str
    record_id: str
    document_id: str
    field: str
    outcome: Outcome
    seen: Any = None
    given: Any = None
    now: Any = None
