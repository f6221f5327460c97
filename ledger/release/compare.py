"""The differences between any two releases, whether or not one is the other's parent, in little memory."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from ledger.diff import PLACE, CauseOf, diff_records
from ledger.release.layout import MANIFEST, RECORDS
from ledger.release.read import Release
from schemas import Cause, Change, RemovalReason

_DIGEST = 16


def compare(before: Release, after: Release) -> list[Change]:
    """List the changes that make the records of one release of those of another, by record id.

    Causes and reasons are those that the releases from one to the other gave; where ``before`` is no ancestor of
    ``after`` they cannot be told, and count as the source's.
    """
    return sorted(iter_changes(before, after), key=attrgetter("record_id"))


def iter_changes(before: Release, after: Release) -> Iterator[Change]:
    """Yield what ``compare`` lists, as it is found: by document, and last what has no counterpart in its document."""
    if after.manifest.parent == before.version:
        return after.changes()
    history = _History()
    for release in _between(before, after):
        for change in release.changes():
            history.add(change)
    return diff_files(
        before.path / RECORDS,
        after.path / RECORDS,
        cause_of=history.cause_of,
        reasons=history.reasons,
        into=history.into,
    )


def diff_files(
    before: Path,
    after: Path,
    *,
    cause_of: CauseOf | None = None,
    reasons: Mapping[str, RemovalReason] | None = None,
    into: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Change]:
    """List the changes between two ``records.jsonl`` files, sorted as releases sort them.

    Lines that both files hold are never parsed; of the others one document is in memory at a time. Changes come by
    document; additions, removals and records whose document has another name come last, by record id.

    Args:
        before: the earlier release's file.
        after: the later release's.
        cause_of: as for ``diff_records``.
        reasons: as for ``diff_records``.
        into: as for ``diff_records``.
    """
    old_digests, new_digests = _digests(before), _digests(after)
    same = set(old_digests).intersection(new_digests)
    sides = (_differing(before, old_digests, same, 0), _differing(after, new_digests, same, 1))
    alone: dict[tuple[str, int], str] = {}
    for _, records in groupby(merge(*sides, key=itemgetter(0)), key=itemgetter(0)):
        of_document: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
        for _, side, record in records:
            of_document[side][record["record_id"]] = record
        both = of_document[0].keys() & of_document[1].keys()
        old, new = ([record for key, record in one.items() if key in both] for one in of_document)
        yield from diff_records(old, new, cause_of=cause_of, reasons=reasons, into=into)
        for side, one in enumerate(of_document):
            alone |= {(key, side): json.dumps(one[key]) for key in one.keys() - both}
    for _, keys in groupby(sorted(alone), key=itemgetter(0)):
        there = {side: [json.loads(alone[key, side])] for key, side in keys}
        old, new = there.get(0, []), there.get(1, [])
        yield from diff_records(old, new, cause_of=cause_of, reasons=reasons, into=into)


def _digests(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        return [blake2b(line.rstrip(b"\r\n"), digest_size=_DIGEST).digest() for line in file]


def _differing(
    path: Path, digests: Iterable[bytes], same: set[bytes], side: int
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    with path.open("rb") as file:
        for line, digest in zip(file, digests, strict=True):
            if digest not in same:
                record = json.loads(line)
                yield record["document_id"], side, record


@dataclass(slots=True)
class _History:
    """What the releases from one to another said of each record and field; the last word counts."""

    causes: dict[tuple[str, str], Cause] = field(default_factory=dict)
    reasons: dict[str, RemovalReason] = field(default_factory=dict)
    into: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
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
