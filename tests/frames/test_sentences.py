"""Sentences and the acts they tell: for each rule some that it must read, and some that tell no act."""

import csv
from pathlib import Path

import pytest

from schemas import CooperationRecord
from tests.frames.reading import records

_TABLE = Path(__file__).parent / "sentences.tsv"


def _rows() -> list[tuple[str, list[list[str]]]]:
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t")
        return [(row["text"], [act.split(">") for act in row["acts"].split(";") if act]) for row in rows]


def _tells(record: CooperationRecord, act: list[str]) -> bool:
    actor, partner, kind = act
    other = "" if record.partner is None else record.partner.name
    named = actor.lower() in record.actor.name.lower() and partner.lower() in other.lower()
    return named and kind in ("", record.kind)


@pytest.mark.parametrize(("text", "acts"), _rows())
def test_a_sentence_tells_these_acts(text: str, acts: list[list[str]]) -> None:
    found = records(text)
    assert len(found) == len(acts)
    assert all(any(_tells(record, act) for record in found) for act in acts)
