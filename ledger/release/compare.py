"""The differences between any two releases, whether or not one is the other's parent."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any

from ledger.diff import PLACE, CauseOf, diff_records
from ledger.release.layout import MANIFEST, RECORDS
from ledger.release.read import Release
from schemas import Cause, Change, RemovalReason

_DIGEST = 16


def diff_files(before: Path, after: Path, *, cause_of: CauseOf | None = None) -> Iterator[Change]:
    """List the changes between two ``records.jsonl`` files, sorted as releases sort them.

    Lines that both files hold are never parsed; of the others one document is in memory at a time. Changes come by
    document; additions, removals and records whose document has another name come last, by record id.

    Args:
        before: the earlier release's file.
        after: the later release's.
        cause_of: tells causes; the source by default.
    """
    old_digests, new_digests = _digests(before), _digests(after)
    same = set(old_digests).intersection(new_digests)
    sides = _differing(before, old_digests, same), _differing(after, new_digests, same)
    left: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for old, new in _by_document(*sides):
        yield from diff_records(_both(old, new), _both(new, old), cause_of=cause_of)
        for kept, one, other in ((left[0], old, new), (left[1], new, old)):
            kept.update((key, json.dumps(one[key])) for key in one.keys() - other.keys())
    for key in sorted(left[0].keys() | left[1].keys()):
        first, last = ([json.loads(side[key])] if key in side else [] for side in left)
        yield from diff_records(first, last, cause_of=cause_of)


def _digests(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return [blake2b(line.rstrip(b"\r\n"), digest_size=_DIGEST).digest() for line in file]


def _differing(path: Path, digests: Iterable[bytes], same: set[bytes]) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        yield from (json.loads(line) for line, digest in zip(file, digests, strict=True) if digest not in same)


Records = Mapping[str, dict[str, Any]]


def _by_document(
    before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]
) -> Iterator[tuple[Records, Records]]:
    """Pair the records of each document, as two sorted files have them."""
    olds, news = _grouped(before), _grouped(after)
    old, new = next(olds, None), next(news, None)
    while old or new:
        first = min(one[0] for one in (old, new) if one)
        yield (old[1] if old and old[0] == first else {}), (new[1] if new and new[0] == first else {})
        old = next(olds, None) if old and old[0] == first else old
        new = next(news, None) if new and new[0] == first else new


def _grouped(records: Iterable[dict[str, Any]]) -> Iterator[tuple[str, Records]]:
    for document_id, group in groupby(records, key=_document):
        yield document_id, {record["record_id"]: record for record in group}


def _document(record: Mapping[str, Any]) -> str:
    return str(record["document_id"])


def _both(records: Records, others: Records) -> list[dict[str, Any]]:
    return [record for key, record in records.items() if key in others]


def compare(before: Release, after: Release) -> list[Change]:
    """List the changes that make the records of one release of those of another, by record id.

    Only the lines that are not the same in both are read as records, so that two large releases with few differences
    are compared in little time and memory. Causes and reasons are those that the releases from one to the other gave;
    where ``before`` is no ancestor of ``after`` they cannot be told, and count as the source's.
    """
    if after.manifest.parent == before.version:
        return sorted(after.changes(), key=_by_record)
    old, new = before.path / RECORDS, after.path / RECORDS
    known, fresh = _digest_set(old), _digest_set(new)
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


def _digest_set(path: Path) -> set[bytes]:
    with path.open("rb") as file:
        return {_digest(line) for line in file}


def _unlike(path: Path, others: set[bytes]) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            if _digest(line) not in others:
                yield json.loads(line)


def _by_record(change: Change) -> str:
    return change.record_id
