"""Records as short lines, to compare with files of cases: "=== name", a text, "--- acts", one line for each act."""

from pathlib import Path
from typing import Any

import pytest

from schemas import CooperationRecord
from tests.frames.reading import records


def cases(name: str) -> list[Any]:
    """Return the texts of a file of cases with the acts that they tell, as parameters of a test."""
    blocks = (Path(__file__).parent / name).read_text(encoding="utf-8").split("=== ")[1:]
    return [_case(block) for block in blocks]


def _case(block: str) -> Any:
    title, _, rest = block.partition("\n")
    text, _, acts = rest.partition("--- acts\n")
    return pytest.param(text, [act for act in acts.split("\n") if act], id=title)


def told(text: str) -> list[str]:
    """Return the records of ``text`` as "actor > partner | kind | year | amount", in the order of their evidence."""
    return [_line(record) for record in sorted(records(text), key=_place)]


def _line(record: CooperationRecord) -> str:
    year, amount = record.year, record.amount
    when = "-" if year is None else str(year.start) if year.start == year.end else f"{year.start}-{year.end or ''}"
    much = "-" if amount is None else f"{amount.value:g} {amount.unit}{'/year' if amount.per else ''}"
    partner = record.partner.name if record.partner else "-"
    return f"{record.actor.name} > {partner} | {record.kind} | {when} | {much}"


def _place(record: CooperationRecord) -> tuple[int, str, str]:
    return record.evidence.start, record.partner.name if record.partner else "", record.actor.name
