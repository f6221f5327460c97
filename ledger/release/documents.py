"""A release document by document, and beside it what a run brings: one pair a document, in order of the ids."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Generic, Self, TypeAlias, TypeVar

from ledger.errors import LedgerError
from ledger.release.jsonl import read_models
from ledger.release.layout import DOCUMENTS, MERGED, POSSIBLE, QUARANTINE, RECORDS, UNCLAIMED
from schemas import (
    CooperationRecord,
    Document,
    Extraction,
    Merged,
    Model,
    PossibleRecord,
    Quarantined,
    StoredDocument,
    Unclaimed,
)

M = TypeVar("M", bound=Model)


class _Grouped(Generic[M]):
    """A file sorted by document id, taken one document at a time."""

    def __init__(self, path: Path, model: type[M], key: str) -> None:
        self._key = key
        self._models = read_models(path, model) if path.is_file() else iter(())  # an older release lacks newer files
        self._next = next(self._models, None)

    def take(self, document_id: str) -> tuple[M, ...]:
        """Return the models of a document; ids must be asked for in rising order."""
        taken: list[M] = []
        while self._next is not None and getattr(self._next, self._key) <= document_id:
            if getattr(self._next, self._key) == document_id:
                taken.append(self._next)
            self._next = next(self._models, None)
        return tuple(taken)


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


def release_documents(folder: Path) -> Iterator[ReleaseDocument]:
    """Read a release document by document, sorted by id."""
    records = _Grouped(folder / RECORDS, CooperationRecord, "document_id")
    unclaimed = _Grouped(folder / UNCLAIMED, Unclaimed, "document_id")
    quarantine = _Grouped(folder / QUARANTINE, Quarantined, "id")
    merged = _Grouped(folder / MERGED, Merged, "document_id")
    possible = _Grouped(folder / POSSIBLE, PossibleRecord, "document_id")
    for stored in read_models(folder / DOCUMENTS, StoredDocument):
        name = stored.id
        yield _release_document(
            stored, records.take(name), unclaimed.take(name), quarantine.take(name), merged.take(name),
            possible.take(name),
        )  # fmt: skip


def _release_document(
    stored: StoredDocument,
    records: tuple[CooperationRecord, ...],
    unclaimed: tuple[Unclaimed, ...],
    quarantined: tuple[Quarantined, ...],
    merged: tuple[Merged, ...],
    possible: tuple[PossibleRecord, ...],
) -> ReleaseDocument:
    """Put together what a release holds of a document."""
    document = document_of(stored)
    if document is None:
        return ReleaseDocument(stored.id, stored.digest, quarantined[0], merged)
    content = Extraction(document=document, records=records, unclaimed=unclaimed, possible=possible)
    return ReleaseDocument(stored.id, stored.digest, content, merged)


def document_of(stored: StoredDocument) -> Document | None:
    """Return the document of a line of ``documents.jsonl``; None for one that could not be read."""
    if stored.text is None:
        return None
    return Document.model_validate(stored.model_dump(exclude={"state"}))


def renamed(extraction: Extraction, name: str) -> Extraction:
    """Return the extraction of a document under a new name."""
    update = {"document_id": name}
    return Extraction(
        document=extraction.document.model_copy(update={"id": name}),
        records=tuple(record.model_copy(update=update) for record in extraction.records),
        unclaimed=tuple(one.model_copy(update=update) for one in extraction.unclaimed),
        possible=tuple(one.model_copy(update=update) for one in extraction.possible),
    )


_KEYS = {
    DOCUMENTS: "id",
    RECORDS: "document_id",
    UNCLAIMED: "document_id",
    QUARANTINE: "id",
    MERGED: "document_id",
    POSSIBLE: "document_id",
}


class HeldIndex:
    """Finds what a release holds of the documents named (byte offsets are kept, not contents)."""

    def __init__(self, folder: Path | None, names: set[str]) -> None:
        self._folder, self._names = folder, names
        self._files: dict[str, BinaryIO] = {}
        self._places: dict[str, dict[str, list[int]]] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self._folder is not None and self._names:
            for file, key in _KEYS.items():
                if not (self._folder / file).is_file():
                    continue  # an older release lacks newer files
                self._files[file] = self._open.enter_context((self._folder / file).open("rb"))
                self._places[file] = _places(self._files[file], key, self._names)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def get(self, name: str) -> ReleaseDocument:
        """Return what the release holds of one of the documents named.

        Raises:
            KeyError: the release has no such document.
        """
        return _release_document(
            self._models(DOCUMENTS, name, StoredDocument)[0],
            self._models(RECORDS, name, CooperationRecord),
            self._models(UNCLAIMED, name, Unclaimed),
            self._models(QUARANTINE, name, Quarantined),
            self._models(MERGED, name, Merged),
            self._models(POSSIBLE, name, PossibleRecord),
        )

    def _models(self, file: str, name: str, model: type[M]) -> tuple[M, ...]:
        places = self._places[file][name] if file == DOCUMENTS else self._places.get(file, {}).get(name, [])
        return tuple(model.model_validate_json(self._line(file, place)) for place in places)

    def _line(self, file: str, place: int) -> bytes:
        self._files[file].seek(place)
        return self._files[file].readline()


def _places(file: BinaryIO, key: str, names: set[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    place = 0
    for line in file:
        name = json.loads(line)[key]
        if name in names:
            places.setdefault(name, []).append(place)
        place += len(line)
    return places


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document whose input and program did not change: it is carried over from the parent release."""

    id: str
    digest: str


