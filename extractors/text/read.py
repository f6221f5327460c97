"""Read a file of any supported format: bytes in, documents or the reasons why not out."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from extractors.text.corpus import read_corpus
from extractors.text.documents import DecodedDocument, UnreadableError, make_document
from extractors.text.mail import read_eml
from extractors.text.markup import read_html
from extractors.text.office import read_docx, read_epub, read_odt, read_pptx
from extractors.text.pdf import read_pdf
from extractors.text.plain import read_plain
from extractors.text.rows import CORPORA
from extractors.text.rtf import read_rtf
from schemas import Document, Quarantined

MAX_BYTES = 100 * 1024 * 1024
READERS: dict[str, Callable[[bytes], DecodedDocument]] = {
    ".txt": read_plain,
    ".md": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".pptx": read_pptx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".epub": read_epub,
    ".eml": read_eml,
}
SUFFIXES = (*READERS, *CORPORA)


def read(name: str, data: bytes) -> Iterator[Document | Quarantined]:
    """Yield the documents in a file's bytes; ``name``, its path in the input with ``/``, becomes the id.

    Never raises for the content of a file: what cannot be read is yielded as Quarantined.
    """
    if PurePosixPath(name).suffix.lower() in CORPORA:
        yield from read_corpus(name, data)
        return
    digest = hashlib.sha256(data).hexdigest()
    try:
        yield _read_one(name, data, digest)
    except UnreadableError as error:
        yield Quarantined(id=name, reason=error.reason, detail=error.detail, digest=digest)
    except MemoryError:  # the limit is for the caller to handle
        raise
    except Exception as error:  # a damaged file may raise anything from the library that reads its format
        detail = f"the file cannot be read ({type(error).__name__}); it is damaged, or please report this"
        yield Quarantined(id=name, reason="unreadable", detail=detail, digest=digest)


def _read_one(name: str, data: bytes, digest: str) -> Document:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in READERS:
        raise UnreadableError("unsupported", f"no reader for {suffix or 'a file without a suffix'}")
    if not data.strip():
        raise UnreadableError("empty", "the file is empty")
    if len(data) > MAX_BYTES:
        raise UnreadableError("oversized", f"{len(data) / 2**20:.0f} MiB; the most is {MAX_BYTES // 2**20} MiB")
    found = READERS[suffix](data)
    text = found.text
    if found.title and found.title not in text[: len(found.title) + 200]:
        text = f"{found.title}\n{text}"
    document = make_document(name, text, date=found.date, source=found.source, digest=digest)
    return document.model_copy(update={"title": found.title, "pages": found.pages})
