"""Tables: runs of rows in Markdown, tab separated or with bars, as cells under their column heads."""

import re
from dataclasses import dataclass

from .tree import Outline, Place


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: offsets of its content in the text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row under its column heads; ``heads`` is empty where the table has none."""

    place: Place
    cells: tuple[Cell, ...]
    heads: tuple[str, ...]


def rows(outline: Outline) -> list[Row]:
    """Return the rows of all tables, without their heads."""
    found: list[Row] = []
    for run in _runs(outline.places):
        parsed = [_cells(outline.text, place) for place in run]
        heads = tuple(cell.text for cell in parsed[0]) if _is_head(parsed) else ()
        first = 1 if heads else 0
        found += [
            Row(place, cells, heads)
            for place, cells in list(zip(run, parsed, strict=True))[first:]
            if any(c.text for c in cells)
        ]
    return found


def _runs(places: list[Place]) -> list[list[Place]]:
    runs: list[list[Place]] = []
    open_ = False
    for place in places:
        if place.line.kind == "row":
            if not open_:
                runs.append([])
            runs[-1].append(place)
            open_ = True
        elif place.line.kind != "noise":
            open_ = False
    return runs


def _cells(text: str, place: Place) -> tuple[Cell, ...]:
    line = text[place.line.start : place.line.end]
    mark = "\t" if "\t" in line else "|"
    cells, at = [], place.line.start
    for part in line.split(mark):
        lead = len(part) - len(part.lstrip())
        cells.append(Cell(at + lead, at + lead + len(part.strip()), part.strip()))
        at += len(part) + 1
    if mark == "|":
        if cells and not cells[0].text and line.startswith("|"):
            cells = cells[1:]
        if cells and not cells[-1].text and line.endswith("|"):
            cells = cells[:-1]
    return tuple(cells)


def _is_head(parsed: list[tuple[Cell, ...]]) -> bool:
    if len(parsed) < 2:
        return False
    first, others = parsed[0], parsed[1:]
    if any(re.search(r"\d", cell.text) for cell in first):
        return False
    return any(re.search(r"\d", cell.text) for row in others for cell in row) or all(c.text for c in first)
