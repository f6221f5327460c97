"""The differences between any two releases, whether or not one is the other's parent."""

import json
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ledger.diff import diff_records
from ledger.release.layout import RECORDS
from ledger.release.read import Release
from schemas import Change


def compare(before: Release, after: Release) -> list[Change]:
    """List the changes that make the records of one release of those of another, by record id.

    Only the lines that are not the same in both are read as records, so that two large releases with few differences
    are compared in little time and memory. Causes are those of ``after`` where ``before`` is its parent; elsewhere they
    cannot be told apart and count as the source's.
    """
    if after.manifest.parent == before.version:
        return sorted(after.changes(), key=_by_record)
    old, new = before.path / RECORDS, after.path / RECORDS
    known, fresh = _digests(old), _digests(new)
    return diff_records(_unlike(old, fresh), _unlike(new, known))


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
