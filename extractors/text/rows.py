"""The tables of a corpus: JSON Lines, CSV, the sheets of a workbook, IATI activities in XML.

CSV may have any usual delimiter, encoding and end of line. IATI is the standard in which donors publish what they fund.
"""

import codecs
import csv
import datetime
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import IO, Any

from lxml import etree

from extractors.text.documents import UnreadableError
from extractors.text.office import check_parts
from extractors.text.plain import CP1252_ERRORS, encoding_of, iso_day

CORPORA = (".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx", ".xml")
REQUIRED = ("id", "text")
"""Columns that every document needs."""

_HEADER_ROWS = 20  # searched for the header: titles and headings of groups of columns may stand above it
_SEPARATOR = re.compile(r"sep=(\S|\t)\r?\n")
_LONGEST_CELL = 16 * 1024 * 1024  # characters
_SAMPLE = 65_536  # bytes from which encoding and delimiter are guessed
_DELIMITERS = ",;\t|"
_KEY_ROWS = 100  # objects of a JSON Lines corpus whose keys are its header
_ACTIVITY_COLUMNS = ("id", "title", "text", "date", "source")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DATES = {"1": "Planned start", "2": "Actual start", "3": "Planned end", "4": "Actual end"}
_DATES |= {"start-planned": _DATES["1"], "start-actual": _DATES["2"], "end-planned": _DATES["3"]}  # version 1
_DATES["end-actual"] = _DATES["4"]
_Cells = tuple[int, list[str], str]
"""The number of a row, its cells as text, and the fault for which it has none, or ""."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number, counted from 1, and its cells by column, or the fault for which there are none.

    ``at`` is the offset and the length in bytes of the row's line; None where a row is no line.
    """

    number: int
    cells: dict[str, Any]
    fault: str = ""
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, which can be read once, before the next table.

    ``sheet`` is its name in a workbook, ``row`` the word for one of its rows in messages.
    """

    header: list[str]
    rows: Iterator[Row]
    sheet: str = ""
    row: str = "line"


def plain_name(column: str) -> str:
    """Return a column's name for comparison: case folded, without blanks around it."""
    return " ".join(column.replace("\ufeff", "").split()).casefold()


def tables(name: str, stream: IO[bytes], wanted: Collection[str]) -> Iterator[Table]:
    """Yield the tables of a corpus by its suffix; a row with the ``wanted`` columns (plain names) is a header.

    Raises UnreadableError where the file is not of its format.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        yield _json_lines(stream)
    elif suffix == ".xlsx":
        for sheet, rows in _sheets(stream):
            yield _table(rows, wanted, sheet)
    elif suffix == ".xml":
        yield Table(list(_ACTIVITY_COLUMNS), _activities(stream), row="activity")
    else:
        yield _table(_delimited(stream, wanted), wanted)


def _table(rows: Iterator[_Cells], wanted: Collection[str], sheet: str = "") -> Table:
    """Return a table whose header is the first row with all wanted columns, else the first row that is not empty."""
    filled = (one for one in rows if one[2] or any(one[1]))
    first = list(islice(filled, _HEADER_ROWS))
    filled_at = next((at for at, (_, cells, _) in enumerate(first) if any(cells)), 0)
    at = next((at for at, (_, cells, _) in enumerate(first) if {*wanted} <= set(map(plain_name, cells))), filled_at)
    header = [cell.replace("\ufeff", "").strip() for _, cells, _ in first[at : at + 1] for cell in cells]
    under = chain(first[at + 1 :], filled)
    read = (Row(number, dict(zip(header, cells, strict=False)), fault) for number, cells, fault in under)
    return Table(header, read, sheet)


def _json_lines(stream: IO[bytes]) -> Table:
    """Return a table whose header is the keys of the first objects. Raises UnreadableError where there are none."""
    marked = stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    stream.seek(0)
    lines = map(str.encode, io.TextIOWrapper(stream, "utf-16")) if marked else stream
    rows = _json_rows(lines, placed=not marked)
    first = list(islice(rows, _KEY_ROWS))
    header = list(dict.fromkeys(key for row in first for key in row.cells))
    if first and not header:
        raise UnreadableError("malformed_line", f"no line is a JSON object; line {first[0].number}: {first[0].fault}")
    return Table(header, chain(first, rows))


def _json_rows(lines: Iterable[bytes], *, placed: bool) -> Iterator[Row]:
    start = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            cells, fault = _json_object(line)
            yield Row(number, cells, fault, (start, len(line)) if placed else None)
        start += len(line)


def _json_object(line: bytes) -> tuple[dict[str, Any], str]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except RecursionError:
        return {}, "it is nested too deep"
    except ValueError as error:
        return {}, str(error)
    return (row, "") if isinstance(row, dict) else ({}, "not an object with id and text")


def _delimited(stream: IO[bytes], wanted: Collection[str]) -> Iterator[_Cells]:
    sample = stream.read(_SAMPLE)
    encoding = encoding_of(sample)
    errors = CP1252_ERRORS if encoding == "utf-8-sig" else "replace"
    text = io.TextIOWrapper(io.BufferedReader(_Rejoined(sample, stream)), encoding, errors=errors, newline="")
    csv.field_size_limit(_LONGEST_CELL)
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


class _Rejoined(io.RawIOBase):
    """A stream that cannot be rewound, with the bytes already read from its start put back."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start, self._rest = start, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._start[: len(buffer)] or self._rest.read(len(buffer))
        self._start = self._start[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _delimiter(sample: bytes, encoding: str, wanted: Collection[str]) -> str:
    """Return the delimiter: that of a first line ``sep=``, else the one by which a row has most of the wanted columns,
    then by which the first row has most cells."""
    text = sample.decode(encoding, errors="replace").lstrip("\ufeff\r\n")
    if stated := _SEPARATOR.match(text):
        return stated[1]

    def rank(delimiter: str) -> tuple[int, int]:
        rows = _first_rows(text, delimiter)
        return max(len(set(map(plain_name, row)) & set(wanted)) for row in rows), len(rows[0])

    return max(_DELIMITERS, key=rank)


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _HEADER_ROWS)) or [[]]
    except csv.Error:
        return [[]]


