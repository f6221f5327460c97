"""The year of an act: texts, with " \\ " for an empty line, and who acts in them when ("-" for no year)."""

import csv
from pathlib import Path

import pytest

from schemas import CooperationRecord, Year
from tests.frames.reading import records


def _rows() -> list[tuple[str, list[tuple[str, str]]]]:
    with (Path(__file__).parent / "years.tsv").open(encoding="utf-8", newline="") as table:
        rows = [(row["text"], row["years"]) for row in csv.DictReader(table, delimiter="\t")]
    return [(_lines(text), [_act(act) for act in acts.split(";")]) for text, acts in rows]


def _lines(text: str) -> str:
    return text.replace(" \\ ", "\n\n").replace("\\n", "\n")


def _act(act: str) -> tuple[str, str]:
    actor, _, year = act.rpartition(" ")
    return actor, year


def _shown(year: Year | None) -> str:
    if year is None:
        return "-"
    return str(year.start) if year.start == year.end else f"{year.start}-{year.end or ''}"


def _of(found: list[CooperationRecord], actor: str) -> list[str]:
    return [_shown(record.year) for record in found if actor in record.actor.name]


def _place(record: CooperationRecord) -> int:
    return record.evidence.start


@pytest.mark.parametrize(("text", "acts"), _rows())
def test_an_act_has_the_year_in_which_it_was_made(text: str, acts: list[tuple[str, str]]) -> None:
    found = sorted(records(text), key=_place)
    assert [(actor, _of(found, actor)[:1]) for actor, _ in acts] == [(actor, [year]) for actor, year in acts]
