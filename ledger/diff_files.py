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
    same = _digests(before) & _digests(after)
    left: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for old, new in _by_document(_differing(before, same), _differing(after, same)):
        yield from diff_records(_both(old, new), _both(new, old), cause_of=cause_of)
        for kept, one, other in ((left[0], old, new), (left[1], new, old)):
            kept.update((key, json.dumps(one[key])) for key in one.keys() - other.keys())
    for key in sorted(left[0].keys() | left[1].keys()):
        sides = [[json.loads(side[key])] if key in side else [] for side in left]
        yield from diff_records(*sides, cause_of=cause_of)


def _digests(path: Path) -> set[bytes]:
    with path.open("rb") as file:
        return {_digest(line) for line in file}


def _digest(line: bytes) -> bytes:
    return blake2b(line.rstrip(b"\r\n"), digest_size=_DIGEST).digest()


def _differing(path: Path, same: set[bytes]) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        yield from (json.loads(line) for line in file if _digest(line) not in same)


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
