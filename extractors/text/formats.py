"""Readers of single documents: a file's bytes in, its text out. Slides and tables keep headings and cells apart.

Headings become lines that start with ``#``, list items lines that start with ``-``, table rows lines of cells with tabs
between them, and a form feed stands between pages and slides.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import IO, Any

from extractors.text.dates import in_front_matter, in_page, iso_day
from extractors.text.decode import decode
from extractors.text.errors import UnreadableError
from extractors.text.mail import message
from extractors.text.markup import flat
from extractors.text.packed import book, open_document
from extractors.text.pdf import pdf_pages

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound file: an encrypted or a pre-2007 Office document
_UNPACKED = 256 * 1024 * 1024  # bytes of all parts of an Office file
_PARTS = 10_000
_WIDEST = 1_000  # columns that a cell may span; Word's tables have 63


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader got out of a file; ``pages`` are the offsets at which its pages or slides begin."""

    text: str
    title: str | None = None
    date: str | None = None
    source: str | None = None
    pages: tuple[int, ...] | None = None


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
    """Read the text layer of a PDF, page by page, tables as rows of cells.

    Raises UnreadableError: ``encrypted``, ``no_text`` (scanned pages), ``unreadable``.
    """
    return _paged(pdf_pages(data), "\f")


def _paged(pages: Sequence[str], between: str) -> Read:
    """Put pages together, noting where each begins."""
    starts = accumulate((len(page) + len(between) for page in pages[:-1]), initial=0)
    return Read(between.join(pages), pages=tuple(starts))


def read_epub(data: bytes) -> Read:
    """Read a book, chapter by chapter."""
    text, title, date = book(data)
    return Read(_with_title(text, title), title, iso_day(date or ""))


def read_odt(data: bytes) -> Read:
    """Read an OpenDocument text: headings, paragraphs, list items and table rows in their order."""
    text, title, _ = open_document(data)
    return Read(_with_title(text, title), title)


def read_eml(data: bytes) -> Read:
    """Read a mail: its subject and its text."""
    text, title, date = message(data)
    return Read(_with_title(text, title), title, date)


def read_rtf(data: bytes) -> Read:
    """Read the text of a Rich Text document."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableError("unreadable", "the file is no Rich Text")
    return Read(rtf_to_text(data.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]


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
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.table import CT_Tbl
    from docx.oxml.text.paragraph import CT_P
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    _refuse_ole(data, ".docx")
    with _office_errors():
        document = docx.Document(io.BytesIO(data))

        @cache  # python-docx would look through all styles for each paragraph
        def style(id: str | None) -> str:
            found = document.part.get_style(id, WD_STYLE_TYPE.PARAGRAPH)
            return found.name or "" if found is not None else ""

        lines: list[str] = []
        for block in document.element.body:  # iter_inner_content takes the square of their number
            if isinstance(block, CT_P):
                lines.append(_paragraph(Paragraph(block, document).text, style(block.style)))
            elif isinstance(block, CT_Tbl):
                lines += _rows(Table(block, document))
    return Read("\n".join(lines))


def _paragraph(text: str, style: str) -> str:
    if style == "Title":
        return f"# {text}"
    if style.startswith("Heading") and text.strip():
        level = style.removeprefix("Heading").strip()
        return f"{'#' * int(level) if level.isdigit() else '#'} {text}"
    return f"- {text}" if style.startswith("List") else text


def _rows(table: Any) -> Iterator[str]:
    """The rows of a table; a cell that stands in several places is written in the first, tables in cells after it."""
    seen: set[Any] = set()
    for row in table.rows:
        wide = any(getattr(cell, "grid_span", 1) > _WIDEST for cell in row._tr.tc_lst)
        cells = [] if wide else row.cells  # python-docx would repeat a wide cell for each of its columns
        texts: list[str] = []
        inner: list[Any] = []
        for cell in cells:
            fresh = cell._tc not in seen
            seen.add(cell._tc)
            texts.append(flat(cell.text) if fresh else "")
            inner += getattr(cell, "tables", ()) if fresh else ()
        yield "\t".join(texts)
        for one in inner:
            yield from _rows(one)


def read_pptx(data: bytes) -> Read:
    """Read a slide deck: each slide's title as a heading, then its bullets, tables and notes."""
    import pptx

    _refuse_ole(data, ".pptx")
    with _office_errors():
        deck = pptx.Presentation(io.BytesIO(data))
        return _paged(["\n".join(_slide(slide)) for slide in deck.slides], "\n\f\n")


def _slide(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield f"# {flat(title.text_frame.text)}"
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)
    yield from _notes(slide)


def _notes(slide: Any) -> Iterator[str]:
    """The speaker's notes of a slide, under a line that says what they are."""
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    paragraphs = [part.text.strip() for part in frame.paragraphs if part.text.strip()] if frame is not None else []
    if paragraphs:
        yield from ("", "Speaker notes:", *paragraphs)


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
