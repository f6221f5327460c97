"""Writing the data files of a release: each document is paired with the parent's, reconciled and written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow.parquet as pq

from ledger.causes import Causes
from ledger.decisions.standing import DecisionIndex
from ledger.errors import LedgerError
from ledger.formats.flat import CsvRows, parquet_rows
from ledger.gates import GateSettings, GateWatch
from ledger.reconcile import Reconciled, reconcile, reconcile_decisions
from ledger.release import layout
from ledger.release.jsonl import LINE_KINDS, JsonLines, line_of, read_models
from ledger.release.layout import open_new_text
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


@dataclass(frozen=True, slots=True)
class ReleaseDocument:
    """A document in a release: its extraction or the reason for quarantine, and the outcomes of its decisions."""

    content: Extraction | Quarantined
    merged: tuple[Merged, ...] = ()

    @property
    def extraction(self) -> Extraction | None:
        """The extraction; None for a quarantined document."""
        return self.content if isinstance(self.content, Extraction) else None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document whose input and program did not change; it is copied from the parent release."""

    id: str
    digest: str


Incoming: TypeAlias = Extraction | Quarantined | Unchanged


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """A document of the parent, of the run, or of both.

    ``previous`` has the old id of a renamed document. ``new`` is the document for the new release, under its new id and
    before decisions; if ``unchanged``, it is the parent's content.
    """

    id: str
    previous: ReleaseDocument | None
    new: Extraction | Quarantined | None
    unchanged: bool = False

    @property
    def previous_id(self) -> str | None:
        """The id in the parent release, if it was different; else None."""
        return self.previous.content.id if self.previous and self.previous.content.id != self.id else None

    @property
    def extraction(self) -> Extraction | None:
        """The extraction in the parent release; None if there is no such document or it was quarantined."""
        return self.previous.extraction if self.previous else None


def release_documents(folder: Path) -> Iterator[ReleaseDocument]:
    """Yield the documents of a release, sorted by id."""
    files = [_by_document(folder, name) for name in LINE_KINDS if (folder / name).is_file()]
    for _, lines in groupby(merge(*files, key=itemgetter(0)), key=itemgetter(0)):
        models: dict[str, list[Any]] = defaultdict(list)
        for _, name, model in lines:
            models[name].append(model)
        if models[layout.DOCUMENTS]:  # merged.jsonl also has outcomes for documents that are gone
            yield _assembled(models)


def _by_document(folder: Path, name: str) -> Iterator[tuple[str, str, Any]]:
    kind = LINE_KINDS[name]
    for model in read_models(folder / name, kind.model):
        yield getattr(model, kind.document), name, model


def _assembled(models: Mapping[str, Sequence[Any]]) -> ReleaseDocument:
    """Return a document from its models, given by the file they come from."""
    stored: StoredDocument = models[layout.DOCUMENTS][0]
    merged = tuple(models[layout.MERGED])
    if stored.text is None:
        if not models[layout.QUARANTINE]:
            raise LedgerError(f"document {stored.id} was not read, and {layout.QUARANTINE} does not say why")
        return ReleaseDocument(models[layout.QUARANTINE][0], merged)
    content = Extraction(
        document=Document.model_validate(stored.model_dump(exclude={"state"})),
        records=tuple(models[layout.RECORDS]),
        unclaimed=tuple(models[layout.UNCLAIMED]),
        possible=tuple(models[layout.POSSIBLE]),
    )
    return ReleaseDocument(content, merged)


def _renamed(content: Extraction | Quarantined, name: str) -> Extraction | Quarantined:
    """Return a document's content with another document id."""
    if isinstance(content, Quarantined):
        return content.model_copy(update={"id": name})
    update = {"document_id": name}
    return Extraction(
        document=content.document.model_copy(update={"id": name}),
        records=tuple(record.model_copy(update=update) for record in content.records),
        unclaimed=tuple(one.model_copy(update=update) for one in content.unclaimed),
        possible=tuple(one.model_copy(update=update) for one in content.possible),
    )


def document_pairs(
    incoming: Iterable[Incoming], parent: Path | None, renames: Mapping[str, str], *, add: bool = False
) -> Iterator[DocumentPair]:
    """Pair the incoming documents with those of the parent release, sorted by id.

    Args:
        incoming: documents sorted by id.
        parent: the folder of the parent release, if there is one.
        renames: maps new ids to old ids.
        add: whether to keep documents of the parent that are not incoming (``--add``).

    Raises:
        LedgerError: ids repeat or are not sorted, or an unchanged document differs from the parent's.
    """
    previous = ((one.content.id, one) for one in release_documents(parent)) if parent else iter(())
    fresh = ((one.id, one) for one in _check_order(incoming))
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
            old = _assembled({file: lines.of(renames[name]) for file, lines in files.items()})
        if isinstance(new, Unchanged):
            if old is None or (old.content.digest or "") != new.digest:
                raise LedgerError(f"document {name} is not as the latest release holds it: run again")
            yield DocumentPair(name, old, _renamed(old.content, name), unchanged=True)
        elif new is None and old and add:
            yield DocumentPair(name, old, old.content, unchanged=True)
        else:
            yield DocumentPair(name, old, new)


