"""Changes as a highlighter CSV, which daff renders (``daff render``) and applies (``daff patch``)."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger.formats.flatcsv import COLUMNS, guarded
from schemas import Change, CooperationRecord, flatten

if TYPE_CHECKING:
    from ledger.release.read import Release


def highlighter(release: "Release") -> Iterator[str]:
    """Return the changes since the parent release, row by row of records.csv.

    The first column says what became of a row: ``+++`` added, ``---`` removed, ``->`` changed. In a changed row the
    cells that differ hold both values, parted by the arrow of its first column (longer where a cell holds an arrow).
    """
    yield _line(["@@", *COLUMNS])
    for change in release.changes():
        row = _row(change)
        if row is not None:
            yield _line(row)


def _row(change: Change) -> list[str] | None:
    before, after = _cells(change.before), _cells(change.after)
    if before is None:
        return ["+++", *(after or [])]
    if after is None:
        return ["---", *before]
    if before == after:
        return None
    arrow = _arrow([*before, *after])
    return [arrow, *(old if old == new else f"{old}{arrow}{new}" for old, new in zip(before, after, strict=True))]


def _arrow(cells: list[str]) -> str:
    arrow = "->"
    while any(arrow in cell for cell in cells):
        arrow = "-" + arrow
    return arrow


def _cells(record: dict[str, Any] | None) -> list[str] | None:
    if record is None:
        return None
    row = flatten(CooperationRecord.model_validate(record)).model_dump(mode="json").values()
    return ["" if cell is None else str(guarded(cell)) for cell in row]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
