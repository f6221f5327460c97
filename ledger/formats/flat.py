"""The flat files of records: their columns, ``records.csv``, ``records.parquet``, and the Table Schema of both."""

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from ledger.errors import one_line
from schemas import SCHEMA_VERSION, FlatRecord

COLUMNS = tuple(FlatRecord.model_fields)
# OWASP's list (CSV injection): formula signs, their full-width forms, tab, carriage return and line feed.
_RUNS = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARD = "'"
_ROWS = 20_000
_ARROW_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of records.csv and records.parquet: ``type`` is one of Table Schema, ``values`` its code list."""

    name: str
    type: str
    nullable: bool
    values: tuple[str, ...]
    description: str


@cache
def columns() -> tuple[Column, ...]:
    """List the columns in order."""
    said = FlatRecord.model_json_schema(by_alias=False)["properties"]
    return tuple(_column(name, one) for name, one in said.items())


def _column(name: str, said: dict[str, Any]) -> Column:
    """Make a column of what the JSON Schema says of it."""
    kind, *null = said.get("anyOf", [said])
    values = kind.get("enum", [kind["const"]] if "const" in kind else [])
    return Column(name, kind["type"], nullable=bool(null), values=tuple(values), description=said["description"])


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
    with one_line(f"cannot read {path}"), path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: unguarded(cell) if cell else None for name, cell in row.items()}


def arrow_schema() -> pa.Schema:
    """Return the Arrow schema of the flat rows; each column's description is in its metadata."""
    metadata = {"coopledger.schema_version": SCHEMA_VERSION}
    return pa.schema([_arrow_field(column) for column in columns()], metadata=metadata)


def _arrow_field(column: Column) -> pa.Field:
    metadata = {"description": column.description}
    return pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable, metadata=metadata)


@contextmanager
def parquet_rows(path: Path) -> Iterator[Callable[[Sequence[Any]], None]]:
    """Open a new Parquet file; give what writes flat rows as they come, in row groups of a fixed size."""
    schema, rows = arrow_schema(), list[Sequence[Any]]()
    with path.open("xb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd", write_statistics=True) as writer:

            def flush() -> None:
                cells = zip(*rows, strict=True)
                arrays = [_array(column, field.type) for column, field in zip(cells, schema, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=_ROWS)
                rows.clear()

            def write(row: Sequence[Any]) -> None:
                rows.append(row)
                if len(rows) == _ROWS:
                    flush()

            yield write
            if rows:
                flush()
        file.flush()
        os.fsync(file.fileno())


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
