"""The data files of a release: each document reconciled with the parent and written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO, TypeAlias

import pyarrow.parquet as pq

from ledger.causes import Causes
from ledger.decisions.merge import machine_records
from ledger.decisions.standing import DecisionIndex
from ledger.errors import LedgerError
from ledger.formats.flat import CsvRows, ParquetRows, storable
from ledger.gates import GateSettings, GateWatch
from ledger.reconcile import Reconciled, reconcile, reconcile_decisions
from ledger.release.documents import DocumentPair, Unchanged, digest_of_input, renamed
from ledger.release.files import new_text
from ledger.release.jsonl import LINE_KINDS, line_of
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
from ledger.report.tally import Sample, Tally
from schemas import (
    Decision,
    DocumentState,
    Extraction,
    Merged,
    Model,
    PossibleRecord,
    Quarantined,
    StoredDocument,
    flatten,
)

Progress: TypeAlias = Callable[[str, int], None]
_EVERY = 200


@dataclass(slots=True)
class DataSummary:
    """What was written: counts, what the gates saw, changes to show, inputs' digests, what became of decisions."""

    tally: Tally
    watch: GateWatch
    sample: Sample = field(default_factory=Sample)
    documents: dict[str, str] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)


class DataWriter:
    """Makes the data files of one release."""

    def __init__(
        self,
        parent: Path | None,
        renames: Mapping[str, str],
        decisions: Sequence[Decision],
        *,
        causes: Causes,
        gates: GateSettings | None,
        progress: Progress,
    ) -> None:
        """Take the folder of the parent release, which documents have a new name, the whole log, and the causes."""
        self._owners = _owners(parent, renames) if parent else {}
        self._decisions, self._causes, self._gates, self._progress = DecisionIndex(decisions), causes, gates, progress

    def write(self, folder: Path, pairs: Iterable[DocumentPair]) -> DataSummary:
        """Reconcile and write each document, in order of the ids."""
        made = DataSummary(Tally(), GateWatch(self._gates))
        with _DataFiles(folder) as files:
            for number, pair in enumerate(pairs):
                if number % _EVERY == 0:
                    self._progress("settle", number)
                self._one(files, pair, made)
            for rest in self._decisions.unasked():
                made.merged.extend(reconcile(None, None, rest, causes=self._causes).merged)
            lines = _DocumentLines()
            lines.add(MERGED, made.merged)
            files.write(lines)
        made.tally.outcomes(made.merged)
        return made

    def _one(self, files: "_DataFiles", pair: DocumentPair, made: DataSummary) -> None:
        """Reconcile and write a document; one on which that fails is quarantined alone."""
        try:
            current, reconciled = _current(pair), self._reconciled(pair)
            lines = _lines_of(current, reconciled)
        except (OSError, LedgerError, MemoryError):
            raise
        except Exception as error:  # whatever one document makes fail costs no other
            pair = replace(pair, new=_failed(pair, error))
            current, reconciled = _current(pair), self._reconciled(pair)
            lines = _lines_of(current, reconciled)
        files.write(lines)
        made.watch.document(pair.extraction, reconciled)
        if isinstance(current, Extraction):
            made.tally.extraction(pair.id, reconciled.records, reconciled.unclaimed, reconciled.possible)
        elif current is not None:
            made.tally.quarantined(current)
        for change in reconciled.changes:
            made.tally.change(change)
            made.sample.add(pair.id, change)
        made.merged.extend(reconciled.merged)
        if pair.new is not None and (digest := digest_of_input(pair.new)):
            made.documents[pair.id] = digest
        self._owners.update((record.record_id, pair.id) for record in reconciled.records)

    def _reconciled(self, pair: DocumentPair) -> Reconciled:
        old = pair.extraction
        ids = [record.record_id for record in old.records] if old else []
        decisions = self._decisions.of(pair.id, previous_id=pair.previous_id, records=ids)
        new = pair.new
        if isinstance(new, Unchanged):
            if old is not None and pair.previous_id is None:
                if decisions:
                    return reconcile_decisions(old, decisions, merged=pair.previous.merged if pair.previous else ())
                return Reconciled(records=old.records, unclaimed=old.unclaimed, possible=old.possible)
            new = _current(pair)
            if old is not None and isinstance(new, Extraction):  # as the program read it, before any decision
                new = renamed(old.model_copy(update={"records": machine_records(old)}), pair.id)
        return reconcile(old, new, decisions, causes=self._causes, owners=self._owners)


