"""Ids derived from content: from as few raw inputs as possible, never from a position."""

import hashlib

from schemas.record import CooperationRecord, PossibleRecord

_SEPARATOR = "\x1f"


def digest_of(*parts: str) -> str:
    """Return the SHA-256 (hex) of the strings, joined by U+001F (unit separator)."""
    return hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def act_id_of(document_id: str, evidence: str, actor: str, kind: str, occurrence: int = 0) -> str:
    """Return the id of an act; ``occurrence`` counts acts with the same document, evidence, actor and kind."""
    return "act-" + digest_of(document_id, evidence, actor, kind, str(occurrence))[:12]


def record_of(possible: PossibleRecord) -> CooperationRecord:
    """Return a possible record as a record of the ledger, with the id derived from its content."""
    values = {name: getattr(possible, name) for name in PossibleRecord.model_fields}
    return CooperationRecord(record_id=record_id_of(possible), **values)


def signature(record: PossibleRecord) -> tuple[str, ...]:
    """Return the record's inputs to its id within a document; equal signatures mean the same act in the same words."""
    partner = record.partner.name if record.partner else ""
    amount = record.amount.derivation.surface if record.amount else ""
    return record.evidence.text, record.kind, record.actor.name, partner, amount


def record_id_of(record: PossibleRecord, occurrence: int = 0) -> str:
    """Return the id derived from a record's content, which it gets if no earlier release gave it one."""
    return "rec-" + digest_of(record.document_id, *signature(record), str(occurrence))[:16]
