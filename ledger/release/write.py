"""The data files of a release: each document reconciled with the parent and written."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO, TypeAlias

import pyarrow.parquet as pq

from ledger.causes import Causes
from ledger.decisions import DecisionIndex
from ledger.decisions.merge import added_by_curator
from ledger.decisions.values import machine_of
from ledger.errors import LedgerError
from ledger.formats.flat import CsvRows, ParquetRows, storable
from ledger.gates import GateSettings, GateWatch
from ledger.reconcile import Reconciled, reconcile, reconcile_decisions
from ledger.release.documents import Pair, Unchanged, digest_of_input, renamed
from ledger.release.files import new_text
from ledger.release.jsonl import by_change, by_evidence, by_outcome, by_place, by_rank, line_of
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
    CooperationRecord,
    Decision,
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


def _extraction(written: Written, document: Document, reconciled: Reconciled) -> None:
    for record in sorted(reconciled.records, key=by_rank):
        _check(document, record, f"record {record.record_id}")
        written.line(RECORDS, record)
        written.rows.append(storable(tuple(flatten(record).model_dump(mode="json").values())))
    for one in sorted(reconciled.unclaimed, key=by_place):
        written.line(UNCLAIMED, one)
    for less in sorted(reconciled.possible, key=by_evidence):
        _check(document, less, "a possible record")
        written.line(POSSIBLE, less)
    written.line(DOCUMENTS, StoredDocument(**document.model_dump(), state=state_of(reconciled.records)))


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

    def prepared(self, current: Extraction | Quarantined | None, reconciled: Reconciled) -> "Written":
        """Write out what a release says of a document, without touching a file: what fails, fails here.

        Raises:
            LedgerError: a record's span does not quote the document.
        """
        written = Written()
        if isinstance(current, Extraction):
            _extraction(written, current.document, reconciled)
        elif current is not None:
            written.line(QUARANTINE, current)
            written.line(DOCUMENTS, StoredDocument(id=current.id, digest=current.digest, state="quarantined"))
        for change in sorted(reconciled.changes, key=by_change):
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


Progress: TypeAlias = Callable[[str, int], None]
_EVERY = 200


@dataclass(slots=True)
class Taken(Collection[str]):
    """The record ids in use, each with its document; asked for one document, it holds those of all others."""

    owners: dict[str, str] = field(default_factory=dict)
    asking: str = ""

    def __contains__(self, record_id: object) -> bool:
        owner = self.owners.get(record_id) if isinstance(record_id, str) else None
        return owner is not None and owner != self.asking

    def __iter__(self) -> Iterator[str]:
        return (record_id for record_id in self.owners if record_id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def taken_in(parent: Path | None, renames: dict[str, str]) -> Taken:
    """Read the record ids of the parent release, those of renamed documents under the new names."""
    if parent is None:
        return Taken()
    table = pq.read_table(parent / RECORDS_PARQUET, columns=["record_id", "document_id"])
    names = {old: new for new, old in renames.items()}
    ids, documents = table["record_id"].to_pylist(), table["document_id"].to_pylist()
    return Taken({one: names.get(document, document) for one, document in zip(ids, documents, strict=True)})


class Decided:
    """The decisions of the log, found document by document; those that no document asked for are orphans."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self._all, self._index, self._asked = decisions, DecisionIndex(decisions), set[str]()

    def of(self, pair: Pair, held: Extraction | None) -> list[Decision]:
        """List the decisions about a document, in the log's order."""
        ids = [record.record_id for record in held.records] if held else []
        found = self._index.of(pair.id, previous_id=pair.previous_id, records=ids)
        self._asked.update(decision.id for decision in found)
        return found

    def unasked(self) -> list[list[Decision]]:
        """List what nobody asked for, one list a document."""
        rest: dict[str, list[Decision]] = {}
        for decision in self._all:
            if decision.id not in self._asked:
                rest.setdefault(decision.document_id, []).append(decision)
        return list(rest.values())


