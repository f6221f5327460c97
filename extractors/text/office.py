"""Office documents and books: Word, PowerPoint, OpenDocument text and EPUB.

Headings become lines that start with ``#``, list items lines that start with ``-``, table rows lines of cells with tabs
between them; slides are separated by form feeds.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, Any
from urllib.parse import unquote

from lxml import etree

from extractors.text.documents import DecodedDocument, UnreadableError
from extractors.text.markup import html_text, one_line, open_document_text, parse_xml
from extractors.text.plain import iso_day
from extractors.text.superscripts import raised, write_raised

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound file: an encrypted or a pre-2007 Office document
_MOST_BYTES = 256 * 1024 * 1024  # bytes of all parts of an archive together
_MOST_PARTS = 10_000  # of an archive
_LARGEST_PART = 100 * 2**20  # bytes of a part of an archive, unpacked
_WIDEST_SPAN = 1_000  # columns that a cell may span; a table in Word has at most 63
_DAMAGE = (zipfile.BadZipFile, KeyError, AttributeError, etree.XMLSyntaxError)  # raised for a damaged archive
_DC = "{http://purl.org/dc/elements/1.1/}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_UNSET = ("0", "false", "off", "baseline", "subscript")  # values of what hides or raises a run that do neither
_WRAPPERS = tuple(f"{_W}{name}" for name in ("sdt", "ins", "moveTo", "smartTag", "customXml", "fldSimple"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@contextmanager
def _errors_as_unreadable(*broken: type[Exception]) -> Iterator[None]:
    """Raise UnreadableError (``unreadable``) where a library raises one of ``broken`` for a damaged file."""
    try:
        yield
    except (UnreadableError, MemoryError):
        raise
    except broken as error:
        raise UnreadableError("unreadable", "the file is damaged or not of its format") from error


def read_docx(data: bytes) -> DecodedDocument:
    """Read a Word document: headings, paragraphs, list items and table rows in order."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.table import CT_Tbl
    from docx.oxml.text.paragraph import CT_P
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    _refuse_ole(data, ".docx")
    with _errors_as_unreadable(Exception):
        document = docx.Document(io.BytesIO(data))

        @cache  # python-docx searches all styles for each paragraph
        def style(id: str | None) -> str:
            found = document.part.get_style(id, WD_STYLE_TYPE.PARAGRAPH)
            return found.name or "" if found is not None else ""

        lines: list[str] = []
        _unwrap(document.element.body)
        _mark_runs(document.element.body, document.styles.element)
        for block in document.element.body:  # iter_inner_content is quadratic in the number of blocks
            if isinstance(block, CT_P):
                lines.append(_paragraph(Paragraph(block, document).text, style(block.style)))
                lines += _text_boxes(block)
            elif isinstance(block, CT_Tbl):
                lines += _rows(Table(block, document))
    return DecodedDocument(write_raised("\n".join(lines)))


def _unwrap(body: Any) -> None:
    """Replace content controls, tracked insertions and the like by their content, which python-docx would skip.

    Rows whose deletion is tracked are removed, as python-docx does with deleted words.
    """
    for row in [mark.getparent().getparent() for mark in body.iter(f"{_W}del") if mark.getparent().tag == f"{_W}trPr"]:
        row.getparent().remove(row)
    for wrapper in list(body.iter(*_WRAPPERS)):
        inner = wrapper.find(f"{_W}sdtContent") if wrapper.tag == f"{_W}sdt" else wrapper
        for part in list(inner) if inner is not None else ():
            wrapper.addprevious(part)
        wrapper.getparent().remove(wrapper)


def _mark_runs(body: Any, styles: Any) -> None:
    """Empty hidden runs, and mark superscripts for ``write_raised``: as their properties say, else their style's."""
    names = (f"{_W}vertAlign", f"{_W}vanish")
    by_style: dict[str, list[Any]] = {}
    for setting in styles.iter(*names):
        by_style.setdefault(setting.getparent().getparent().get(f"{_W}styleId"), []).append(setting)
    found: dict[tuple[Any, str], str | None] = {}
    for style in body.iter(f"{_W}rStyle") if by_style else ():
        for setting in by_style.get(style.get(f"{_W}val"), ()):
            found[style.getparent().getparent(), setting.tag] = setting.get(f"{_W}val")
    for setting in body.iter(*names):
        found[setting.getparent().getparent(), setting.tag] = setting.get(f"{_W}val")
    for (run, name), value in found.items():
        if run.tag == f"{_W}r" and value not in _UNSET:
            for text in run.iter(f"{_W}t"):
                text.text = "" if name == f"{_W}vanish" else raised(text.text or "")


def _text_boxes(paragraph: Any) -> Iterator[str]:
    """Yield the lines of text boxes anchored in a paragraph, without the copies that Word keeps for old versions."""
    for box in paragraph.iter(f"{_W}txbxContent"):
        if not any(one.tag == _FALLBACK for one in box.iterancestors()):
            lines = (one_line("".join(word.text or "" for word in line.iter(f"{_W}t"))) for line in box.iter(f"{_W}p"))
            yield from filter(None, lines)


def _paragraph(text: str, style: str) -> str:
    if style == "Title":
        return f"# {text}"
    if style.startswith("Heading") and text.strip():
        level = style.removeprefix("Heading").strip()
        return f"{'#' * int(level) if level.isdigit() else '#'} {text}"
    return f"- {text}" if style.startswith("List") else text


