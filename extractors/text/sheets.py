"""Rows of CSV as people have it (any usual delimiter, encoding and end of line), and of a workbook's sheets.

A row is the number of its line, its cells as text, and why it cannot be read where it has none.
"""

import codecs
import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from extractors.text.documents import UnreadableError
from extractors.text.office import check_parts
from extractors.text.plain import encoding_of

SheetRow = tuple[int, list[str], str]
REQUIRED = ("id", "text")
"""Columns without which a row is no document."""

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


def read_delimited(stream: IO[bytes]) -> Iterator[SheetRow]:
    """Yield the rows of a CSV file."""
    sample = stream.read(_SAMPLE)
    encoding = encoding_of(sample)
    errors = _MENDED if encoding == "utf-8-sig" else "replace"
    text = io.TextIOWrapper(io.BufferedReader(_Joined(sample, stream)), encoding, errors=errors, newline="")
    csv.field_size_limit(_CELL)
    reader = csv.reader(text, delimiter=_delimiter(sample, encoding), strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield reader.line_num, [], str(error)
            continue
        if cells is None:
            return
        yield reader.line_num, cells, ""


class _Joined(io.RawIOBase):
    """A stream with what was read from its beginning put back."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start, self._rest = start, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._start[: len(buffer)] or self._rest.read(len(buffer))
        self._start = self._start[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _delimiter(sample: bytes, encoding: str) -> str:
    """Tell the delimiter by the header that it gives: the one with a corpus's columns, else with the most of them."""
    text = sample.decode(encoding, errors="replace").lstrip("\r\n")

    def rank(delimiter: str) -> tuple[int, int]:
        header = _header(text, delimiter)
        return len({plain_name(cell) for cell in header} & set(REQUIRED)), len(header)

    return max(_DELIMITERS, key=rank)


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


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