def _check_order(incoming: Iterable[Incoming]) -> Iterator[Incoming]:
    last: str | None = None
    for one in incoming:
        if last is not None and one.id <= last:
            problem = "comes twice" if one.id == last else f"comes after {last}: the input is not sorted"
            raise LedgerError(f"document {one.id} {problem}")
        last = one.id
        yield one


Progress: TypeAlias = Callable[[str, int], None]
_Lines: TypeAlias = Mapping[str, Sequence[str]]
_Row: TypeAlias = tuple[Any, ...]
_PROGRESS_EVERY = 200
_ASK = "nothing was published; please report this"


class DataWriter:
    """Writes the data files of one release, and collects what its other files say about them.

    ``tally`` has the counts, ``watch`` the gates' measurements, ``sample`` the changes to show, ``documents`` the
    digest of each input, ``merged`` the outcomes of decisions.
    """

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
        """Take the parent release's folder, the renamed documents (new id to old id), and all decisions."""
        self.tally, self.watch, self.sample = Tally(), GateWatch(gates), Sample()
        self.documents: dict[str, str] = {}
        self.merged: list[Merged] = []
        self._causes, self._progress = causes, progress
        owners = _owners(parent) if parent else {}
        documents = _documents_of_decided(parent, owners) if parent else {}
        self._decisions = DecisionIndex(decisions, documents=documents, renames=renames)
        present_ids = {old: new for new, old in renames.items()}
        self._owners = {key: present_ids.get(one, one) for key, one in owners.items()}
        self._owners.update(self._decisions.documents)

    def write(self, folder: Path, pairs: Iterable[DocumentPair]) -> None:
        """Reconcile the documents, which are sorted by id, and write them to the folder."""
        with _data_files(folder) as append:
            for number, pair in enumerate(pairs):
                if number % _PROGRESS_EVERY == 0:
                    self._progress("settle", number)
                append(*self._reconcile_and_count(pair))
            for rest in self._decisions.unused():
                self.merged.extend(reconcile(None, None, rest, causes=self._causes).merged)
            append({layout.MERGED: _sorted_lines(layout.MERGED, self.merged)}, ())
        self.tally.outcomes(self.merged)

    def _reconcile_and_count(self, pair: DocumentPair) -> tuple[_Lines, Sequence[_Row]]:
        """Reconcile and count a document, and return its lines and rows; if that fails, quarantine the document."""
        try:
            reconciled = self._reconcile_pair(pair)
            written = _serialised(pair.new, reconciled)
        except (OSError, LedgerError, MemoryError):
            raise
        except Exception as error:  # a failure in one document must not stop the others
            pair = replace(pair, new=_quarantined(pair, error), unchanged=False)
            reconciled = self._reconcile_pair(pair)
            written = _serialised(pair.new, reconciled)
        self._claim_ids(pair.id, reconciled.records)
        self.watch.document(pair.extraction, reconciled)
        if isinstance(pair.new, Extraction):
            self.tally.extraction(pair.id, reconciled.records, reconciled.unclaimed, reconciled.possible)
        elif pair.new is not None:
            self.tally.quarantined(pair.new)
        for change in reconciled.changes:
            self.tally.change(change)
            self.sample.add(pair.id, change)
        self.merged.extend(reconciled.merged)
        if pair.new is not None and pair.new.digest:
            self.documents[pair.id] = pair.new.digest
        return written

    def _claim_ids(self, document_id: str, records: Sequence[CooperationRecord]) -> None:
        """Note that a document holds these records. Raises LedgerError: an id is not unique in the release."""
        if len({record.record_id for record in records}) < len(records):
            raise LedgerError(f"document {document_id}: two of its records have one id; {_ASK}")
        for record in records:
            owner = self._owners.setdefault(record.record_id, document_id)
            if owner != document_id:
                both = f"documents {owner} and {document_id}"
                raise LedgerError(f"{both} would both have the record {record.record_id}; {_ASK}")
            self._owners.setdefault(record.act_id, document_id)

    def _reconcile_pair(self, pair: DocumentPair) -> Reconciled:
        old, new = self._own_records(pair), pair.new
        decisions = self._decisions.of(pair.id)
        if pair.previous and old and pair.unchanged and isinstance(new, Extraction):
            same_ids = pair.previous_id is None and old is pair.extraction
            if same_ids and not decisions:
                return Reconciled(records=old.records, unclaimed=old.unclaimed, possible=old.possible)
            merged = pair.previous.merged
            return reconcile_decisions(old, decisions, merged=merged, present=new, owners=self._owners)
        return reconcile(old, new, decisions, causes=self._causes, owners=self._owners)

    def _own_records(self, pair: DocumentPair) -> Extraction | None:
        """Return the document in the parent release, without records whose ids are another document's.

        Releases of earlier programs could hold one id twice.
        """
        old = pair.extraction
        if old is None or all(self._owners.get(one.record_id) == pair.id for one in old.records):
            return old
        own_records = tuple(one for one in old.records if self._owners.get(one.record_id) == pair.id)
        return old.model_copy(update={"records": own_records})


