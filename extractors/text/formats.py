"""Readers of single documents: a file's bytes in, its text out. Slides and tables keep headings and cells apart.

Headings become lines that start with ``#``, list items lines that start with ``-``, table rows lines of cells with tabs
between them, and pages of a PDF end in a form feed, so that a quotation leads back to its page.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from extractors.text.dates import in_front_matter, in_page
from extractors.text.decode import decode
from extractors.text.errors import UnreadableError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound file: an encrypted or a pre-2007 Office document
_BLANKS = re.compile(r"\s+")
_UNPACKED = 256 * 1024 * 1024  # bytes of all parts of an Office file
_PARTS = 10_000
_WIDEST = 1_000  # columns that a cell may span; Word's tables have 63


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader got out of a file."""

    text: str
    title: str | None = None
    date: str | None = None
    source: str | None = None


def read_plain(data: bytes) -> Read:
    """Read ``.txt`` and ``.md``: the text as decoded, not a character changed; a front matter states its date."""
    text = decode(data)
    return Read(text, date=in_front_matter(text))


def read_html(data: bytes) -> Read:
    """Read the main text of a web page, with its title, date and address where the page gives them."""
    import trafilatura

    page = decode(data)
    found = trafilatura.extract_metadata(page)
    text = trafilatura.extract(
        page,
        include_tables=True,
        include_comments=False,
        favor_recall=True,
        output_format="markdown",
        with_metadata=False,
    )
    return Read(_with_title(text or "", found.title), found.title, in_page(page), found.url)


def _with_title(text: str, title: str | None) -> str:
    if title and title not in text[: len(title) + 200]:
        return f"{title}\n{text}"
    return text


def read_pdf(data: bytes) -> Read:
    """Read the text layer of a PDF, page by page.

    Raises UnreadableError: ``encrypted``, ``no_text`` (scanned pages), ``unreadable``.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            pages = [_page_text(page) for page in pdf]
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("encrypted", "the PDF asks for a password; save a copy without one") from error
        raise UnreadableError("unreadable", "the PDF is damaged or no PDF") from error
    if not any(page.strip() for page in pages):
        raise UnreadableError("no_text", "the PDF has no text layer (scanned pages?); run it through OCR first")
    return Read("\f".join(pages))


def _page_text(page: Any) -> str:
    layer = page.get_textpage()
    try:
        return str(layer.get_text_bounded()).replace("\r\n", "\n").replace("\ufffe", "-")
    finally:
        layer.close()
        page.close()


def _refuse_ole(data: bytes, kind: str) -> None:
    if data.startswith(_OLE):
        raise UnreadableError("encrypted", f"an encrypted or old {kind} file; save it as {kind} without a password")
    check_parts(io.BytesIO(data))


def check_parts(stream: IO[bytes]) -> None:
    """Refuse a zip that unpacks to more than memory should hold; one that is none is left to its reader.

    Raises UnreadableError: ``oversized``.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            sizes = [one.file_size for one in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return
    finally:
        stream.seek(0)
    if sum(sizes) > _UNPACKED or len(sizes) > _PARTS:
        told = f"its {len(sizes):,} parts unpack to {sum(sizes) >> 20:,} MiB; the most are {_PARTS:,} and"
        raise UnreadableError("oversized", f"{told} {_UNPACKED >> 20} MiB")


def read_docx(data: bytes) -> Read:
    """Read a Word document: headings, paragraphs, list items and table rows in their order."""
    import docx
    from docx.table import Table

    _refuse_ole(data, ".docx")
    with _office_errors():
        document = docx.Document(io.BytesIO(data))
        lines = [
            line
            for block in document.iter_inner_content()
            for line in (_rows(block) if isinstance(block, Table) else [_paragraph(block)])
        ]
    return Read("\n".join(lines))


def _paragraph(paragraph: Any) -> str:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style == "Title":
        return f"# {paragraph.text}"
    if style.startswith("Heading") and paragraph.text.strip():
        level = style.removeprefix("Heading").strip()
        return f"{'#' * int(level) if level.isdigit() else '#'} {paragraph.text}"
    return f"- {paragraph.text}" if style.startswith("List") else str(paragraph.text)


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        wide = any(getattr(cell, "grid_span", 1) > _WIDEST for cell in row._tr.tc_lst)
        cells = [] if wide else row.cells  # python-docx would repeat a wide cell for each of its columns
        yield "\t".join(_BLANKS.sub(" ", cell.text).strip() for cell in cells)


def read_pptx(data: bytes) -> Read:
    """Read a slide deck: each slide's title as a heading, then its bullets, tables and notes."""
    import pptx

    _refuse_ole(data, ".pptx")
    with _office_errors():
        deck = pptx.Presentation(io.BytesIO(data))
        return Read("\n\f\n".join("\n".join(_slide(slide)) for slide in deck.slides))


def _slide(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield f"# {_BLANKS.sub(' ', title.text_frame.text).strip()}"
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)


def _shape(shape: Any) -> Iterator[str]:
    if shape.has_text_frame:
        paragraphs = (part for part in shape.text_frame.paragraphs if part.text.strip())
        yield from (f"{'  ' * part.level}- {part.text.strip()}" for part in paragraphs)
    elif getattr(shape, "has_table", False):
        yield from _rows(shape.table)
    else:
        for part in getattr(shape, "shapes", ()):
            yield from _shape(part)


class _office_errors:  # noqa: N801 - reads as a statement
    """Turn what the Office libraries raise on a broken file into one clear error."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, UnreadableError | MemoryError):
            raise UnreadableError("unreadable", "the file is damaged or not of its format") from error
