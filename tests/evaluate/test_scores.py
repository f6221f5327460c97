"""Scores against gold: what counts as right, how records are paired with facts, and the law of calibration."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.evaluate import calibration_error, score_facts, score_projects
from extractors.evaluate.facts import judge as judge_fact
from extractors.evaluate.projects import judge, same_body

Json = dict[str, Any]
EXIM: Json = {"name": "Export-Import Bank of China", "country": "CHN", "type": "organisation"}
GOLD: Json = {
    "id": "d",
    "recipients": ["ZMB"],
    "year": 2009,
    "amount": 1_000_000.0,
    "currency": "CNY",
    "sector_code": "140",
    "funders": [{"name": "Export-Import Bank of China"}],
    "flow": "Grant",
    "status": "Completion",
}
RECORD: Json = {
    "document_id": "d",
    "rank": 1,
    "kind": "grant",
    "status": "completed",
    "actor": EXIM,
    "partner": {"name": "Zambia", "country": "ZMB", "type": "country"},
    "year": {"start": 2009, "end": 2009},
    "amount": {"kind": "money", "value": 1_000_000, "unit": "CNY"},
    "sector": {"code": "140", "name": "Water Supply and Sanitation", "fields": ["water"]},
    "evidence": {"start": 0, "end": 34, "text": "Exim Bank gave Zambia a water plant"},
    "confidence": {"record": 0.9, "actor": 0.9, "partner": 1.0, "year": 0.5, "amount": 1.0, "sector": 1.0},
}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("China Exim Bank", "Export-Import Bank of China", True),
        ("China Development Bank (CDB)", "CDB", True),
        ("Nantong City Council", "Nantong Council", True),
        ("Ministry of Health", "Ministry of Commerce", False),
        ("", "Ministry of Commerce", False),
    ],
)
def test_when_two_names_are_of_one_body(one: str, other: str, same: bool) -> None:
    assert same_body(one, other) is same


def test_a_right_record_is_right_in_all() -> None:
    assert all(judge(RECORD, GOLD).values())


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"actor": EXIM | {"name": "China", "type": "country"}}, "actor"),
        ({"partner": None}, "partner"),
        ({"year": {"start": 2010, "end": 2010}}, "year"),
        ({"amount": {"kind": "money", "value": 1_010_000, "unit": "CNY"}}, "amount"),
        ({"amount": {"kind": "money", "value": 1_000_000, "unit": "USD"}}, "amount"),
        ({"sector": {"code": "998", "name": "Other"}}, "sector"),
        ({"status": "pledged"}, "status"),
    ],
)
def test_each_field_is_judged_by_itself(change: Json, wrong: str) -> None:
    verdict = judge(RECORD | change, GOLD)
    assert [name for name, right in verdict.items() if not right and name != "all"] == [wrong]


def test_a_count_is_no_sum_where_the_coders_left_the_amount_empty() -> None:
    buses = {"amount": {"kind": "count", "value": 6, "unit": "bus"}}
    assert judge(RECORD | buses, GOLD | {"amount": None})["amount"]
    assert judge(None, GOLD | {"amount": None})["amount"]
    assert not judge(RECORD, GOLD | {"amount": None})["amount"]


def test_only_headlines_count_and_missing_ones_do_too() -> None:
    second = RECORD | {"rank": 2, "year": None}
    scores = score_projects([second, RECORD], [GOLD, GOLD | {"id": "e"}])
    assert (scores.figures["documents"], scores.figures["without_record"]) == (2, 1)
    assert scores.figures["all"] == 0.5
    assert scores.figures["calibration_error_year"] == 0.5
    assert scores.figures["all_in_confident_half"] == 1.0


def test_the_surest_errors_come_first() -> None:
    wrong = [RECORD | {"document_id": name, "year": {"start": 1999, "end": None}} for name in "ab"]
    wrong[1] = wrong[1] | {"confidence": {"year": 0.99}}
    (first, second) = score_projects(wrong, [GOLD | {"id": "a"}, GOLD | {"id": "b"}]).worst("year")
    assert (first.document_id, second.document_id) == ("b", "a")
    assert (first.expected, first.got, first.quote) == ("2009", "1999", "Exim Bank gave Zambia a water plant")


FACT: Json = {
    "doc": "d",
    "required": True,
    "actor": {"names": ["China Exim Bank", "Export-Import Bank of China"], "country": "CHN", "type": ["organisation"]},
    "partner": {"names": ["Zambia"], "country": "ZMB", "type": ["country"]},
    "year": {"start": 2009, "end": 2009},
    "amount": {"kind": "money", "value": 1_000_000, "unit": "CNY", "bound": ["exact"]},
    "sector": ["140"],
    "fields": ["water"],
    "kind": ["grant"],
    "status": ["completed"],
    "evidence": "Exim Bank gave Zambia a water plant",
}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"actor": {"names": ["China"], "country": "CHN", "type": ["country"]}}, ["actor"]),
        ({"partner": None}, ["partner"]),
        ({"year": {"start": 2009, "end": 2012}}, ["year"]),
        ({"amount": None}, ["amount"]),
        ({"sector": ["230"], "fields": ["energy"]}, ["sector", "fields"]),
    ],
)
def test_a_record_against_a_fact(change: Json, wrong: list[str]) -> None:
    record = RECORD | {"amount": RECORD["amount"] | {"bound": "exact"}}
    assert [name for name, right in judge_fact(record, FACT | change).items() if not right] == wrong


def test_a_fact_is_found_missed_or_invented() -> None:
    other = FACT | {"evidence": "Togo joined the bank in the year after", "actor": {"names": ["Togo"]}, "partner": None}
    optional = FACT | {"required": False}
    twice = score_facts([RECORD, RECORD], [FACT, other])
    assert (twice.figures["found"], twice.figures["precision"]) == (0.5, 0.5)
    assert [miss.field for miss in twice.misses] == ["bound", "record"]
    assert score_facts([RECORD, RECORD], [FACT, optional]).figures["precision"] == 1.0


def test_evidence_is_compared_by_its_place_where_the_text_is_known() -> None:
    text = "Exim Bank gave Zambia a water plant. Exim Bank gave Zambia a water plant"
    apart = RECORD | {"actor": {"name": "Nobody at all"}, "evidence": {"start": 36, "end": 37, "text": " "}}
    assert "field_partner" not in score_facts([apart], [FACT], {"d": text[:36] + " "}).figures


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_the_error_of_a_confidence_is_a_share(pairs: list[tuple[float, bool]]) -> None:
    error = calibration_error(pairs)
    assert error is not None
    assert 0 <= error <= 1


def test_a_confidence_that_is_always_right_has_no_error() -> None:
    assert calibration_error([(1.0, True), (0.0, False)]) == 0
    assert calibration_error([]) is None
