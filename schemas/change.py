"""Changes between two releases."""

from typing import Any, Literal

from schemas.spans import Model

Cause = Literal["source", "code", "model", "tables", "decision"]
RemovalReason = Literal["source_gone", "no_longer_stated", "extractor_stopped", "merged", "split", "rejected"]


class FieldChange(Model):
    """One field that changed: ``name`` is a dotted path such as ``amount.value``."""

    name: str
    before: Any = None
    after: Any = None
    cause: Cause


class Change(Model):
    """One line of ``diff.jsonl``. ``before`` and ``after`` are whole records (absent where there is none).

    ``moved`` is a change of offsets (and of rank) alone; ``merged`` and ``split`` removals name their heirs (``into``).
    """

    record_id: str
    change: Literal["added", "removed", "changed", "moved"]
    fields: tuple[FieldChange, ...] = ()
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    cause: Cause
    reason: RemovalReason | None = None
    into: tuple[str, ...] = ()
