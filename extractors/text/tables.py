"""Tables of a corpus: a header and rows under it, whatever format they come in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import IO, Any

from extractors.text.delimited import read_delimited
from extractors.text.iati import HEADER, activities
from extractors.text.sheets import sheets

CORPORA = (".jsonl", ".csv", ".tsv", ".xlsx", ".xml")
_LOOKED_AT = 100  # objects of a JSON Lines corpus, for the keys that there are


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number, as a person counts, and its cells by column, or the fault for which there are none.

    ``at`` is the offset and the length of a line in bytes; None where a row is no line.
    """

    number: int
    cells: dict[str, Any]
    fault: str = ""
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, to be read once, before the next table; ``sheet`` is its name in a workbook."""

    header: list[str]
    rows: Iterator[Row]
    sheet: str = ""


def tables(name: str, stream: IO[bytes]) -> Iterator[Table]:
    """Read the tables of a corpus, by its suffix. Raises UnreadableError where the file is none of its format."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".jsonl":
        yield _json_lines(stream)
    elif suffix == ".xlsx":
        for sheet, rows in sheets(stream):
            yield _table(rows, sheet)
    elif suffix == ".xml":
        yield Table(list(HEADER), (Row(number, cells) for number, cells in enumerate(activities(stream), start=1)))
    else:
        yield _table(read_delimited(stream))


def _table(rows: Iterator[tuple[int, list[str], str]], sheet: str = "") -> Table:
    """Take the first row that is not empty as the header."""
    first = next((cells for _, cells, _ in rows if any(cells)), [])
    header = [cell.replace("\ufeff", "").strip() for cell in first]
    filled = (one for one in rows if one[2] or any(one[1]))
    return Table(
        header, (Row(number, dict(zip(header, cells, strict=False)), bad) for number, cells, bad in filled), sheet
    )


def _json_lines(stream: IO[bytes]) -> Table:
    """Take the keys of the first objects as the header."""
    rows = _json_rows(stream)
    first = list(islice(rows, _LOOKED_AT))
    return Table(list(dict.fromkeys(key for row in first for key in row.cells)), chain(first, rows))


def _json_rows(stream: IO[bytes]) -> Iterator[Row]:
    start = 0
    for number, line in enumerate(stream, start=1):
        if line.strip():
            cells, fault = _json_object(line)
            yield Row(number, cells, fault, (start, len(line)))
        start += len(line)


def _json_object(line: bytes) -> tuple[dict[str, Any], str]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except RecursionError:
        return {}, "it is nested too deep"
    except ValueError as error:
        return {}, str(error)
    return (row, "") if isinstance(row, dict) else ({}, "not an object with id and text")
