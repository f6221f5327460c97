"""The status of an act: texts, and who acts in them with what status, in the order of the text."""

import csv
from pathlib import Path

import pytest

from schemas import CooperationRecord
from tests.frames.reading import records


def _rows() -> list[tuple[str, list[tuple[str, str]]]]:
    with (Path(__file__).parent / "statuses.tsv").open(encoding="utf-8", newline="") as table:
        rows = [(row["text"], row["statuses"]) for row in csv.DictReader(table, delimiter="\t")]
    return [(_lines(text), [_act(act) for act in acts.split(";")]) for text, acts in rows]


def _lines(text: str) -> str:
    return text.replace(" \\ ", "\n\n").replace("\\n", "\n")


def _act(act: str) -> tuple[str, str]:
    actor, _, status = act.rpartition(" ")
    return actor, status


def _place(record: CooperationRecord) -> int:
    return record.evidence.start


@pytest.mark.parametrize(("text", "acts"), _rows())
def test_the_status_is_the_latest_that_the_text_tells(text: str, acts: list[tuple[str, str]]) -> None:
    found = sorted(records(text), key=_place)
    told = [(actor, [str(r.status) for r in found if actor in r.actor.name][:1]) for actor, _ in acts]
    assert told == [(actor, [status]) for actor, status in acts]
