"""``records.parquet``: the flat rows with types, nulls and descriptions, the same bytes for the same rows."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from ledger.formats.columns import Column, columns
from schemas import SCHEMA_VERSION

_ROWS = 20_000
_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def arrow_schema() -> pa.Schema:
    """Return the Arrow schema of the flat rows; each column's description is in its metadata."""
    metadata = {"coopledger.schema_version": SCHEMA_VERSION}
    return pa.schema([_arrow_field(column) for column in columns()], metadata=metadata)


def _arrow_field(column: Column) -> pa.Field:
    metadata = {"description": column.description}
    return pa.field(column.name, _TYPES[column.type], nullable=column.nullable, metadata=metadata)


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