@dataclass(frozen=True, slots=True)
class Made:
    """What the writing of the data files told: counts, what the gates saw, changes to show, inputs' digests."""

    tally: Tally
    watch: GateWatch
    sample: Sample
    documents: dict[str, str]
    merged: list[Merged]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the data files of one release."""

    causes: Causes
    decisions: Decided
    taken: Taken
    version: str
    progress: Progress
    gates: GateSettings | None = None

    def make(self, folder: Path, pairs: Iterable[Pair]) -> Made:
        """Settle and write each document, in order of the ids."""
        made = Made(Tally(), GateWatch(self.gates), Sample(), {}, [])
        with DataFiles(folder) as files:
            for number, pair in enumerate(pairs):
                if number % _EVERY == 0:
                    self.progress("reconcile", number)
                self._one(files, pair, made)
            for rest in self.decisions.unasked():
                made.merged.extend(reconcile(None, None, rest, causes=self.causes, release=self.version).merged)
            files.merged(made.merged)
        made.tally.outcomes(made.merged)
        return made

    def _one(self, files: DataFiles, pair: Pair, made: Made) -> None:
        """Settle and write a document; one on which that fails is quarantined alone."""
        try:
            reconciled = self._reconciled(pair)
            written = files.prepared(_current(pair), reconciled)
        except (OSError, LedgerError, MemoryError):
            raise
        except Exception as error:  # whatever one document makes fail costs no other
            pair = replace(pair, new=_failed(pair, error))
            reconciled = self._reconciled(pair)
            written = files.prepared(_current(pair), reconciled)
        made.watch.document(pair.held.extraction if pair.held else None, reconciled)
        current = _current(pair)
        files.write(written)
        if isinstance(current, Extraction):
            state = state_of(reconciled.records)
            made.tally.document(pair.id, state, reconciled.records, reconciled.unclaimed, reconciled.possible)
        elif isinstance(current, Quarantined):
            made.tally.quarantined(current)
        for change in reconciled.changes:
            made.tally.change(change)
            made.sample.add(pair.id, change)
        made.merged.extend(reconciled.merged)
        if pair.new is not None and (digest := digest_of_input(pair.new)):
            made.documents[pair.id] = digest
        self.taken.owners.update((record.record_id, pair.id) for record in reconciled.records)

    def _reconciled(self, pair: Pair) -> Reconciled:
        held = pair.held.extraction if pair.held else None
        decisions = self.decisions.of(pair, held)
        if isinstance(pair.new, Unchanged):
            if held is not None and pair.previous_id is None:
                return self._kept(held, decisions, pair.held.merged if pair.held else ())
            renewed = _as_extracted(held, pair.id) if held else _carried(pair)
        else:
            renewed = pair.new
        self.taken.asking = pair.id
        return reconcile(held, renewed, decisions, causes=self.causes, release=self.version, taken=self.taken)

    def _kept(self, held: Extraction, decisions: list[Decision], merged: tuple[Merged, ...]) -> Reconciled:
        if decisions:
            return reconcile_decisions(held, decisions, release=self.version, merged=merged)
        return Reconciled(records=held.records, unclaimed=held.unclaimed, possible=held.possible)


def _current(pair: Pair) -> Extraction | Quarantined | None:
    return _carried(pair) if isinstance(pair.new, Unchanged) else pair.new


def _failed(pair: Pair, error: Exception) -> Quarantined:
    digest = digest_of_input(pair.new) if pair.new is not None else None
    detail = f"the program failed to settle it ({type(error).__name__}); please report this"
    return Quarantined(id=pair.id, reason="failed", detail=detail, digest=digest)


def _carried(pair: Pair) -> Extraction | Quarantined | None:
    content = pair.held.content if pair.held else None
    if pair.previous_id is None:
        return content
    if isinstance(content, Quarantined):
        return content.model_copy(update={"id": pair.id})
    return content and renamed(content, pair.id)


def _as_extracted(held: Extraction, name: str) -> Extraction:
    """Return what the program said of a renamed document, before any decision."""
    machine = tuple(machine_of(record) for record in held.records if not added_by_curator(record))
    return renamed(held.model_copy(update={"records": machine}), name)
