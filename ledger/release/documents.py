"""A release document by document, and beside it what a run brings: one pair a document, in order of the ids."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from ledger.errors import LedgerError
from ledger.release.jsonl import LINE_KINDS, JsonLines, read_models
from ledger.release.layout import DOCUMENTS, MERGED, POSSIBLE, QUARANTINE, RECORDS, UNCLAIMED
from schemas import Document, Extraction, Merged, Quarantined, StoredDocument


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
