"""The data files of a release, written together, document by document."""

from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from ledger.errors import LedgerError
from ledger.formats.flatcsv import CsvRows
from ledger.formats.parquet import ParquetRows, storable
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
from ledger.settle import Settled
from schemas import (
    CooperationRecord,
    Document,
    DocumentState,
    Extraction,
    Merged,
    Model,
    PossibleRecord,
    Quarantined,
    StoredDocument,
    flatten,
)


@dataclass(slots=True)
class Written:
    """The lines and flat rows of one document, by file."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def line(self, name: str, model: Model) -> None:
        """Add a line. Raises ValueError where the model holds what no UTF-8 can."""
        text = line_of(model)
        text.encode()
        self.lines.setdefault(name, []).append(f"{text}\n")


def state_of(records: Collection[CooperationRecord]) -> DocumentState:
    """Name the list that a document that was read ends in."""
    return "with_records" if records else "without_records"


def _extraction(written: Written, document: Document, settled: Settled) -> None:
    for record in sorted(settled.records, key=by_rank):
        _check(document, record, f"record {record.record_id}")
        written.line(RECORDS, record)
        written.rows.append(storable(tuple(flatten(record).model_dump(mode="json").values())))
    for one in sorted(settled.unclaimed, key=by_place):
        written.line(UNCLAIMED, one)
    for less in sorted(settled.possible, key=by_evidence):
        _check(document, less, "a possible record")
        written.line(POSSIBLE, less)
    written.line(DOCUMENTS, StoredDocument(**document.model_dump(), state=state_of(settled.records)))


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

    def prepared(self, current: Extraction | Quarantined | None, settled: Settled) -> "Written":
        """Write out what a release says of a document, without touching a file: what fails, fails here.

        Raises:
            LedgerError: a record's span does not quote the document.
        """
        written = Written()
        if isinstance(current, Extraction):
            _extraction(written, current.document, settled)
        elif current is not None:
            written.line(QUARANTINE, current)
            written.line(DOCUMENTS, StoredDocument(id=current.id, digest=current.digest, state="quarantined"))
        for change in sorted(settled.changes, key=by_change):
            written.line(DIFF, change)
        return written

    def write(self, written: "Written") -> None:
        """Append what was prepared to the files. Documents come in order of their ids."""
        for name, lines in written.lines.items():
            self._files[name].writelines(lines)
        for row in written.rows:
            self._csv.write(row)
            self._parquet.write(row)

    def merged(self, merged: Iterable[Merged]) -> None:
        """Write what became of all decisions."""
        for one in sorted(merged, key=by_outcome):
            self._line(MERGED, one)

    def _line(self, name: str, model: Model) -> None:
        file = self._files[name]
        file.write(line_of(model))
        file.write("\n")


def _check(document: Document, record: PossibleRecord, name: str) -> None:
    if wrong := record.misquotes(document.text):
        place = f"{wrong[0].start}:{wrong[0].end}"
        raise LedgerError(f"document {document.id}: {name} misquotes the text at {place}")
