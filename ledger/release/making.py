"""The data files of a release: each document settled against the parent and written."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import pyarrow.parquet as pq

from ledger.causes import Causes
from ledger.decisions import DecisionIndex
from ledger.decisions.merge import added_by_curator
from ledger.decisions.values import machine_of
from ledger.errors import LedgerError
from ledger.gates import GateWatch
from ledger.release.incoming import Pair, Unchanged, digest_of_input
from ledger.release.layout import RECORDS_PARQUET
from ledger.release.parent import renamed
from ledger.release.writer import DataFiles, state_of
from ledger.report.sample import Sample
from ledger.report.tally import Tally
from ledger.settings import GateSettings
from ledger.settle import Settled, resettle, settle
from schemas import Decision, Extraction, Merged, Quarantined

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
                    self.progress("settle", number)
                self._one(files, pair, made)
            for rest in self.decisions.unasked():
                made.merged.extend(settle(None, None, rest, causes=self.causes, release=self.version).merged)
            files.merged(made.merged)
        made.tally.outcomes(made.merged)
        return made

    def _one(self, files: DataFiles, pair: Pair, made: Made) -> None:
        """Settle and write a document; one on which that fails is quarantined alone."""
        try:
            settled = self._settled(pair)
            written = files.prepared(_current(pair), settled)
        except (OSError, LedgerError, MemoryError):
            raise
        except Exception as error:  # whatever one document makes fail costs no other
            pair = replace(pair, new=_failed(pair, error))
            settled = self._settled(pair)
            written = files.prepared(_current(pair), settled)
        made.watch.document(pair.held.extraction if pair.held else None, settled)
        current = _current(pair)
        files.write(written)
        if isinstance(current, Extraction):
            state = state_of(settled.records)
            made.tally.document(pair.id, state, settled.records, settled.unclaimed, settled.possible)
        elif isinstance(current, Quarantined):
            made.tally.quarantined(current)
        for change in settled.changes:
            made.tally.change(change)
            made.sample.add(pair.id, change)
        made.merged.extend(settled.merged)
        if pair.new is not None and (digest := digest_of_input(pair.new)):
            made.documents[pair.id] = digest
        self.taken.owners.update((record.record_id, pair.id) for record in settled.records)

    def _settled(self, pair: Pair) -> Settled:
        held = pair.held.extraction if pair.held else None
        decisions = self.decisions.of(pair, held)
        if isinstance(pair.new, Unchanged):
            if held is not None and pair.previous_id is None:
                return self._kept(held, decisions, pair.held.merged if pair.held else ())
            renewed = _as_extracted(held, pair.id) if held else _carried(pair)
        else:
            renewed = pair.new
        self.taken.asking = pair.id
        return settle(held, renewed, decisions, causes=self.causes, release=self.version, taken=self.taken)

    def _kept(self, held: Extraction, decisions: list[Decision], merged: tuple[Merged, ...]) -> Settled:
        if decisions:
            return resettle(held, decisions, release=self.version, merged=merged)
        return Settled(records=held.records, unclaimed=held.unclaimed, possible=held.possible)


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
