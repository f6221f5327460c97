"""Corpora: one document a line of JSON Lines, a row of CSV or of a workbook's sheet, an activity of IATI.

A corpus is read as tables, each a header and the rows under it; ``Columns`` says which column holds what.
"""

import codecs
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import IO, Any

from pydantic import Field

from extractors.text.documents import UnreadableError, make_document
from extractors.text.iati import HEADER, activities
from extractors.text.sheets import HEADER_ROWS, REQUIRED, SheetRow, plain_name, read_delimited, read_sheets
from schemas import Document, Model, Quarantined, digest_of
from schemas.errors import CoopledgerError
from schemas.packaged import packaged_rows

CORPORA = (".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx", ".xml")
_OPTIONAL = ("title", "date", "source")
_LOOKED_AT = 100  # objects of a JSON Lines corpus, for the keys that there are
_NAMED = 30
_YEAR = re.compile(r"\d{4}(-\d\d)?")  # no day that what a text tells could be counted from
_USUAL = {row["column"]: row["names"].split() for row in packaged_rows("extractors.text", "tables/columns.csv")}
"""Names that a column of each kind often has; they are proposed, never taken by themselves but for the first."""


class Columns(Model):
    """The columns of a corpus, by name; one that is not given is found under its usual name, in any case."""

    id: str | None = Field(default=None, description="column of the documents' ids")
    title: str | None = Field(default=None, description="column of the titles")
    text: str | None = Field(default=None, description="column of the texts")
    date: str | None = Field(default=None, description="column of the dates")
    source: str | None = Field(default=None, description="column of the addresses")


class ColumnsError(CoopledgerError):
    """A corpus has no column for what a document needs, or none of the name that was given."""


def _fit(name: str, header: Sequence[str], columns: Columns) -> dict[str, str]:
    """Map what a document has to the header's columns; case and blanks around a name make no difference.

    Raises ColumnsError, which lists the columns that there are and the likeliest.
    """
    there = {plain_name(column): column for column in reversed(header) if column}
    wanted = {field: given or field for field, given in columns}
    missing = [field for field in wanted if plain_name(wanted[field]) not in there]
    if fatal := [field for field in missing if field in REQUIRED or getattr(columns, field)]:
        raise ColumnsError(_told(name, header, fatal, there, columns))
    return {field: there.get(plain_name(column), column) for field, column in wanted.items()}


def _told(name: str, header: Sequence[str], fatal: list[str], there: dict[str, str], columns: Columns) -> str:
    given = {field: getattr(columns, field) for field in fatal}
    told = [
        f"column {wanted!r} for the {field}" if wanted else f"column for the {field}" for field, wanted in given.items()
    ]
    shown = ", ".join(repr(column) for column in header[:_NAMED] if column) or "none"
    more = f" and {len(header) - _NAMED} more" if len(header) > _NAMED else ""
    guesses = [f"--{field} {guess!r}" for field in fatal if (guess := _guess(field, given[field], there))]
    hint = f"; perhaps {' '.join(guesses)}" if guesses else ""
    return f"{name} has no {' and no '.join(told)}; its columns are {shown}{more}{hint}"


