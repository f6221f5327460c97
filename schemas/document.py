"""Documents, and what was extracted from them."""

from bisect import bisect_right
from typing import Literal

from pydantic import Field, field_validator

from schemas.record import CooperationRecord, PossibleRecord
from schemas.spans import Model, Span

DocumentState = Literal["with_records", "without_records", "quarantined"]
UnclaimedReason = Literal[
    "negated", "hedged", "no_party", "out_of_scope", "other_act", "statistic", "not_act", "below_threshold"
]


class _Described(Model):
    """What a document is, apart from its text."""

    id: str = Field(min_length=1)
    title: str | None = None
    date: str | None = None
    source: str | None = None
    pages: tuple[int, ...] | None = None

    def page_at(self, offset: int) -> int | None:
        """Return the number, from 1, of the page or slide that holds an offset; None if there are no pages."""
        return bisect_right(self.pages, offset) if self.pages else None


class Document(_Described):
    """A document as it was read. Every span of every record points into ``text``.

    ``sha256`` is the SHA-256 of ``text`` in UTF-8; ``digest`` that of the raw input (a file's bytes, or a corpus line's
    title, date, source and text), by which the next run knows that nothing changed. ``pages`` are the offsets at which
    the pages of a PDF or the slides of a deck begin; None where a document has none.
    """

    text: str
    sha256: str
    digest: str


class StoredDocument(_Described):
    """One line of ``documents.jsonl``: a document as it was read and the list it ended in; no text if quarantined."""

    sha256: str | None = None
    digest: str | None = None
    text: str | None = None
    state: DocumentState


_DETAIL = 300  # characters


class Quarantined(Model):
    """A document that could not be read: ``reason`` is a short code, ``detail`` a line for a person."""

    id: str = Field(min_length=1)
    reason: str
    detail: str
    digest: str | None = None

    @field_validator("detail", mode="before")
    @classmethod
    def _on_one_line(cls, detail: object) -> object:
        """Shorten a library's error message, which may quote the whole document, to one line."""
        return " ".join(detail.split())[:_DETAIL] if isinstance(detail, str) else detail


class Unclaimed(Model):
    """A mention of money, a party or a year that ended in no record, and why."""

    document_id: str
    mention: Literal["amount", "party", "year"]
    span: Span
    reason: UnclaimedReason
    detail: str | None = None


class Extraction(Model):
    """All that was read out of one document: records by rank, the mentions left over, and records less likely right."""

    document: Document
    records: tuple[CooperationRecord, ...] = ()
    unclaimed: tuple[Unclaimed, ...] = ()
    possible: tuple[PossibleRecord, ...] = ()

    @property
    def id(self) -> str:
        """The document's id."""
        return self.document.id

    @property
    def digest(self) -> str:
        """The digest of the document's input."""
        return self.document.digest
