"""``records.csv``: RFC 4180, UTF-8, and nothing in it that a spreadsheet would run."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from ledger.errors import one_line
from schemas import FlatRecord

COLUMNS = tuple(FlatRecord.model_fields)
# OWASP's list (CSV injection): formula signs, their full-width forms, tab, carriage return and line feed.
_RUNS = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARD = "'"


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
