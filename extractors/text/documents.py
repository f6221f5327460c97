"""From what was read to a Document with its digests."""

import datetime
import hashlib

from extractors.text.errors import UnreadableError
from schemas import Document, digest_of

MAX_CHARACTERS = 5_000_000


def make_document(
    id: str,
    text: str,
    *,
    title: str | None = None,
    date: str | None = None,
    source: str | None = None,
    digest: str | None = None,
) -> Document:
    """Make a document; where a title is given, the text that is read is the title, a newline, then the text.

    ``digest`` is that of the raw input, by default of title, date, source and text. Raises UnreadableError (``empty``,
    ``oversized``, ``undecodable`` where anything holds lone surrogates) and ValueError where ``date`` is not ISO 8601.
    """
    if not text.strip():
        raise UnreadableError("empty", "the document holds no text")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError("oversized", f"{len(text):,} characters; the most is {MAX_CHARACTERS:,}: split it")
    _check_letters(id, title or "", date or "", source or "", text)
    digest = digest or digest_of(title or "", date or "", source or "", text)
    whole = f"{title}\n{text}" if title else text
    return Document(
        id=id, text=whole, title=title, date=_iso(date), source=source, sha256=_sha256(whole), digest=digest
    )


def _check_letters(*parts: str) -> None:
    try:
        "".join(parts).encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableError("undecodable", "it holds half a character (a lone surrogate)") from error


def _iso(date: str | None) -> str | None:
    if date is not None:
        datetime.date.fromisoformat(date[:10])
    return date


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