def _owners(parent: Path) -> dict[str, str]:
    """Map the record ids and act ids of the parent release to document ids."""
    table = pq.read_table(parent / layout.RECORDS_PARQUET, columns=["act_id", "record_id", "document_id"])
    documents = table["document_id"].to_pylist()
    ids = chain(table["act_id"].to_pylist(), table["record_id"].to_pylist())
    return dict(zip(ids, chain(documents, documents), strict=True))


def _documents_of_decided(parent: Path, owners: Mapping[str, str]) -> dict[str, str]:
    """Map the ids of records, also of decided ones that the parent release does not hold, to their documents there.

    A document in which a decision took effect comes before the one that holds the record, and that before one in which
    the record is orphaned: these may differ in releases of earlier programs.
    """
    path = parent / layout.MERGED
    merged = list(read_models(path, Merged)) if path.is_file() else []
    orphaned = {one.record_id: one.document_id for one in merged if one.outcome == "orphaned"}
    effective = {one.record_id: one.document_id for one in merged if one.outcome != "orphaned"}
    return {**orphaned, **owners, **effective}


def _quarantined(pair: DocumentPair, error: Exception) -> Quarantined:
    detail = f"the program failed to settle it ({type(error).__name__}); please report this"
    return Quarantined(id=pair.id, reason="failed", detail=detail, digest=pair.new.digest if pair.new else None)


def _serialised(current: Extraction | Quarantined | None, reconciled: Reconciled) -> tuple[_Lines, list[_Row]]:
    """Return a document's lines by file and its flat rows. Nothing is written yet, so a failure leaves no trace.

    Raises:
        LedgerError: a record's span does not quote the document.
    """
    models: dict[str, Sequence[Model]] = {layout.DIFF: reconciled.changes}
    rows: list[_Row] = []
    if isinstance(current, Extraction):
        document = current.document
        for record in sorted(reconciled.records, key=LINE_KINDS[layout.RECORDS].key):
            _check_quotations(record, document.text, f"record {record.record_id}")
            rows.append(tuple(flatten(record).model_dump(mode="json").values()))
        for possible in reconciled.possible:
            _check_quotations(possible, document.text, "a possible record")
        state: DocumentState = "with_records" if reconciled.records else "without_records"
        models |= {
            layout.RECORDS: reconciled.records,
            layout.UNCLAIMED: reconciled.unclaimed,
            layout.POSSIBLE: reconciled.possible,
            layout.DOCUMENTS: [StoredDocument(**document.model_dump(), state=state)],
        }
    elif current is not None:
        stored = StoredDocument(id=current.id, digest=current.digest, state="quarantined")
        models |= {layout.QUARANTINE: [current], layout.DOCUMENTS: [stored]}
    return {name: _sorted_lines(name, listed) for name, listed in models.items()}, rows


def _sorted_lines(name: str, models: Iterable[Model]) -> list[str]:
    """Return models as lines in the file's order (changes come sorted). Raises ValueError if one is not UTF-8."""
    kind = LINE_KINDS.get(name)
    lines = [f"{line_of(model)}\n" for model in (sorted(models, key=kind.key) if kind else models)]
    "".join(lines).encode()
    return lines


def _check_quotations(record: PossibleRecord, text: str, name: str) -> None:
    if wrong := record.misquotes(text):
        place = f"{wrong[0].start}:{wrong[0].end}"
        raise LedgerError(f"document {record.document_id}: {name} misquotes the text at {place}")


@contextmanager
def _data_files(folder: Path) -> Iterator[Callable[[_Lines, Iterable[_Row]], None]]:
    """Create the data files of a release; yield a function that appends the lines and rows of one document."""
    names = (*LINE_KINDS, layout.DIFF, layout.RECORDS_CSV)
    with ExitStack() as opened:
        files = {name: opened.enter_context(open_new_text(folder / name)) for name in names}
        cells = CsvRows(files[layout.RECORDS_CSV])
        write_row = opened.enter_context(parquet_rows(folder / layout.RECORDS_PARQUET))

        def append(lines: _Lines, rows: Iterable[_Row]) -> None:
            for name, texts in lines.items():
                files[name].writelines(texts)
            for row in rows:
                cells.write(row)
                write_row(row)

        yield append
