"""Corpora: a document for each line of JSON Lines, row of CSV or of a workbook's sheet, or activity of IATI.

``Columns`` names the column of its tables for each field of a document.
"""

import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import IO, Any

from pydantic import Field

from extractors.text.documents import UnreadableError, make_document
from extractors.text.rows import REQUIRED, Row, Table, plain_name, tables
from schemas import Document, Model, Quarantined, digest_of
from schemas.errors import CoopledgerError
from schemas.packaged import packaged_rows

_OPTIONAL = ("title", "date", "source")
_MOST_SHOWN = 30  # columns listed in an error
_YEAR = re.compile(r"\d{4}(-\d\d)?")  # has no day from which relative dates could be resolved
_USUAL_NAMES = {row["column"]: row["names"].split() for row in packaged_rows("extractors.text", "tables/columns.csv")}
"""Usual names of the column of each field. Errors suggest them; only the first is looked for when none is given."""


class Columns(Model):
    """The columns of a corpus, by name; one that is not given is found under its usual name, in any case."""

    id: str | None = Field(default=None, description="column of the documents' ids")
    title: str | None = Field(default=None, description="column of the titles")
    text: str | None = Field(default=None, description="column of the texts")
    date: str | None = Field(default=None, description="column of the dates")
    source: str | None = Field(default=None, description="column of the addresses")


_USUAL_COLUMNS = Columns()


class ColumnsError(CoopledgerError):
    """A corpus has no column for what a document needs, or none of the name that was given."""


def _match_columns(name: str, header: Sequence[str], columns: Columns) -> dict[str, str]:
    """Map each field of a document to a column of the header; case and blanks around a name make no difference.

    Raises ColumnsError, which lists the columns of the header and the likeliest.
    """
    by_name = {plain_name(column): column for column in reversed(header) if column}
    wanted = {field: given or field for field, given in columns}
    missing = [field for field in wanted if plain_name(wanted[field]) not in by_name]
    if unmet := [field for field in missing if field in REQUIRED or getattr(columns, field)]:
        raise ColumnsError(_message_of(name, header, unmet, by_name, columns))
    return {field: by_name.get(plain_name(column), column) for field, column in wanted.items()}


def _message_of(name: str, header: Sequence[str], unmet: list[str], by_name: dict[str, str], columns: Columns) -> str:
    given = {field: getattr(columns, field) for field in unmet}
    absent = [
        f"column {wanted!r} for the {field}" if wanted else f"column for the {field}" for field, wanted in given.items()
    ]
    shown = ", ".join(repr(column) for column in header[:_MOST_SHOWN] if column) or "none"
    more = f" and {len(header) - _MOST_SHOWN} more" if len(header) > _MOST_SHOWN else ""
    guesses = [f"--{field} {guess!r}" for field in unmet if (guess := _guess_column(field, given[field], by_name))]
    hint = f"; perhaps {' '.join(guesses)}" if guesses else ""
    return f"{name} has no {' and no '.join(absent)}; its columns are {shown}{more}{hint}"


def _guess_column(field: str, given: str | None, by_name: dict[str, str]) -> str | None:
    names = [given] if given else _USUAL_NAMES[field]
    for name in names:
        if close := get_close_matches(plain_name(name), by_name, n=1, cutoff=0.6):
            return by_name[close[0]]
    holding = [column for key, column in by_name.items() if any(name in key for name in names)]
    return holding[0] if holding else None


@dataclass(frozen=True, slots=True)
class LocatedRow:
    """A document read from a row or the reason why not, and ``where`` the row stands, "" for the whole corpus.

    ``at`` is the offset and length in bytes of a line that ``document_of`` reads without ``Columns``; else None.
    """

    read: Document | Quarantined
    where: str
    at: tuple[int, int] | None = None


def read_rows(name: str, stream: IO[bytes], columns: Columns = _USUAL_COLUMNS) -> Iterator[LocatedRow]:
    """Yield the documents of a corpus row by row, one in memory at a time; a bad row is quarantined under its number.

    Raises ColumnsError where no table of the corpus has the columns that documents need.
    """
    try:
        matching = 0
        lacking: list[tuple[Table, ColumnsError]] = []
        for table in tables(name, stream, {plain_name(getattr(columns, field) or field) for field in REQUIRED}):
            try:
                found = _match_columns(f"{name}{f' ({table.sheet})' if table.sheet else ''}", table.header, columns)
            except ColumnsError as error:
                lacking.append((table, error))
                continue
            matching += 1
            yield from _read_table(name, table, found)
    except UnreadableError as error:
        yield LocatedRow(Quarantined(id=name, reason=error.reason, detail=error.detail), "")
        return
    except (ColumnsError, OSError, MemoryError):
        raise
    except Exception as error:  # a damaged workbook may raise anything from the library that reads it
        detail = f"the file is damaged or not of its format ({type(error).__name__})"
        yield LocatedRow(Quarantined(id=name, reason="unreadable", detail=detail), "")
        return
    filled = [(table, why) for table, why in lacking if any(table.header)]
    if not matching and filled:
        raise filled[0][1]
    for table, why in filled:
        yield LocatedRow(
            Quarantined(id=f"{name}:{table.sheet}", reason="columns", detail=str(why)), f"sheet {table.sheet}"
        )


def read_corpus(name: str, data: bytes) -> Iterator[Document | Quarantined]:
    """Yield the documents of a corpus held in memory; the suffix of ``name`` tells its format."""
    try:
        yield from (one.read for one in read_rows(name, io.BytesIO(data)))
    except ColumnsError as error:
        yield Quarantined(id=name, reason="columns", detail=str(error))


def _read_table(name: str, table: Table, columns: Mapping[str, str]) -> Iterator[LocatedRow]:
    row_name = f"row {{}} of sheet {table.sheet}" if table.sheet else f"{table.row} {{}}"
    prefix = f"{name}:{table.sheet}:" if table.sheet else f"{name}:"
    has_plain_columns = all(field == column for field, column in columns.items())
    for row in table.rows:
        where = row_name.format(row.number)
        at = row.at if has_plain_columns else None
        yield LocatedRow(_read_row(f"{prefix}{row.number}", where, row, columns), where, at)


def _read_row(name: str, where: str, row: Row, columns: Mapping[str, str]) -> Document | Quarantined:
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
    """Return the document of a row. Raises UnreadableError, or ValueError where a value is missing or wrong."""
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
