"""The parent release, document by document in order of their ids."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from ledger.release.layout import DOCUMENTS, MERGED, POSSIBLE, QUARANTINE, RECORDS, UNCLAIMED
from ledger.release.lines import read_models
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
class Held:
    """What a release holds of a document."""

    id: str
    digest: str | None
    content: Extraction | Quarantined
    merged: tuple[Merged, ...] = ()

    @property
    def extraction(self) -> Extraction | None:
        """The extraction; None for a quarantined document."""
        return self.content if isinstance(self.content, Extraction) else None


def held_documents(folder: Path) -> Iterator[Held]:
    """Read a release document by document, sorted by id."""
    records = _Grouped(folder / RECORDS, CooperationRecord, "document_id")
    unclaimed = _Grouped(folder / UNCLAIMED, Unclaimed, "document_id")
    quarantine = _Grouped(folder / QUARANTINE, Quarantined, "id")
    merged = _Grouped(folder / MERGED, Merged, "document_id")
    possible = _Grouped(folder / POSSIBLE, PossibleRecord, "document_id")
    for stored in read_models(folder / DOCUMENTS, StoredDocument):
        name = stored.id
        yield held_from(
            stored, records.take(name), unclaimed.take(name), quarantine.take(name), merged.take(name),
            possible.take(name),
        )  # fmt: skip


def held_from(
    stored: StoredDocument,
    records: tuple[CooperationRecord, ...],
    unclaimed: tuple[Unclaimed, ...],
    quarantined: tuple[Quarantined, ...],
    merged: tuple[Merged, ...],
    possible: tuple[PossibleRecord, ...],
) -> Held:
    """Put together what a release holds of a document."""
    document = document_of(stored)
    if document is None:
        return Held(stored.id, stored.digest, quarantined[0], merged)
    content = Extraction(document=document, records=records, unclaimed=unclaimed, possible=possible)
    return Held(stored.id, stored.digest, content, merged)


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
