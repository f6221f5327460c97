"""The data files of a release, written together, document by document."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from ledger.errors import LedgerError
from ledger.formats.flatcsv import CsvRows
from ledger.formats.parquet import ParquetRows
from ledger.release.durable import new_text
from ledger.release.keys import by_change, by_evidence, by_outcome, by_place, by_rank
from ledger.release.layout import (
    DIFF,
    DOCUMENTS,
    MERGED,
    POSSIBLE,
    QUARANTINE,
    RECORDS,
    RECORDS_CSV,
    RECORDS_PARQUET,
    UNCLAIMED,
)
from ledger.release.lines import line_of
from schemas import (
    Change,
    CooperationRecord,
    Document,
    DocumentState,
    Merged,
    Model,
    PossibleRecord,
    Quarantined,
    StoredDocument,
    Unclaimed,
    flatten,
)


class DataFiles:
    """The open data files of a release that is being made. Documents come in order of their ids."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._files: dict[str, TextIO] = {}

    def __enter__(self) -> Self:
        for name in (RECORDS, DOCUMENTS, UNCLAIMED, QUARANTINE, MERGED, POSSIBLE, DIFF, RECORDS_CSV):
            self._files[name] = self._open.enter_context(new_text(self._folder / name))
        self._csv = CsvRows(self._files[RECORDS_CSV])
        self._parquet = self._open.enter_context(ParquetRows(self._folder / RECORDS_PARQUET))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def document(
        self,
        document: Document,
        records: Iterable[CooperationRecord],
        unclaimed: Iterable[Unclaimed],
        possible: Iterable[PossibleRecord] = (),
    ) -> DocumentState:
        """Write a document with its records, sorted by rank and id; return the list it ended in.

        Raises:
            LedgerError: a record's span does not quote the document.
        """
        ranked = sorted(records, key=by_rank)
        for record in ranked:
            self._record(document, record)
        for one in sorted(unclaimed, key=by_place):
            self._line(UNCLAIMED, one)
        for less in sorted(possible, key=by_evidence):
            _check(document, less, "a possible record")
            self._line(POSSIBLE, less)
        state: DocumentState = "with_records" if ranked else "without_records"
        self._line(DOCUMENTS, StoredDocument(**document.model_dump(), state=state))
        return state

    def quarantined(self, one: Quarantined) -> None:
        """Write a document that could not be read."""
        self._line(QUARANTINE, one)
        self._line(DOCUMENTS, StoredDocument(id=one.id, digest=one.digest, state="quarantined"))

    def changes(self, changes: Iterable[Change]) -> None:
        """Write the changes of a document, sorted by record id."""
        for change in sorted(changes, key=by_change):
            self._line(DIFF, change)

    def merged(self, merged: Iterable[Merged]) -> None:
        """Write what became of all decisions."""
        for one in sorted(merged, key=by_outcome):
            self._line(MERGED, one)

    def _record(self, document: Document, record: CooperationRecord) -> None:
        _check(document, record, f"record {record.record_id}")
        self._line(RECORDS, record)
        row = tuple(flatten(record).model_dump(mode="json").values())
        self._csv.write(row)
        self._parquet.write(row)

    def _line(self, name: str, model: Model) -> None:
        file = self._files[name]
        file.write(line_of(model))
        file.write("\n")


def _check(document: Document, record: PossibleRecord, name: str) -> None:
    if wrong := record.misquotes(document.text):
        place = f"{wrong[0].start}:{wrong[0].end}"
        raise LedgerError(f"document {document.id}: {name} misquotes the text at {place}")