def _sheets(stream: IO[bytes]) -> Iterator[tuple[str, Iterator[_Cells]]]:
    """Yield the name of each sheet of an ``.xlsx`` workbook, and its rows."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    check_parts(stream)
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UnreadableError("unreadable", "the file is damaged, encrypted or no .xlsx workbook") from error
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # a sheet may state a size with a million empty rows
        rows = enumerate(sheet.iter_rows(values_only=True), start=1)
        yield sheet.title, ((number, list(map(_text, cells)), "") for number, cells in rows)


def _text(cell: Any) -> str:
    """Return a cell as text: whole numbers without a point, days as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat()
    return str(cell)


def _activities(stream: IO[bytes]) -> Iterator[Row]:
    """Yield each activity of an IATI file, without expanding entities or fetching anything."""
    number = 0
    try:
        for _, element in etree.iterparse(stream, tag="iati-activity", resolve_entities=False, no_network=True):
            number += 1
            yield Row(number, _activity(element))
            element.clear()
            while element.getprevious() is not None:  # drop what was read, so that a large file takes little memory
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise UnreadableError("unreadable", f"the XML is damaged in line {error.lineno}") from error
    if not number:
        raise UnreadableError("unsupported", "XML is read where it holds IATI activities; this file holds none")


def _activity(element: "etree._Element") -> dict[str, str]:
    """Return the cells of an activity: the dates are lines of its text, its date is the day of its last update."""
    lines = [text for name in ("description", "participating-org") for text in _texts(element, name)]
    for date in element.iterfind("activity-date"):
        kind, day = date.get("type", ""), date.get("iso-date") or iso_day(date.text or "")
        if kind in _DATES and day:
            lines.append(f"{_DATES[kind]}: {day}")
    return {
        "id": next(iter(_texts(element, "iati-identifier")), ""),
        "title": next(iter(_texts(element, "title")), ""),
        "text": "\n".join(lines),
        "date": element.get("last-updated-datetime", "")[:10],
        "source": next((link.get("url", "") for link in element.iterfind("document-link")), ""),
    }


def _texts(activity: "etree._Element", name: str) -> list[str]:
    """Return the texts of an activity's elements of a name: the English ones if marked so, else the first language's.

    Version 1 of IATI has no narratives, but an element for each language.
    """
    found = []
    elements = activity.findall(name)
    if any(_language(part).startswith("en") for part in elements):
        elements = [part for part in elements if not _language(part) or _language(part).startswith("en")]
    for element in elements:
        narratives = element.findall("narrative")
        english = [part for part in narratives if _language(part).startswith("en")]
        chosen = (english or narratives[:1]) if narratives else [element]
        found += [text for part in chosen if (text := " ".join("".join(part.itertext()).split()))]
    return found


def _language(part: "etree._Element") -> str:
    return str(part.get(_LANGUAGE, "")).lower()
