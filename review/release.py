"""One release, indexed for look-ups: records by id, documents by id, changes by record."""

from collections.abc import Iterable, Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ledger.diff import is_quiet
from ledger.errors import LedgerError
from ledger.release.jsonl import LINE_KINDS, JsonLines
from ledger.release.layout import DIFF, DOCUMENTS, MERGED, POSSIBLE, RECORDS, UNCLAIMED, Output
from ledger.release.read import Release, change_summaries, open_release
from schemas import (
    Change,
    CooperationRecord,
    Manifest,
    Merged,
    StoredDocument,
    Unclaimed,
    Versions,
    record_of,
)

EARLIER = "earlier"
_RECENT_RELEASES = 8
_CACHED_RECORDS, _CACHED_DOCUMENTS = 4_096, 64


class ReleaseIndex:
    """A release with verified checksums. Its flat records are in memory; all else is read from disk when needed."""

    def __init__(self, release: Release) -> None:
        self.files = release
        self.version = release.version
        self.manifest: Manifest = release.manifest
        self.frame: pd.DataFrame = release.frame()
        self._json_lines = cache(self._open_lines)
        self._record_at = lru_cache(maxsize=_CACHED_RECORDS)(self._read_record)
        self._document_of = lru_cache(maxsize=_CACHED_DOCUMENTS)(self._read_document)
        self._rows = {key: row for row, key in enumerate(self.frame["record_id"])}
        if len(self._json_lines(RECORDS)) != len(self._rows):
            raise LedgerError(f"{release.path}: records.jsonl and records.parquet differ")

    @classmethod
    def open(cls, output: Path, version: str) -> "ReleaseIndex":
        """Open a release by its version. Raises LedgerError: it is missing or damaged, or has links in it."""
        release = open_release(output, version)
        for path in release.path.rglob("*"):
            if path.is_symlink():
                raise LedgerError(f"{path} is a link: a release holds its own files")
        return cls(release)

    def record(self, record_id: str) -> CooperationRecord | None:
        """Return a record as published; None if the release does not have it."""
        row = self._rows.get(record_id)
        return None if row is None else self._record_at(row)

    def has(self, record_id: str) -> bool:
        """Return whether the release has a record of that id."""
        return record_id in self._rows

    def document(self, document_id: str) -> StoredDocument | None:
        """Return a document; None if the release does not have it."""
        return self._document_of(document_id)

    def _read_document(self, document_id: str) -> StoredDocument | None:
        return next(iter(self._json_lines(DOCUMENTS).of(document_id)), None)

    def _read_record(self, row: int) -> CooperationRecord:
        record: CooperationRecord = self._json_lines(RECORDS)[row]
        return record

    def records_of(self, document_id: str) -> list[CooperationRecord]:
        """List the records of a document by rank."""
        return [self._record_at(int(row)) for row in self._rows_by_document.get(document_id, ())]

    def next_rank(self, document_id: str) -> int:
        """Return the rank for a record that is added to a document."""
        return max((one.rank for one in self.records_of(document_id)), default=0) + 1

    def unclaimed(self, document_id: str) -> list[Unclaimed]:
        """List the mentions of a document that are in no record."""
        return self._json_lines(UNCLAIMED).of(document_id)

    def possible_records(self, document_id: str) -> list[CooperationRecord]:
        """List the suggested records of a document, each with the id derived from its content."""
        return [record_of(one) for one in self._json_lines(POSSIBLE).of(document_id)]

    def merged_of(self, record_id: str) -> list[Merged]:
        """List how the release merged the decisions about a record."""
        return self._merged_by_record.get(record_id, [])

    def change(self, record_id: str) -> Change | None:
        """Return how a record changed in this release; None if it did not change, or in a first release."""
        place = self._change_rows.get(record_id)
        return None if place is None else self._json_lines(DIFF)[place]

    @cached_property
    def names(self) -> Mapping[str, int]:
        """How often each party name occurs in the release."""
        counts: Mapping[str, int] = pd.concat([self.frame["actor"], self.frame["partner"]]).value_counts().to_dict()
        return counts

    @cached_property
    def changed(self) -> list[Change] | None:
        """The changes of this release without their values; None for a first release, where all is new."""
        if self.manifest.parent is None:
            return None
        with (self.files.path / DIFF).open("rb") as file:
            return list(change_summaries(file))

    @cached_property
    def merged(self) -> list[Merged]:
        """How the release merged each curator's decision; empty if it had none to merge."""
        return list(self.files.merged()) if (self.files.path / MERGED).is_file() else []

    @cached_property
    def _merged_by_record(self) -> Mapping[str, list[Merged]]:
        found: dict[str, list[Merged]] = {}
        for one in self.merged:
            found.setdefault(one.record_id, []).append(one)
        return found

    @cached_property
    def _change_rows(self) -> Mapping[str, int]:
        return {change.record_id: place for place, change in enumerate(self.changed or ())}

    @cached_property
    def _rows_by_document(self) -> Mapping[str, npt.NDArray[np.intp]]:
        rows: Mapping[str, npt.NDArray[np.intp]] = self.frame.groupby("document_id").indices
        return rows

    def _open_lines(self, name: str) -> JsonLines[Any]:
        kind = LINE_KINDS.get(name)
        model, key = (kind.model, kind.document) if kind else (Change, "record_id")
        return JsonLines(self.files.path / name, model, key)


def last_changed(output: Output, versions: Versions, records: Iterable[str]) -> list[str | None]:
    """Return for each record the version in which it last changed; ``earlier`` if not in the last few releases.

    Args:
        output: the output folder.
        versions: the list of its releases.
        records: ids of records of the latest release.
    """
    found: dict[str, str] = {}
    for entry in versions.releases[-_RECENT_RELEASES:]:
        if entry.parent is not None:
            found.update(dict.fromkeys(_changed_records(output.root / entry.path / DIFF), entry.version))
    return [found.get(record_id, EARLIER) for record_id in records]


@lru_cache(maxsize=2 * _RECENT_RELEASES)
def _changed_records(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        return tuple(one.record_id for one in change_summaries(file) if one.change != "removed" and not is_quiet(one))