def _rows(table: Any) -> Iterator[str]:
    """Yield the rows of a table. A merged cell has its text in the first place; tables in cells follow their row."""
    seen: set[Any] = set()
    for row in table.rows:
        wide = any(getattr(cell, "grid_span", 1) > _WIDEST_SPAN for cell in row._tr.tc_lst)
        cells = [] if wide else row.cells  # python-docx repeats a cell for each column that it spans
        texts: list[str] = []
        inner: list[Any] = []
        for cell in cells:
            is_new = cell._tc not in seen
            seen.add(cell._tc)
            texts.append(one_line(cell.text) if is_new else "")
            inner += getattr(cell, "tables", ()) if is_new else ()
        yield "\t".join(texts)
        for one in inner:
            yield from _rows(one)


def read_pptx(data: bytes) -> DecodedDocument:
    """Read a slide deck: each slide's title as a heading, then its bullets, tables and notes."""
    import pptx

    _refuse_ole(data, ".pptx")
    with _errors_as_unreadable(Exception):
        deck = pptx.Presentation(io.BytesIO(data))
        return DecodedDocument.of_pages([write_raised("\n".join(_slide(slide))) for slide in deck.slides], "\n\f\n")


def _slide(slide: Any) -> Iterator[str]:
    for properties in slide.element.iter(f"{_A}rPr"):
        if properties.get("baseline", "0").strip("0%") and not properties.get("baseline").startswith("-"):
            for text in properties.getparent().iter(f"{_A}t"):
                text.text = raised(text.text or "")
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield f"# {one_line(title.text_frame.text)}"
    for shape in slide.shapes:
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)
    yield from _notes(slide)


def _notes(slide: Any) -> Iterator[str]:
    """Yield the speaker's notes of a slide, under a line that marks them as such."""
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


def read_epub(data: bytes) -> DecodedDocument:
    """Read an EPUB book: the chapters in the order of its spine."""
    with _errors_as_unreadable(*_DAMAGE), zipfile.ZipFile(io.BytesIO(data)) as parts:
        if "META-INF/rights.xml" in parts.namelist():
            detail = "the book is encrypted with a key that the file does not hold; save a copy without one"
            raise UnreadableError("encrypted", detail)
        address = parse_xml(_read_part(parts, "META-INF/container.xml")).find(".//{*}rootfile").get("full-path")
        package = parse_xml(_read_part(parts, address))
        chapters = [html_text(_read_part(parts, name)) for name in _spine(package, posixpath.dirname(address))]
        text = "\n\n".join(chapter for chapter in chapters if chapter)
        return DecodedDocument(text, _metadata(package, "title"), iso_day(_metadata(package, "date") or ""))


def _spine(package: Any, folder: str) -> Iterator[str]:
    files = {item.get("id"): item.get("href", "") for item in package.iterfind(".//{*}manifest/{*}item")}
    for item in package.iterfind(".//{*}spine/{*}itemref"):
        yield posixpath.normpath(posixpath.join(folder, unquote(files[item.get("idref")])))


def read_odt(data: bytes) -> DecodedDocument:
    """Read an OpenDocument text: headings, paragraphs, list items and table rows; when it was saved is not its date."""
    with _errors_as_unreadable(*_DAMAGE), zipfile.ZipFile(io.BytesIO(data)) as parts:
        if b"encryption-data" in _read_part(parts, "META-INF/manifest.xml"):
            raise UnreadableError("encrypted", "the document asks for a password; save a copy without one")
        title = _metadata(parse_xml(_read_part(parts, "meta.xml")), "title") if "meta.xml" in parts.namelist() else None
        return DecodedDocument(open_document_text(_read_part(parts, "content.xml")), title)


def _metadata(tree: Any, name: str) -> str | None:
    return next((text for found in tree.iter(_DC + name) if (text := one_line(found.text or ""))), None)


def _read_part(parts: zipfile.ZipFile, name: str) -> bytes:
    if parts.getinfo(name).file_size > _LARGEST_PART:
        raise UnreadableError("oversized", f"{name} in it is larger than {_LARGEST_PART // 2**20} MiB")
    try:
        return parts.read(name)
    except RuntimeError as error:  # raised by zipfile for a part with a password
        raise UnreadableError("encrypted", "the file asks for a password; save a copy without one") from error


def _refuse_ole(data: bytes, kind: str) -> None:
    if data.startswith(_OLE):
        raise UnreadableError("encrypted", f"an encrypted or old {kind} file; save it as {kind} without a password")
    check_parts(io.BytesIO(data))


def check_parts(stream: IO[bytes]) -> None:
    """Check that a zip does not unpack to more than memory should hold; a file that is no zip passes.

    Raises UnreadableError: ``oversized``.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            sizes = [one.file_size for one in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return
    finally:
        stream.seek(0)
    if sum(sizes) > _MOST_BYTES or len(sizes) > _MOST_PARTS:
        detail = f"its {len(sizes):,} parts unpack to {sum(sizes) >> 20:,} MiB; the most are {_MOST_PARTS:,} and"
        raise UnreadableError("oversized", f"{detail} {_MOST_BYTES >> 20} MiB")
