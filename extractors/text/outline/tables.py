"""Tables: runs of rows parted by bars, tabs, semicolons, commas or aligned blanks, as cells under their heads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .splits import split_row
from .tree import Outline, Place

_ALL = (
    r"(?:grand |sub-?)?(?:totals?|sum|overall|all (?:countries|regions|projects|partners|donors)|"
    r"(?:all )?others?(?: countries| partners| donors| recipients)?|(?:the )?rest(?: of (?:the )?world)?|average|mean)"
)
_TOTAL = re.compile(rf"\W*{_ALL}\W*(?:\([^)]*\)\W*|\d{{4}}\W*|[:–-].*)?$", re.I)
_DATUM = re.compile(r"\W{0,3}(?:[A-Z]{0,3}[$€£¥]\s?)?\d|(?:19|20)\d\d$|[A-Z]{3} ?\d")
_RULE = re.compile(r"[-=_+ \t|:–—]{3,}$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: offsets of its content in the text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row under its heads; ``heads`` is empty where the table has none, ``section`` a line inside the table."""

    place: Place
    cells: tuple[Cell, ...]
    heads: tuple[str, ...]
    section: Cell | None = None


@dataclass(slots=True)
class Table:
    """The rows of a table without heads, totals and section lines; ``first`` is the index of its first line."""

    first: int
    heads: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    """Neighbouring rows; ``rule`` counts the rows above a ruled line."""

    first: int
    places: list[Place]
    rule: int = 0


def rows(outline: Outline) -> list[Row]:
    """Return the rows of all tables, without their heads."""
    return [row for table in tables(outline) for row in table.rows]


def tables(outline: Outline) -> list[Table]:
    """Return the tables of a text in order; one that goes on after a line keeps the heads of the one before."""
    found: list[Table] = []
    for run in _runs(outline):
        parsed = [_cells(outline.text, place) for place in run.places]
        size = _head_size(parsed, run.rule)
        heads = _merged(parsed[:size])
        before = found[-1] if found else None
        first = run.first
        if not size and before is not None and before.heads and _goes_on(before, run, len(parsed[0])):
            heads, first = before.heads, before.first
        table = Table(first, heads)
        _fill(table, run.places[size:], parsed[size:])
        found.append(table)
    return found


def _goes_on(before: Table, run: _Run, width: int) -> bool:
    last = before.first + len(before.rows)
    return len(before.heads) == width and run.first - last <= 8


def _fill(table: Table, places: Sequence[Place], parsed: Sequence[tuple[Cell, ...]]) -> None:
    section: Cell | None = None
    for place, cells in zip(places, parsed, strict=True):
        told = [c for c in cells if c.text.strip(" *_")]
        if not told or tuple(c.text for c in cells) == table.heads:
            continue
        if any(_TOTAL.match(c.text) for c in told):
            continue
        if len(told) == 1 and len(table.heads or cells) > 2 and cells[0] is told[0] and not _DATUM.match(told[0].text):
            section = told[0]
            continue
        above = table.rows[-1].cells if table.rows and table.rows[-1].section is section else ()
        table.rows.append(Row(place, _carried(cells, above), table.heads, section))


def _carried(cells: tuple[Cell, ...], above: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Cells that repeat the one above: an empty first cell, or a ditto mark."""
    out = list(cells)
    for k, (cell, upper) in enumerate(zip(cells, above, strict=False)):
        ditto = cell.text.lower() in {'"', "″", "“", "”", "ditto", "idem", "do.", "id.", "''"}
        if ditto or (k == 0 and not cell.text and not re.match(r"\d+\W*$", upper.text)):
            out[k] = upper
    return tuple(out)


def _runs(outline: Outline) -> list[_Run]:
    runs: list[_Run] = []
    open_ = False
    for i, place in enumerate(outline.places):
        if place.line.kind == "row":
            if open_ and runs[-1].places[-1].line.sign != place.line.sign:
                open_ = False
            if not open_:
                runs.append(_Run(i, []))
            runs[-1].places.append(place)
            open_ = True
        elif place.line.kind != "noise":
            open_ = False
        elif open_ and _rules(outline.text, runs[-1].places[-1], place):
            _ruled(runs, i)
    return runs


def _rules(text: str, row: Place, place: Place) -> bool:
    """Whether a line is drawn under a row: right below it, and parted as the row is where bars part it."""
    drawn = text[place.line.start : place.line.end]
    near = text.count("\n", row.line.end, place.line.start) < 2
    return near and _RULE.match(drawn) is not None and (row.line.sign != "|" or "|" in drawn or "+" in drawn)


def _ruled(runs: list[_Run], i: int) -> None:
    """A ruled line: the rows above are the heads, the last those of a new table where others stand before."""
    run = runs[-1]
    if run.rule or len(run.places) > 3:
        head = run.places.pop()
        runs.append(_Run(i - 1, [head], rule=1))
    else:
        run.rule = len(run.places)


def _cells(text: str, place: Place) -> tuple[Cell, ...]:
    return tuple(Cell(a, b, text[a:b]) for a, b in split_row(text, place.line.start, place.line.end, place.line.sign))


def _head_size(parsed: list[tuple[Cell, ...]], rule: int) -> int:
    """How many rows are heads: those above a rule, else the first where it holds no data and the others do."""
    if rule:
        more = rule < len(parsed) - 1 and _fills(parsed[rule - 1], parsed[rule]) and not _has_datum(parsed[rule])
        return rule + more
    if len(parsed) < 2 or _has_datum(parsed[0]):
        return 0
    if not any(_has_datum(row) for row in parsed[1:]):
        return int(all(c.text for c in parsed[0]))
    second = len(parsed) > 2 and _fills(parsed[0], parsed[1]) and not _has_datum(parsed[1])
    return 2 if second and any(_has_datum(row) for row in parsed[2:]) else 1


def _has_datum(cells: tuple[Cell, ...]) -> bool:
    return any(_DATUM.match(cell.text) for cell in cells)


def _fills(first: tuple[Cell, ...], second: tuple[Cell, ...]) -> bool:
    """Whether a second row of heads stands under the first: it is empty where the first tells all."""
    texts = [c.text for c in first]
    return (
        len(first) == len(second) and any(not c.text for c in second) and ("" in texts or len(set(texts)) < len(texts))
    )


def _merged(head: list[tuple[Cell, ...]]) -> tuple[str, ...]:
    if not head:
        return ()
    if len(head) == 1:
        return tuple(c.text.strip("*_ ") for c in head[0])
    out: list[str] = []
    last = ""
    for k in range(max(len(row) for row in head)):
        parts = [row[k].text.strip("*_ ") for row in head if k < len(row)]
        last = parts[0] or last
        out.append(" ".join(dict.fromkeys(p for p in (last if any(parts[1:]) else parts[0], *parts[1:]) if p)))
    return tuple(out)
