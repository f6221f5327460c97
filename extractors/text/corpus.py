"""Corpora: one document a line of JSON Lines, a row of CSV or of a workbook's sheet, an activity of IATI.

``Columns`` says which column of its tables holds what.
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
_NAMED = 30
_YEAR = re.compile(r"\d{4}(-\d\d)?")  # no day that relative dates could be counted from
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
        raise ColumnsError(_missing(name, header, fatal, there, columns))
    return {field: there.get(plain_name(column), column) for field, column in wanted.items()}


def _missing(name: str, header: Sequence[str], fatal: list[str], there: dict[str, str], columns: Columns) -> str:
    given = {field: getattr(columns, field) for field in fatal}
    absent = [
        f"column {wanted!r} for the {field}" if wanted else f"column for the {field}" for field, wanted in given.items()
    ]
    shown = ", ".join(repr(column) for column in header[:_NAMED] if column) or "none"
    more = f" and {len(header) - _NAMED} more" if len(header) > _NAMED else ""
    guesses = [f"--{field} {guess!r}" for field in fatal if (guess := _guess(field, given[field], there))]
    hint = f"; perhaps {' '.join(guesses)}" if guesses else ""
    return f"{name} has no {' and no '.join(absent)}; its columns are {shown}{more}{hint}"


def _guess(field: str, given: str | None, there: dict[str, str]) -> str | None:
    names = [given] if given else _USUAL[field]
    for name in names:
        if close := get_close_matches(plain_name(name), there, n=1, cutoff=0.6):
            return there[close[0]]
    holding = [column for key, column in there.items() if any(name in key for name in names)]
    return holding[0] if holding else None


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
        lacking: list[tuple[Table, ColumnsError]] = []
        for table in tables(name, stream, {plain_name(getattr(columns, field) or field) for field in REQUIRED}):
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


def _read_table(name: str, table: Table, columns: Mapping[str, str]) -> Iterator[Placed]:
    unit = f"row {{}} of sheet {table.sheet}" if table.sheet else f"{table.row} {{}}"
    prefix = f"{name}:{table.sheet}:" if table.sheet else f"{name}:"
    usual = all(field == column for field, column in columns.items())
    for row in table.rows:
        where = unit.format(row.number)
        at = row.at if usual else None
        yield Placed(_read_row(f"{prefix}{row.number}", where, row, columns), where, at)


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
