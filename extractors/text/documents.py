"""The text that a reader decodes from a file, the Document made of it, and the error where it cannot be read."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from schemas import Document, digest_of
from schemas.errors import CoopledgerError

MAX_CHARACTERS = 5_000_000


class UnreadableError(CoopledgerError):
    """A document that cannot be read.

    ``reason`` is one of the codes ``empty binary encrypted oversized no_text undecodable unreadable unsupported
    malformed_line``; ``detail`` is a sentence for the person who has to repair it.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class DecodedDocument:
    """What a reader decoded from a file; ``pages`` are the offsets in ``text`` at which pages or slides begin."""

    text: str
    title: str | None = None
    date: str | None = None
    source: str | None = None
    pages: tuple[int, ...] | None = None

    @classmethod
    def of_pages(cls, pages: Sequence[str], between: str) -> "DecodedDocument":
        """Join pages with ``between``, and note the offset at which each begins."""
        starts = accumulate((len(page) + len(between) for page in pages[:-1]), initial=0)
        return cls(between.join(pages), pages=tuple(starts))


def make_document(
    id: str,
    text: str,
    *,
    title: str | None = None,
    date: str | None = None,
    source: str | None = None,
    digest: str | None = None,
) -> Document:
    """Return a document; where a title is given, its text is the title, a newline, then ``text``.

    ``digest`` is that of the raw input, by default of title, date, source and text. Raises UnreadableError (``empty``,
    ``oversized``, ``undecodable`` where anything holds lone surrogates) and ValueError where ``date`` is not ISO 8601.
    """
    if not text.strip():
        raise UnreadableError("empty", "the document holds no text")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError("oversized", f"{len(text):,} characters; the most is {MAX_CHARACTERS:,}: split it")
    parts = (title or "", date or "", source or "", text)
    try:
        "".join((id, *parts)).encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableError("undecodable", "it holds half a character (a lone surrogate)") from error
    try:
        datetime.date.fromisoformat((date or "2000-01-01")[:10])
    except ValueError as error:
        raise ValueError(f"its date is {date!r}, where a day is written as 2019-01-31 (ISO 8601)") from error
    whole = f"{title}\n{text}" if title else text
    sha256 = hashlib.sha256(whole.encode("utf-8")).hexdigest()
    return Document(
        id=id, text=whole, title=title, date=date, source=source, sha256=sha256, digest=digest or digest_of(*parts)
    )
