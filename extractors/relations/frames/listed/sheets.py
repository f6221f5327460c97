"""Fact sheets: lines "Donor: KfW", "Amount: €5m" below each other, or a table of two such columns, tell one act."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.captions import about
from extractors.relations.frames.listed.columns import Columns, role_of
from extractors.relations.frames.listed.grid import frames_of
from extractors.relations.frames.reading import Reading
from extractors.relations.outline import Cell, Place, Row, Table, tables
from schemas import Kind

_KEY = re.compile(r"(?P<key>[A-Z][A-Za-z/'’() -]{1,34}?)\s*[:=]\s+(?=\S)")
_LONGEST = 160
_FEWEST = 3  # keys that tell their role
_SIDES = frozenset({"actor", "partner", "country", "party", "parties"})
_GIVEN = frozenset({"amount", "count", "form"})


@dataclass(frozen=True, slots=True)
class _Entry:
    place: Place
    key: str
    value: Cell


def read_sheets(reading: Reading) -> list[Frame]:
    """Return the acts of fact sheets; what sentences told of their lines is dropped from the reading."""
    found: list[Frame] = []
    for entries in [*_blocks(reading), *_upright(reading)]:
        frames = _act(reading, entries)
        if frames:
            start, end = frames[0].evidence
            reading.frames[:] = [f for f in reading.frames if not start <= f.evidence[0] < end]
            found += frames
    return found


def _act(reading: Reading, entries: Sequence[_Entry]) -> list[Frame]:
    told = [role_of(entry.key) for entry in entries]
    roles = [role for role, _ in told]
    known = [role for role in roles if role]
    sided = _SIDES & set(roles)
    if len(known) < _FEWEST or not sided or not (_GIVEN & set(roles) or {"actor", "partner"} <= sided):
        return []
    first, last = entries[0].place, entries[-1].place.line
    place = replace(first, line=replace(first.line, end=last.end, kind="row"))
    row = Row(place, tuple(e.value for e in entries), tuple(e.key for e in entries))
    kind: Kind | Literal[""] = next((of for _, of in told if of), "")
    above = about(reading, reading.outline.above(first))
    return frames_of(reading, row, Columns(roles, kind), above)


def _blocks(reading: Reading) -> Iterator[list[_Entry]]:
    """Runs of neighbouring lines of key and value."""
    run: list[_Entry] = []
    for place in reading.outline.places:
        entry = _entry(reading, place)
        if entry is not None and not (run and entry.key in {e.key for e in run}):
            run.append(entry)
            continue
        yield run
        run = [entry] if entry is not None else []
    yield run


def _entry(reading: Reading, place: Place) -> _Entry | None:
    line = place.line
    match = _KEY.match(reading.text, line.start, line.end)
    if match is None or line.kind == "row" or line.end - line.start > _LONGEST or line.date is not None:
        return None
    text = reading.text[match.end() : line.end].rstrip("*_ .;")
    return _Entry(place, match["key"].strip(), Cell(match.end(), match.end() + len(text), text))


def _upright(reading: Reading) -> Iterator[list[_Entry]]:
    """Tables of two columns whose first holds the keys."""
    for table in tables(reading.outline):
        if not table.rows or any(len(row.cells) != 2 for row in table.rows):
            continue
        keys = sum(bool(role_of(row.cells[0].text)[0]) for row in table.rows)
        if keys > len(table.rows) / 2:
            yield _head_entry(reading, table) + [
                _Entry(row.place, row.cells[0].text, row.cells[1]) for row in table.rows if row.cells[1].text
            ]


def _head_entry(reading: Reading, table: Table) -> list[_Entry]:
    """The first line of such a table, which was read as its heads."""
    place = reading.outline.places[table.first]
    if len(table.heads) != 2 or not role_of(table.heads[0])[0] or not table.heads[1]:
        return []
    start = reading.text.find(table.heads[1], place.line.start, place.line.end)
    return (
        [_Entry(place, table.heads[0], Cell(start, start + len(table.heads[1]), table.heads[1]))] if start > 0 else []
    )
