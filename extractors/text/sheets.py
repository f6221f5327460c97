"""Rows of CSV as people have it (any usual delimiter, encoding and end of line), and of a workbook's sheets.

A row is the number of its line, its cells as text, and why it cannot be read where it has none.
"""

import codecs
import csv
import datetime
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from itertools import islice
from typing import IO, Any

from extractors.text.documents import UnreadableError
from extractors.text.office import check_parts
from extractors.text.plain import encoding_of

SheetRow = tuple[int, list[str], str]
REQUIRED = ("id", "text")
"""Columns without which a row is no document."""

HEADER_ROWS = 20
"""Rows among which a header is looked for: titles and heads of groups of columns may stand above it."""

_SAID = re.compile(r"sep=(\S|\t)\r?\n")
_CELL = 16 * 1024 * 1024  # characters in one cell
_SAMPLE = 65_536  # bytes by which encoding and delimiter are told
_DELIMITERS = ",;\t|"
_MENDED = "coopledger.cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_MENDED, _as_cp1252)  # for the odd cell in a file that is UTF-8 otherwise


def plain_name(column: str) -> str:
    """Return a column's name without what makes no difference: case, and blanks around it."""
    return " ".join(column.replace("\ufeff", "").split()).casefold()


def read_delimited(stream: IO[bytes], wanted: Collection[str]) -> Iterator[SheetRow]:
    """Yield the rows of a CSV file; ``wanted`` are columns by which its header is known, as ``plain_name`` has them."""
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    encoding = encoding_of(sample)
    errors = _MENDED if encoding == "utf-8-sig" else "replace"
    text = io.TextIOWrapper(stream, encoding, errors=errors, newline="")
    csv.field_size_limit(_CELL)
    reader = csv.reader(text, delimiter=_delimiter(sample, encoding, wanted), strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield reader.line_num, [], str(error)
            continue
        if cells is None:
            return
        yield reader.line_num, cells, ""


def _delimiter(sample: bytes, encoding: str, wanted: Collection[str]) -> str:
    """Tell the delimiter: what a spreadsheet says in the first line, else the one by which a row holds most of the
    wanted columns, else the one that cuts the first row into most."""
    text = sample.decode(encoding, errors="replace").lstrip("\ufeff\r\n")
    if said := _SAID.match(text):
        return said[1]

    def rank(delimiter: str) -> tuple[int, int]:
        rows = _first_rows(text, delimiter)
        return max(len(set(map(plain_name, row)) & set(wanted)) for row in rows), len(rows[0])

    return max(_DELIMITERS, key=rank)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEADER_ROWS)) or [[]]
    except csv.Error:
        return [[]]


def read_sheets(stream: IO[bytes]) -> Iterator[tuple[str, Iterator[SheetRow]]]:
    """Yield the name of each sheet of an ``.xlsx`` workbook, and its rows.

    Raises UnreadableError where the file is no workbook.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    check_parts(stream)
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableError("unreadable", "the file is damaged, encrypted or no .xlsx workbook") from error
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its size may be a million rows of nothing
        yield sheet.title, _rows(sheet)


def _rows(sheet: Any) -> Iterator[SheetRow]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield number, [_text(cell) for cell in cells], ""


def _text(cell: Any) -> str:
    """Write a cell as a person reads it: whole numbers without a point, days as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat()
    return str(cell)
