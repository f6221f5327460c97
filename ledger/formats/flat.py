"""The flat files of records: their columns, ``records.csv``, ``records.parquet``, and the Table Schema of both."""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import NoneType, TracebackType
from typing import Any, Literal, Self, TextIO, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq

from ledger.errors import one_line
from schemas import SCHEMA_VERSION, FlatRecord

ColumnType = Literal["string", "integer", "number"]
_TYPES: dict[type, ColumnType] = {str: "string", int: "integer", float: "number"}
COLUMNS = tuple(FlatRecord.model_fields)
# OWASP's list (CSV injection): formula signs, their full-width forms, tab, carriage return and line feed.
_RUNS = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARD = "'"
_ROWS = 20_000
_ARROW_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of records.csv and records.parquet."""

    name: str
    type: ColumnType
    nullable: bool
    values: tuple[str, ...]
    description: str


@cache
def columns() -> tuple[Column, ...]:
    """List the columns in order."""
    return tuple(_column(name) for name in FlatRecord.model_fields)


def _column(name: str) -> Column:
    field = FlatRecord.model_fields[name]
    options = get_args(field.annotation) if NoneType in get_args(field.annotation) else (field.annotation,)
    kind = next(option for option in options if option is not NoneType)
    return Column(
        name=name,
        type=_TYPES[_plain(kind)],
        nullable=NoneType in options,
        values=get_args(kind) if get_origin(kind) is Literal else (),
        description=field.description or "",
    )


def _plain(kind: Any) -> type:
    if get_origin(kind) is Literal:
        return str
    return _plain(get_args(kind)[0]) if get_args(kind) else kind


def guarded(cell: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula (or that looks so guarded already)."""
    return _GUARD + cell if isinstance(cell, str) and _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    """Undo ``guarded``."""
    return cell[1:] if cell.startswith(_GUARD) and _RUNS.match(cell) else cell


class CsvRows:
    """Writes flat rows as they come: a header, comma, CRLF, quotes where needed, empty for null."""

    def __init__(self, file: TextIO, columns: Sequence[str] = COLUMNS) -> None:
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._writer.writerow(columns)

    def write(self, row: Iterable[Any]) -> None:
        """Write the values of a row in the order of the columns."""
        self._writer.writerow([guarded(cell) for cell in row])


def read_csv(path: Path) -> Iterator[dict[str, str | None]]:
    """Read the rows of a records.csv as text, guards undone, empty cells as None."""
    with one_line(f"cannot read {path}"), path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: unguarded(cell) if cell else None for name, cell in row.items()}


def arrow_schema() -> pa.Schema:
    """Return the Arrow schema of the flat rows; each column's description is in its metadata."""
    metadata = {"coopledger.schema_version": SCHEMA_VERSION}
    return pa.schema([_arrow_field(column) for column in columns()], metadata=metadata)


def _arrow_field(column: Column) -> pa.Field:
    metadata = {"description": column.description}
    return pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable, metadata=metadata)


def storable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a flat row that the columns can hold. Raises ValueError where a whole number does not fit 64 bits."""
    return tuple(_cell(column, cell) for column, cell in zip(columns(), row, strict=True))


def _cell(column: Column, cell: Any) -> Any:
    if column.type == "integer" and cell is not None and not -(2**63) <= cell < 2**63:
        raise ValueError(f"{column.name} {cell} does not fit 64 bits")
    return cell


class ParquetRows:
    """Writes flat rows as they come, in row groups of a fixed size."""

    def __init__(self, path: Path) -> None:
        self._schema = arrow_schema()
        self._file = path.open("xb")
        self._writer = pq.ParquetWriter(self._file, self._schema, compression="zstd", write_statistics=True)
        self._rows: list[Sequence[Any]] = []

    def write(self, row: Sequence[Any]) -> None:
        """Write the values of a row in the order of the columns."""
        self._rows.append(row)
        if len(self._rows) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        values = zip(*self._rows, strict=True)
        arrays = [_array(cells, field.type) for cells, field in zip(values, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema), row_group_size=_ROWS)
        self._rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if self._rows and error is None:
                self._flush()
            self._writer.close()
            self._file.flush()
            os.fsync(self._file.fileno())


def _array(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_floating(kind):  # Arrow takes no whole number beyond 2**53 for a double
        cells = [None if cell is None else float(cell) for cell in cells]
    return pa.array(cells, type=kind)


def table_schema() -> dict[str, Any]:
    """Return the Table Schema (Data Package v2) of records.csv and records.parquet."""
    return {
        "$schema": _PROFILE,
        "fields": [_field(column) for column in columns()],
        "primaryKey": ["record_id"],
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.name == "record_id":
        constraints["unique"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    parts = {"name": column.name, "type": column.type, "description": column.description}
    return parts | ({"constraints": constraints} if constraints else {})
