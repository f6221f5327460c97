"""Ids from content: the fewest raw inputs, never a position."""

import hashlib

from schemas.record import CooperationRecord, Party, PossibleRecord

_SEPARATOR = "\x1f"


def digest_of(*parts: str) -> str:
    """Return the SHA-256 (hex) of strings joined by the unit separator."""
    return hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _name_of(party: Party | None) -> str:
    return "" if party is None else party.name


def act_id_of(document_id: str, evidence: str, actor: str, kind: str, occurrence: int = 0) -> str:
    """Return the id of an act: from its document, evidence, actor and kind, and its place among equals."""
    return "act-" + digest_of(document_id, evidence, actor, kind, str(occurrence))[:12]


def record_of(possible: PossibleRecord) -> CooperationRecord:
    """Return a possible record as one of the ledger, under the id that its content gives it."""
    draft = CooperationRecord(record_id="-", **{name: getattr(possible, name) for name in PossibleRecord.model_fields})
    return draft.model_copy(update={"record_id": record_id_of(draft)})


def record_id_of(record: PossibleRecord, occurrence: int = 0) -> str:
    """Return the id that a record has from its content, where no earlier release gave it one."""
    amount = "" if record.amount is None else record.amount.derivation.surface
    parts = (
        record.document_id,
        record.evidence.text,
        record.kind,
        _name_of(record.actor),
        _name_of(record.partner),
        amount,
    )
    return "rec-" + digest_of(*parts, str(occurrence))[:16]
