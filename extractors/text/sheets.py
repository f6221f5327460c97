"""The sheets of a workbook (``.xlsx``), row by row."""

import datetime
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from extractors.text.errors import UnreadableError
from extractors.text.formats import check_parts


def sheets(stream: IO[bytes]) -> Iterator[tuple[str, Iterator[tuple[int, list[str], str]]]]:
    """Yield the name of each sheet and its rows: number, cells as text, and no fault.

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


def _rows(sheet: Any) -> Iterator[tuple[int, list[str], str]]:
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