Incoming: TypeAlias = Extraction | Quarantined | Unchanged


@dataclass(frozen=True, slots=True)
class Pair:
    """A document of the parent, of the run, or of both. ``held`` has the old id of a renamed document."""

    id: str
    held: ReleaseDocument | None
    new: Incoming | None

    @property
    def previous_id(self) -> str | None:
        """The id in the parent release, where it was another."""
        return self.held.id if self.held and self.held.id != self.id else None


def id_of(one: Incoming) -> str:
    """Return the id of a document that comes in."""
    return one.document.id if isinstance(one, Extraction) else one.id


def digest_of_input(one: Incoming) -> str | None:
    """Return the digest of a document's input; None for a quarantined one without."""
    return one.document.digest if isinstance(one, Extraction) else one.digest


def in_order(incoming: Iterable[Incoming]) -> Iterator[Incoming]:
    """Pass documents on.

    Raises:
        LedgerError: an id comes twice, or after a later one.
    """
    last: str | None = None
    for one in incoming:
        name = id_of(one)
        if last is not None and name <= last:
            said = "comes twice" if name == last else f"comes after {last}: the input is not sorted"
            raise LedgerError(f"document {name} {said}")
        last = name
        yield one


def pairs(
    incoming: Iterable[Incoming], parent: Path | None, renames: Mapping[str, str], *, add: bool = False
) -> Iterator[Pair]:
    """Join what comes in with the parent release.

    Args:
        incoming: documents sorted by id.
        parent: the folder of the parent release, if there is one.
        renames: new id to old id.
        add: whether documents of the parent that do not come in stay (``--add``); else they are gone.

    Raises:
        LedgerError: an id comes twice or out of order, or an unchanged document is not the parent's.
    """
    held = release_documents(parent) if parent else iter(())
    old_names = set(renames.values())
    with HeldIndex(parent, old_names) as index:
        for name, old, new in _merged(held, in_order(incoming)):
            if new is None and name in old_names:
                continue
            if name in renames:
                old = index.get(renames[name])
            yield _checked(Pair(name, old, _kept(old) if new is None and add else new))


def _kept(old: ReleaseDocument | None) -> Unchanged | None:
    return Unchanged(old.id, old.digest or "") if old else None


def _checked(pair: Pair) -> Pair:
    if isinstance(pair.new, Unchanged) and (pair.held is None or (pair.held.digest or "") != pair.new.digest):
        raise LedgerError(f"document {pair.id} is not as the latest release holds it: run again")
    return pair


def _merged(
    held: Iterator[ReleaseDocument], incoming: Iterator[Incoming]
) -> Iterator[tuple[str, ReleaseDocument | None, Incoming | None]]:
    old, new = next(held, None), next(incoming, None)
    while old is not None or new is not None:
        name = min(one for one in (old.id if old else None, id_of(new) if new else None) if one is not None)
        here_old = old if old is not None and old.id == name else None
        here_new = new if new is not None and id_of(new) == name else None
        yield name, here_old, here_new
        old = next(held, None) if here_old else old
        new = next(incoming, None) if here_new else new
