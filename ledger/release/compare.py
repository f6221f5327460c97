"""The differences between any two releases, one of which need not be the other's parent."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from ledger.diff import OFFSET_FIELD, CauseOf, diff_records
from ledger.release.jsonl import key_of
from ledger.release.layout import MANIFEST, RECORDS
from ledger.release.read import Release
from schemas import Cause, Change, RemovalReason


def compare(before: Release, after: Release) -> list[Change]:
    """List the changes that turn the records of one release into those of another, sorted by record id.

    Causes and reasons come from the changes of the releases in between. If ``before`` is not an ancestor of ``after``,
    they are unknown, and each cause is given as ``source``.
    """
    return sorted(iter_changes(before, after), key=attrgetter("record_id"))


def iter_changes(before: Release, after: Release) -> Iterator[Change]:
    """Yield the changes of ``compare`` unsorted, with one document in memory at a time (see ``diff_files``)."""
    if after.manifest.parent == before.version:
        return after.changes()
    history = _ChangeHistory()
    for release in _releases_between(before, after):
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
    """Yield the changes between two ``records.jsonl`` files, which must be sorted as in a release.

    Lines that both files hold are not parsed, and one document is in memory at a time. Changes come by document; added
    and removed records, and those whose document was renamed, come last, sorted by record id.

    Args:
        before: the earlier release's file.
        after: the later release's.
        cause_of: as for ``diff_records``.
        reasons: as for ``diff_records``.
        into: as for ``diff_records``.
    """
    differ = partial(diff_records, cause_of=cause_of, reasons=reasons, into=into)
    unmatched: dict[str, dict[int, str]] = defaultdict(dict)
    sides = merge(_by_document(before, 0), _by_document(after, 1), key=itemgetter(0))
    for _, document_lines in groupby(sides, key=itemgetter(0)):
        lines: tuple[set[bytes], set[bytes]] = (set(), set())
        for _, side, line in document_lines:
            lines[side].add(line)
        old, new = _by_id(lines[0] - lines[1]), _by_id(lines[1] - lines[0])
        yield from differ([old[key] for key in old if key in new], [new[key] for key in new if key in old])
        for side, one, other in ((0, old, new), (1, new, old)):
            for key in one.keys() - other.keys():
                unmatched[key][side] = json.dumps(one[key])
    for _, sides_of in sorted(unmatched.items()):
        yield from differ(*([json.loads(sides_of[side])] if side in sides_of else [] for side in (0, 1)))


def _by_document(path: Path, side: int) -> Iterator[tuple[str, int, bytes]]:
    with path.open("rb") as file:
        for line in file:
            yield key_of(line, "document_id"), side, line.rstrip(b"\r\n")


def _by_id(lines: Iterable[bytes]) -> dict[str, dict[str, Any]]:
    records = (json.loads(line) for line in lines)
    return {record["record_id"]: record for record in records}


@dataclass(slots=True)
class _ChangeHistory:
    """The latest cause, reason and successors of each record and field over a series of releases."""

    causes: dict[tuple[str, str], Cause] = field(default_factory=dict)
    reasons: dict[str, RemovalReason] = field(default_factory=dict)
    into: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Add a change, which replaces what earlier ones said."""
        key = change.record_id
        if change.change in ("added", "removed"):
            self.causes[key, ""] = change.cause
        self.causes[key, OFFSET_FIELD] = change.cause
        self.causes |= {(key, one.name): one.cause for one in change.fields}
        if change.reason:
            self.reasons[key] = change.reason
        if change.into:
            self.into[key] = change.into

    def cause_of(self, record_id: str, name: str) -> Cause:
        """Return the cause of a change, ``source`` if it is unknown."""
        return self.causes.get((record_id, name), "source")


def _releases_between(before: Release, after: Release) -> list[Release]:
    """List the releases after ``before`` up to ``after``, oldest first; empty if ``before`` is not an ancestor."""
    line = [after]
    while (parent := line[-1].manifest.parent) is not None:
        if parent == before.version:
            return line[::-1]
        folder = after.path.parent / parent
        if not (folder / MANIFEST).is_file():
            break
        line.append(Release(folder))
    return []