def _owners(parent: Path, renames: Mapping[str, str]) -> dict[str, str]:
    """Map the record ids of the parent release to their documents, renamed ones under the new names."""
    table = pq.read_table(parent / RECORDS_PARQUET, columns=["record_id", "document_id"])
    names = {old: new for new, old in renames.items()}
    ids, documents = table["record_id"].to_pylist(), table["document_id"].to_pylist()
    return {one: names.get(document, document) for one, document in zip(ids, documents, strict=True)}


def _current(pair: DocumentPair) -> Extraction | Quarantined | None:
    """Return what the new release holds of a document, before the decisions about it."""
    if not isinstance(pair.new, Unchanged):
        return pair.new
    content = pair.previous.content if pair.previous else None
    if pair.previous_id is None or content is None:
        return content
    if isinstance(content, Quarantined):
        return content.model_copy(update={"id": pair.id})
    return renamed(content, pair.id)


def _failed(pair: DocumentPair, error: Exception) -> Quarantined:
    digest = digest_of_input(pair.new) if pair.new is not None else None
    detail = f"the program failed to settle it ({type(error).__name__}); please report this"
    return Quarantined(id=pair.id, reason="failed", detail=detail, digest=digest)


@dataclass(slots=True)
class _DocumentLines:
    """The lines of one document, by file, and its flat rows."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, name: str, models: Iterable[Model]) -> None:
        """Add lines, sorted as the file is (changes come so). Raises ValueError where a model is not UTF-8."""
        kind = LINE_KINDS.get(name)
        added = [f"{line_of(model)}\n" for model in (sorted(models, key=kind.key) if kind else models)]
        "".join(added).encode()
        self.lines[name] = added


def _lines_of(current: Extraction | Quarantined | None, reconciled: Reconciled) -> _DocumentLines:
    """Write out what a release says of a document, without touching a file: what fails, fails here.

    Raises:
        LedgerError: a record's span does not quote the document.
    """
    lines = _DocumentLines()
    if isinstance(current, Extraction):
        document = current.document
        for record in sorted(reconciled.records, key=LINE_KINDS[RECORDS].key):
            _check(record, document.text, f"record {record.record_id}")
            lines.rows.append(storable(tuple(flatten(record).model_dump(mode="json").values())))
        for less in reconciled.possible:
            _check(less, document.text, "a possible record")
        lines.add(RECORDS, reconciled.records)
        lines.add(UNCLAIMED, reconciled.unclaimed)
        lines.add(POSSIBLE, reconciled.possible)
        state: DocumentState = "with_records" if reconciled.records else "without_records"
        lines.add(DOCUMENTS, [StoredDocument(**document.model_dump(), state=state)])
    elif current is not None:
        lines.add(QUARANTINE, [current])
        lines.add(DOCUMENTS, [StoredDocument(id=current.id, digest=current.digest, state="quarantined")])
    lines.add(DIFF, reconciled.changes)
    return lines


def _check(record: PossibleRecord, text: str, name: str) -> None:
    if wrong := record.misquotes(text):
        place = f"{wrong[0].start}:{wrong[0].end}"
        raise LedgerError(f"document {record.document_id}: {name} misquotes the text at {place}")


class _DataFiles:
    """The open data files of a release that is being made. Documents come in order of their ids."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._open = folder, ExitStack()
        self._files: dict[str, TextIO] = {}

    def __enter__(self) -> Self:
        for name in (*LINE_KINDS, DIFF, RECORDS_CSV):
            self._files[name] = self._open.enter_context(new_text(self._folder / name))
        self._csv = CsvRows(self._files[RECORDS_CSV])
        self._parquet = self._open.enter_context(ParquetRows(self._folder / RECORDS_PARQUET))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def write(self, lines: _DocumentLines) -> None:
        """Append lines and rows to the files."""
        for name, texts in lines.lines.items():
            self._files[name].writelines(texts)
        for row in lines.rows:
            self._csv.write(row)
            self._parquet.write(row)
