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

from ledger.errors import as_ledger_error
from schemas import SCHEMA_VERSION, FlatRecord

COLUMNS = tuple(FlatRecord.model_fields)
# Starts of a cell that OWASP lists for CSV injection: formula signs, also full-width, tab, carriage return, line feed.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_ESCAPE = "'"
_ROW_GROUP = 20_000
_ARROW_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of records.csv and records.parquet: ``type`` is a Table Schema type, ``values`` a code list or empty."""

    name: str
    type: str
    nullable: bool
    values: tuple[str, ...]
    description: str


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns in order."""
    properties = FlatRecord.model_json_schema(by_alias=False)["properties"]
    return tuple(_column(name, one) for name, one in properties.items())


def _column(name: str, prop: dict[str, Any]) -> Column:
    """Return the column that a property of the JSON Schema describes."""
    kind, *null = prop.get("anyOf", [prop])
    values = kind.get("enum", [kind["const"]] if "const" in kind else [])
    return Column(name, kind["type"], nullable=bool(null), values=tuple(values), description=prop["description"])


def escape_formula(cell: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would run as a formula, or that already looks escaped."""
    return _ESCAPE + cell if isinstance(cell, str) and _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Undo ``escape_formula``."""
    return cell[1:] if cell.startswith(_ESCAPE) and _FORMULA.match(cell) else cell


class CsvRows:
    """Writes flat rows as CSV: a header, comma, CRLF, quotes where needed, formulas escaped, empty for null."""

    def __init__(self, file: TextIO, columns: Sequence[str] = COLUMNS) -> None:
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._writer.writerow(columns)

    def write(self, row: Iterable[Any]) -> None:
        """Write the values of a row in the order of the columns."""
        self._writer.writerow([escape_formula(cell) for cell in row])


def read_csv(path: Path) -> Iterator[dict[str, str | None]]:
    """Yield the rows of a records.csv as text, formulas unescaped, empty cells as None."""
    with as_ledger_error(f"cannot read {path}"), path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: unescape_formula(cell) if cell else None for name, cell in row.items()}


def arrow_schema() -> pa.Schema:
    """Return the Arrow schema of the flat rows; each column's description is in its metadata."""
    metadata = {"coopledger.schema_version": SCHEMA_VERSION}
    return pa.schema([_arrow_field(column) for column in columns()], metadata=metadata)


def _arrow_field(column: Column) -> pa.Field:
    metadata = {"description": column.description}
    return pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable, metadata=metadata)


@contextmanager
def parquet_rows(path: Path) -> Iterator[Callable[[Sequence[Any]], None]]:
    """Create a Parquet file and yield a function that writes one flat row; row groups have a fixed size."""
    schema, rows = arrow_schema(), list[Sequence[Any]]()
    with path.open("xb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd", write_statistics=True) as writer:

            def flush() -> None:
                cells = zip(*rows, strict=True)
                arrays = [_array(column, field.type) for column, field in zip(cells, schema, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=_ROW_GROUP)
                rows.clear()

            def write(row: Sequence[Any]) -> None:
                rows.append(row)
                if len(rows) == _ROW_GROUP:
                    flush()

            yield write
            if rows:
                flush()
        file.flush()
        os.fsync(file.fileno())


def _array(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_floating(kind):  # Arrow does not convert an int beyond 2**53 to a double
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