def _guess(field: str, given: str | None, there: dict[str, str]) -> str | None:
    names = [given] if given else _USUAL[field]
    for name in names:
        if close := get_close_matches(plain_name(name), there, n=1, cutoff=0.6):
            return there[close[0]]
    holding = [column for key, column in there.items() if any(name in key for name in names)]
    return holding[0] if holding else None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its number, as a person counts, and its cells by column, or the fault for which there are none.

    ``at`` is the offset and the length of a line in bytes; None where a row is no line.
    """

    number: int
    cells: dict[str, Any]
    fault: str = ""
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """A header and the rows under it, to be read once, before the next table.

    ``sheet`` is its name in a workbook, ``row`` what a person calls a row of it.
    """

    header: list[str]
    rows: Iterator[_Row]
    sheet: str = ""
    row: str = "line"


@dataclass(frozen=True, slots=True)
class Placed:
    """What was read from a row, and where that stands; nowhere in it where it is said of the whole corpus.

    ``at`` is the offset and length in bytes of a line that ``document_of`` reads as it is; None for all else.
    """

    read: Document | Quarantined
    where: str
    at: tuple[int, int] | None = None


def read_rows(name: str, stream: IO[bytes], columns: Columns = Columns()) -> Iterator[Placed]:  # noqa: B008
    """Read a corpus row by row, holding one document at a time; a bad row is quarantined under its number.

    Raises ColumnsError where no table of it has the columns that documents need.
    """
    try:
        fitting = 0
        lacking: list[tuple[_Table, ColumnsError]] = []
        for table in _tables(name, stream, columns):
            try:
                found = _fit(f"{name}{f' ({table.sheet})' if table.sheet else ''}", table.header, columns)
            except ColumnsError as error:
                lacking.append((table, error))
                continue
            fitting += 1
            yield from _read_table(name, table, found)
    except UnreadableError as error:
        yield Placed(Quarantined(id=name, reason=error.reason, detail=error.detail), "")
        return
    except (ColumnsError, OSError, MemoryError):
        raise
    except Exception as error:  # a damaged workbook may raise anything from the library that reads it
        detail = f"the file is damaged or not of its format ({type(error).__name__})"
        yield Placed(Quarantined(id=name, reason="unreadable", detail=detail), "")
        return
    filled = [(table, why) for table, why in lacking if any(table.header)]
    if not fitting and filled:
        raise filled[0][1]
    for table, why in filled:
        yield Placed(Quarantined(id=f"{name}:{table.sheet}", reason="columns", detail=str(why)), f"sheet {table.sheet}")


def read_corpus(name: str, data: bytes) -> Iterator[Document | Quarantined]:
    """Read a whole corpus held in memory, by its suffix."""
    try:
        yield from (one.read for one in read_rows(name, io.BytesIO(data)))
    except ColumnsError as error:
        yield Quarantined(id=name, reason="columns", detail=str(error))


def _read_table(name: str, table: _Table, columns: Mapping[str, str]) -> Iterator[Placed]:
    unit = f"row {{}} of sheet {table.sheet}" if table.sheet else f"{table.row} {{}}"
    prefix = f"{name}:{table.sheet}:" if table.sheet else f"{name}:"
    usual = all(field == column for field, column in columns.items())
    for row in table.rows:
        where = unit.format(row.number)
        at = row.at if usual else None
        yield Placed(_read_row(f"{prefix}{row.number}", where, row, columns), where, at)


def _read_row(name: str, where: str, row: _Row, columns: Mapping[str, str]) -> Document | Quarantined:
    try:
        if row.fault:
            raise ValueError(row.fault)
        return document_of({field: row.cells.get(column) for field, column in columns.items()})
    except UnreadableError as error:
        reason, detail = error.reason, f"{where}: {error.detail}"
    except ValueError as error:
        reason, detail = "malformed_line", f"{where} cannot be read: {error}"
    digest = digest_of(row.fault, *(f"{key}\x1f{value}" for key, value in row.cells.items()))
    return Quarantined(id=name, reason=reason, detail=detail, digest=digest)


def document_of(row: Mapping[str, Any]) -> Document:
    """Make the document of a row. Raises UnreadableError, or ValueError where something is missing or no text."""
    missing = [key for key in REQUIRED if row.get(key) in (None, "")]
    if missing:
        raise ValueError(f"no {' and no '.join(missing)}")
    if isinstance(row["id"], float) and not math.isfinite(row["id"]):
        raise ValueError("its id is too large a number to tell from others: write it as text")
    wrong = [key for key in ("text", *_OPTIONAL) if not isinstance(row.get(key), str | None)]
    if wrong:
        raise ValueError(f"{' and '.join(wrong)} must be text")
    if isinstance(row["id"], bool) or not isinstance(row["id"], str | int | float):
        raise ValueError("id must be text or a number")
    optional = {key: row.get(key) or None for key in _OPTIONAL}
    if optional["date"] and _YEAR.fullmatch(optional["date"].strip()):
        optional["date"] = None
    return make_document(str(row["id"]), row["text"], **optional)


def _tables(name: str, stream: IO[bytes], columns: Columns) -> Iterator[_Table]:
    """Read the tables of a corpus, by its suffix. Raises UnreadableError where the file is none of its format."""
    suffix = PurePosixPath(name).suffix.lower()
    wanted = {plain_name(getattr(columns, field) or field) for field in REQUIRED}
    if suffix in (".jsonl", ".ndjson"):
        yield _json_lines(stream)
    elif suffix == ".xlsx":
        for sheet, rows in read_sheets(stream):
            yield _table(rows, wanted, sheet)
    elif suffix == ".xml":
        each = (_Row(number, cells) for number, cells in enumerate(activities(stream), start=1))
        yield _Table(list(HEADER), each, row="activity")
    else:
        yield _table(read_delimited(stream, wanted), wanted)


def _table(rows: Iterator[SheetRow], wanted: set[str], sheet: str = "") -> _Table:
    """Take the first row that holds the wanted columns as the header, else the first that is not empty."""
    filled = (one for one in rows if one[2] or any(one[1]))
    first = list(islice(filled, HEADER_ROWS))
    usual = next((at for at, (_, cells, _) in enumerate(first) if any(cells)), 0)
    at = next((at for at, (_, cells, _) in enumerate(first) if wanted <= set(map(plain_name, cells))), usual)
    header = [cell.replace("\ufeff", "").strip() for _, cells, _ in first[at : at + 1] for cell in cells]
    under = chain(first[at + 1 :], filled)
    return _Table(
        header, (_Row(number, dict(zip(header, cells, strict=False)), bad) for number, cells, bad in under), sheet
    )


def _json_lines(stream: IO[bytes]) -> _Table:
    """Take the keys of the first objects as the header. Raises UnreadableError where there are none."""
    marked = stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    stream.seek(0)
    lines = map(str.encode, io.TextIOWrapper(stream, "utf-16")) if marked else stream
    rows = _json_rows(lines, placed=not marked)
    first = list(islice(rows, _LOOKED_AT))
    header = list(dict.fromkeys(key for row in first for key in row.cells))
    if first and not header:
        raise UnreadableError("malformed_line", f"no line is a JSON object; line {first[0].number}: {first[0].fault}")
    return _Table(header, chain(first, rows))


def _json_rows(lines: Iterable[bytes], *, placed: bool) -> Iterator[_Row]:
    start = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            cells, fault = _json_object(line)
            yield _Row(number, cells, fault, (start, len(line)) if placed else None)
        start += len(line)


def _json_object(line: bytes) -> tuple[dict[str, Any], str]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except RecursionError:
        return {}, "it is nested too deep"
    except ValueError as error:
        return {}, str(error)
    return (row, "") if isinstance(row, dict) else ({}, "not an object with id and text")
