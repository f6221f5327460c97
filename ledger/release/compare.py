"""The differences between any two releases, whether or not one is the other's parent."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ledger.diff import PLACE, diff_records
from ledger.release.layout import MANIFEST, RECORDS
from ledger.release.read import Release
from schemas import Cause, Change, RemovalReason


def compare(before: Release, after: Release) -> list[Change]:
    """List the changes that make the records of one release of those of another, by record id.

    Only the lines that are not the same in both are read as records, so that two large releases with few differences
    are compared in little time and memory. Causes and reasons are those that the releases from one to the other gave;
    where ``before`` is no ancestor of ``after`` they cannot be told, and count as the source's.
    """
    if after.manifest.parent == before.version:
        return sorted(after.changes(), key=_by_record)
    old, new = before.path / RECORDS, after.path / RECORDS
    known, fresh = _digests(old), _digests(new)
    told = _told(before, after)
    return diff_records(
        _unlike(old, fresh), _unlike(new, known), cause_of=told.cause_of, reasons=told.reasons, into=told.into
    )


@dataclass(slots=True)
class _Told:
    """What releases said of each record and field; the last word counts."""

    causes: dict[tuple[str, str], Cause] = field(default_factory=dict)
    reasons: dict[str, RemovalReason] = field(default_factory=dict)
    into: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def take(self, change: Change) -> None:
        """Take in a later change."""
        key = change.record_id
        if change.change in ("added", "removed"):
            self.causes[key, ""] = change.cause
        self.causes[key, PLACE] = change.cause
        self.causes |= {(key, one.name): one.cause for one in change.fields}
        if change.reason:
            self.reasons[key] = change.reason
        if change.into:
            self.into[key] = change.into

    def cause_of(self, record_id: str, name: str) -> Cause:
        """Return the cause of a change, the source's where nothing was said."""
        return self.causes.get((record_id, name), "source")


def _told(before: Release, after: Release) -> _Told:
    told = _Told()
    for release in _between(before, after):
        for change in release.changes():
            told.take(change)
    return told


def _between(before: Release, after: Release) -> list[Release]:
    """List the releases after one up to another, oldest first; none where one does not descend from the other."""
    line = [after]
    while (parent := line[-1].manifest.parent) is not None:
        if parent == before.version:
            return line[::-1]
        folder = after.path.parent / parent
        if not (folder / MANIFEST).is_file():
            break
        line.append(Release(folder))
    return []


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=16).digest()


def _digests(path: Path) -> set[bytes]:
    with path.open("rb") as file:
        return {_digest(line) for line in file}


def _unlike(path: Path, others: set[bytes]) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            if _digest(line) not in others:
                yield json.loads(line)


def _by_record(change: Change) -> str:
    return change.record_id
