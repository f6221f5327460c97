"""The difference between two files of records, in little memory however long they are."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any

from ledger.diff import CauseOf, diff_records
from schemas import Change

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
