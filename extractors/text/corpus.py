"""Corpora: one document a line of JSON Lines, a row of CSV or of a workbook's sheet, an activity of IATI."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from extractors.text.columns import REQUIRED, Columns, ColumnsError, fit
from extractors.text.documents import make_document
from extractors.text.errors import UnreadableError
from extractors.text.tables import Row, Table, tables
from schemas import Document, Quarantined, digest_of

_OPTIONAL = ("title", "date", "source")


@dataclass(frozen=True, slots=True)
class Placed:
    """What was read from a row, and where that stands.

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
        for table in tables(name, stream):
            try:
                found = fit(f"{name}{f' ({table.sheet})' if table.sheet else ''}", table.header, columns)
            except ColumnsError as error:
                lacking.append((table, error))
                continue
            fitting += 1
            yield from _read_table(name, table, found)
    except UnreadableError as error:
        yield Placed(Quarantined(id=name, reason=error.reason, detail=error.detail), "as a whole")
        return
    except (ColumnsError, OSError, MemoryError):
        raise
    except Exception as error:  # a damaged workbook may raise anything from the library that reads it
        detail = f"the file is damaged or not of its format ({type(error).__name__})"
        yield Placed(Quarantined(id=name, reason="unreadable", detail=detail), "as a whole")
        return
    filled = [(table, why) for table, why in lacking if any(table.header)]
    if not fitting and filled:
        raise filled[0][1]
    for table, why in filled:
        yield Placed(Quarantined(id=f"{name}:{table.sheet}", reason="columns", detail=str(why)), table.sheet)


def read_corpus(name: str, data: bytes) -> Iterator[Document | Quarantined]:
    """Read a whole corpus held in memory, by its suffix."""
    try:
        yield from (one.read for one in read_rows(name, io.BytesIO(data)))
    except ColumnsError as error:
        yield Quarantined(id=name, reason="columns", detail=str(error))


def _read_table(name: str, table: Table, columns: Mapping[str, str]) -> Iterator[Placed]:
    unit = f"row {{}} of sheet {table.sheet}" if table.sheet else "line {}"
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
    wrong = [key for key in ("text", *_OPTIONAL) if not isinstance(row.get(key), str | None)]
    if wrong:
        raise ValueError(f"{' and '.join(wrong)} must be text")
    optional = {key: row.get(key) or None for key in _OPTIONAL}
    return make_document(str(row["id"]), row["text"], **optional)
