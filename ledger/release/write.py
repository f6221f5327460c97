"""The data files of a release: each document beside the parent's, reconciled and written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow.parquet as pq

from ledger.causes import Causes
from ledger.decisions.merge import machine_records
from ledger.decisions.standing import DecisionIndex
from ledger.errors import LedgerError
from ledger.formats.flat import CsvRows, parquet_rows
from ledger.gates import GateSettings, GateWatch
from ledger.reconcile import Reconciled, reconcile, reconcile_decisions
from ledger.release.jsonl import LINE_KINDS, JsonLines, line_of, read_models
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
    new_text,
)
from ledger.report.tally import Sample, Tally
from schemas import (
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


@dataclass(frozen=True, slots=True)
class ReleaseDocument:
    """What a release holds of a document."""

    id: str
    digest: str | None
    content: Extraction | Quarantined
    merged: tuple[Merged, ...] = ()

    @property
    def extraction(self) -> Extraction | None:
        """The extraction; None for a quarantined document."""
        return self.content if isinstance(self.content, Extraction) else None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document whose input and program did not change: it is carried over from the parent release."""

    id: str
    digest: str


Incoming: TypeAlias = Extraction | Quarantined | Unchanged


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """A document of the parent, of the run, or of both. ``previous`` has the old id of a renamed document."""

    id: str
    previous: ReleaseDocument | None
    new: Incoming | None

    @property
    def previous_id(self) -> str | None:
        """The id in the parent release, where it was another."""
        return self.previous.id if self.previous and self.previous.id != self.id else None

    @property
    def extraction(self) -> Extraction | None:
        """What the parent release holds of it; None where that is nothing, or a quarantined document."""
        return self.previous.extraction if self.previous else None


def id_of(one: Incoming) -> str:
    """Return the id of a document that comes in."""
    return one.document.id if isinstance(one, Extraction) else one.id


def digest_of_input(one: Incoming) -> str | None:
    """Return the digest of a document's input; None for a quarantined one without."""
    return one.document.digest if isinstance(one, Extraction) else one.digest


def release_documents(folder: Path) -> Iterator[ReleaseDocument]:
    """Read a release document by document, sorted by id."""
    files = [_by_document(folder, name) for name in LINE_KINDS if (folder / name).is_file()]
    for _, lines in groupby(merge(*files, key=itemgetter(0)), key=itemgetter(0)):
        models: dict[str, list[Any]] = defaultdict(list)
        for _, name, model in lines:
            models[name].append(model)
        if models[DOCUMENTS]:  # what became of decisions is kept for documents that are gone too
            yield _document(models)


def _by_document(folder: Path, name: str) -> Iterator[tuple[str, str, Any]]:
    kind = LINE_KINDS[name]
    for model in read_models(folder / name, kind.model):
        yield getattr(model, kind.document), name, model


def _document(models: Mapping[str, Sequence[Any]]) -> ReleaseDocument:
    """Put together what a release holds of a document, by the files it comes from."""
    stored: StoredDocument = models[DOCUMENTS][0]
    merged = tuple(models[MERGED])
    if stored.text is None:
        return ReleaseDocument(stored.id, stored.digest, models[QUARANTINE][0], merged)
    content = Extraction(
        document=Document.model_validate(stored.model_dump(exclude={"state"})),
        records=tuple(models[RECORDS]),
        unclaimed=tuple(models[UNCLAIMED]),
        possible=tuple(models[POSSIBLE]),
    )
    return ReleaseDocument(stored.id, stored.digest, content, merged)


def renamed(extraction: Extraction, name: str) -> Extraction:
    """Return the extraction of a document under a new name."""
    update = {"document_id": name}
    return Extraction(
        document=extraction.document.model_copy(update={"id": name}),
        records=tuple(record.model_copy(update=update) for record in extraction.records),
        unclaimed=tuple(one.model_copy(update=update) for one in extraction.unclaimed),
        possible=tuple(one.model_copy(update=update) for one in extraction.possible),
    )


def document_pairs(
    incoming: Iterable[Incoming], parent: Path | None, renames: Mapping[str, str], *, add: bool = False
) -> Iterator[DocumentPair]:
    """Join what comes in with the parent release.

    Args:
        incoming: documents sorted by id.
        parent: the folder of the parent release, if there is one.
        renames: new id to old id.
        add: whether documents of the parent that do not come in stay (``--add``); else they are gone.

    Raises:
        LedgerError: an id comes twice or out of order, or an unchanged document is not the parent's.
    """
    previous = ((one.id, one) for one in release_documents(parent)) if parent else iter(())
    fresh = ((id_of(one), one) for one in _in_order(incoming))
    old_names = set(renames.values())
    files = {
        name: JsonLines(parent / name, kind.model, kind.document)
        for name, kind in LINE_KINDS.items()
        if parent and renames
    }
    for name, sides in groupby(merge(previous, fresh, key=itemgetter(0)), key=itemgetter(0)):
        old, new = None, None
        for _, one in sides:
            old, new = (one, new) if isinstance(one, ReleaseDocument) else (old, one)
        if new is None and name in old_names:
            continue
        if name in renames:
            old = _document({file: lines.of(renames[name]) for file, lines in files.items()})
        if new is None and old and add:
            new = Unchanged(name, old.digest or "")
        yield _checked(DocumentPair(name, old, new))


def _in_order(incoming: Iterable[Incoming]) -> Iterator[Incoming]:
    last: str | None = None
    for one in incoming:
        name = id_of(one)
        if last is not None and name <= last:
            said = "comes twice" if name == last else f"comes after {last}: the input is not sorted"
            raise LedgerError(f"document {name} {said}")
        last = name
        yield one


def _checked(pair: DocumentPair) -> DocumentPair:
    if isinstance(pair.new, Unchanged) and (pair.previous is None or (pair.previous.digest or "") != pair.new.digest):
        raise LedgerError(f"document {pair.id} is not as the latest release holds it: run again")
    return pair


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
        with _data_files(folder) as append:
            for number, pair in enumerate(pairs):
                if number % _EVERY == 0:
                    self._progress("settle", number)
                self._one(append, pair, made)
            for rest in self._decisions.unasked():
                made.merged.extend(reconcile(None, None, rest, causes=self._causes).merged)
            lines = _DocumentLines()
            lines.add(MERGED, made.merged)
            append(lines)
        made.tally.outcomes(made.merged)
        return made

    def _one(self, append: Callable[["_DocumentLines"], None], pair: DocumentPair, made: DataSummary) -> None:
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
        append(lines)
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
            lines.rows.append(tuple(flatten(record).model_dump(mode="json").values()))
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


@contextmanager
def _data_files(folder: Path) -> Iterator[Callable[[_DocumentLines], None]]:
    """Open the data files of a release that is being made; give what appends to them, in order of documents' ids."""
    with ExitStack() as opened:
        files = {name: opened.enter_context(new_text(folder / name)) for name in (*LINE_KINDS, DIFF, RECORDS_CSV)}
        rows = CsvRows(files[RECORDS_CSV])
        write_row = opened.enter_context(parquet_rows(folder / RECORDS_PARQUET))

        def write(lines: _DocumentLines) -> None:
            for name, texts in lines.lines.items():
                files[name].writelines(texts)
            for row in lines.rows:
                rows.write(row)
                write_row(row)

        yield write
