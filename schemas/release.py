"""Releases: the manifest, the list of versions, and the changes from one to the next."""

from typing import Any, Literal

from pydantic import Field

from schemas.spans import Model

SCHEMA_VERSION = "1.0.0"


GateName = Literal["removals", "filled", "unclaimed", "scores"]
"""The gates, which can stop a release before it is published."""


class Digests(Model):
    """SHA-256 of all that a release is made from. ``documents`` maps a document's id to its input's digest."""

    code: str
    config: str
    model: str
    tables: str
    decisions: str
    documents: dict[str, str] = Field(default_factory=dict)


class Counts(Model):
    """How many documents ended where; how many records, changes, unclaimed mentions and possible records there are."""

    documents: int = 0
    with_records: int = 0
    without_records: int = 0
    quarantined: int = 0
    records: int = 0
    unclaimed: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    moved: int = 0
    possible: int = 0


class Lists(Model):
    """The three lists one of which every document ends in (ids, sorted)."""

    with_records: tuple[str, ...] = ()
    without_records: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()


class Manifest(Model):
    """``manifest.json``. ``run`` holds the time and host, the one part that differs between equal runs."""

    version: str
    schema_version: str = SCHEMA_VERSION
    parent: str | None = None
    digests: Digests
    parameters: dict[str, Any] = Field(default_factory=dict)
    counts: Counts
    documents: Lists
    scores: dict[str, Any] = Field(default_factory=dict)
    gates: tuple[dict[str, Any], ...] = ()
    merges: dict[str, int] = Field(default_factory=dict)
    run: dict[str, Any] = Field(default_factory=dict)


class ReleaseEntry(Model):
    """One release in ``versions.json``; ``path`` is relative to the output folder."""

    version: str
    path: str
    time: str
    parent: str | None = None
    counts: Counts
    digests: dict[str, str]


class Versions(Model):
    """``versions.json``: the releases, oldest first, and the version of the latest."""

    releases: tuple[ReleaseEntry, ...] = ()
    latest: str | None = None


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
