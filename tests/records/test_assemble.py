"""From judged candidates to records: what none can hold costs no other, and what the amount of one is."""

import logging

import pytest

from extractors.mentions.amounts import find_amounts
from extractors.records.build import amount_of
from extractors.records.document import records_of
from extractors.records.instances import instances
from extractors.records.judge import Judged
from extractors.text.sentences import split
from tests.records.acts import act, party

TEXT = "Japan lends Kenya water pumps. France gives Kenya books."
SURE = dict.fromkeys(("record", "actor", "partner", "year", "amount", "sector"), 0.9)


def test_a_candidate_that_the_models_refuse_is_left_out_alone(caplog: pytest.LogCaptureFixture) -> None:
    kenya = [party(TEXT, "Kenya", country="KEN", type="country", nth=nth) for nth in (0, 1)]
    nowhere = party(TEXT, "Japan", country="XX0", type="country")
    france = party(TEXT, "France", country="FRA", type="country")
    acts = [
        act(TEXT, "lends", {"actor": [(nowhere, 0.9)], "partner": [(kenya[0], 0.9)]}),
        act(TEXT, "gives", {"actor": [(france, 0.9)], "partner": [(kenya[1], 0.9)]}, kind="grant"),
    ]
    found = [Judged(one, SURE) for one in instances(acts, split(TEXT))]
    with caplog.at_level(logging.WARNING):
        records = records_of(found, TEXT, "d1", date=None)
    assert [(one.rank, one.actor.name) for one in records] == [(1, "France")]
    assert "d1: a record was left out" in caplog.text


@pytest.mark.parametrize("sum_", ["-$5m", "$-5m", "minus 5m euros", "USD-5m", "-$5m to $7m"])
def test_a_negative_sum_is_no_amount_of_a_record(sum_: str) -> None:
    assert amount_of(find_amounts(f"The flow was {sum_} then.")[0], None) is None


@pytest.mark.parametrize(
    ("kind", "counted", "unit"),
    [
        ("training", "20 master's places", "person"),
        ("training", "20 seats", "person"),
        ("training", "20 scholarships", "scholarship"),
        ("supply", "20 seats", "seat"),
    ],
)
def test_places_for_those_who_are_trained_are_people(kind: str, counted: str, unit: str) -> None:
    text = f"France gives Peru {counted}."
    france, peru = (
        party(text, name, country=code, type="country") for name, code in (("France", "FRA"), ("Peru", "PER"))
    )
    fillers = {"actor": [(france, 0.9)], "partner": [(peru, 0.9)], "amount": [(find_amounts(text)[0], 0.9)]}
    found = [Judged(one, SURE) for one in instances([act(text, "gives", fillers, kind=kind)], split(text))]
    (record,) = records_of(found, text, "d1", date=None)
    assert record.amount is not None
    assert record.amount.unit == unit
