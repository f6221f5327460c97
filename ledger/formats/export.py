"""Releases in the shapes of other tools."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ledger.errors import LedgerError
from ledger.formats.annotation import label_studio, prodigy
from ledger.formats.flat import COLUMNS, guarded
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
    arrow = arrow_beyond([*before, *after])
    return [arrow, *(old if old == new else f"{old}{arrow}{new}" for old, new in zip(before, after, strict=True))]


def arrow_beyond(cells: list[str]) -> str:
    """Return an arrow that is longer than those in the cells, as daff writes it."""
    arrow = "->"
    while any(arrow in cell for cell in cells):
        arrow = "-" + arrow
    return arrow


def _cells(record: dict[str, Any] | None) -> list[str] | None:
    if record is None:
        return None
    row = flatten(CooperationRecord.model_validate(record, extra="ignore")).model_dump(mode="json").values()
    return ["" if cell is None else str(guarded(cell)) for cell in row]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


EXPORTS: dict[str, Callable[["Release"], Iterator[str]]] = {
    "prodigy": prodigy,
    "label-studio": label_studio,
    "daff": highlighter,
}


def export(release: "Release", kind: str) -> Iterator[str]:
    """Return the text of an export, piece by piece (UTF-8, line ends as the format has them).

    Args:
        release: the release.
        kind: ``prodigy`` (JSON Lines, one record a task, curators' verdicts as answers), ``label-studio`` (a JSON list,
            one document a task) or ``daff`` (the changes since the parent as a highlighter CSV).

    Raises:
        LedgerError: no such kind.
    """
    if kind not in EXPORTS:
        raise LedgerError(f"cannot export {kind} (known: {', '.join(EXPORTS)})")
    return EXPORTS[kind](release)
