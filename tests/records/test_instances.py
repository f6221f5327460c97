"""Acts paired to candidate records."""

import pytest

from extractors.records.instances import instances
from extractors.text.sentences import split
from tests.records.acts import act, money, party
from tests.records.acts import year as year_of

TEXT = "Minister Ana Paz spoke. Japan and Korea lent Kenya and Peru USD 5 million in 2004. Nobody else did."
JAPAN, KOREA = party(TEXT, "Japan", country="JPN", type="country"), party(TEXT, "Korea", country="KOR", type="country")
KENYA, PERU = party(TEXT, "Kenya", country="KEN", type="country"), party(TEXT, "Peru", country="PER", type="country")
PAZ = party(TEXT, "Ana Paz", type="person")


def pairs(fillers: dict) -> list[tuple[str, str | None]]:
    found = instances([act(TEXT, "lent", fillers)], split(TEXT))
    return [(one.actor.name, one.partner.name if one.partner else None) for one in found]


def test_each_likely_actor_is_paired_with_each_likely_partner() -> None:
    fillers = {
        "actor": [(JAPAN, 0.9), (KOREA, 0.8), (PERU, 0.01)],
        "partner": [(KENYA, 0.9), (PERU, 0.7), (JAPAN, 0.02)],
    }
    assert pairs(fillers) == [("Japan", "Kenya"), ("Japan", "Peru"), ("Korea", "Kenya"), ("Korea", "Peru")]


def test_nobody_is_tried_where_no_partner_is_sure() -> None:
    assert pairs({"actor": [(JAPAN, 0.9)], "partner": [(KENYA, 0.4)]}) == [("Japan", "Kenya"), ("Japan", None)]
    assert pairs({"actor": [(JAPAN, 0.9)], "partner": []}) == [("Japan", None)]
    assert pairs({"actor": [], "partner": [(KENYA, 0.9)]}) == []


def test_a_party_does_not_act_with_itself() -> None:
    assert pairs({"actor": [(JAPAN, 0.9)], "partner": [(JAPAN, 0.5), (KENYA, 0.3)]}) == [
        ("Japan", "Kenya"),
        ("Japan", None),
    ]


def test_a_person_stands_in_only_where_nobody_else_is() -> None:
    assert pairs({"actor": [(PAZ, 0.9), (JAPAN, 0.2)], "partner": [(KENYA, 0.9)]}) == [("Japan", "Kenya")]
    assert pairs({"actor": [(PAZ, 0.9)], "partner": [(KENYA, 0.9)]}) == [("Ana Paz", "Kenya")]


@pytest.mark.parametrize(("likely", "year", "sum_"), [(0.7, True, True), (0.35, True, False), (0.2, False, False)])
def test_year_and_sum_are_taken_where_they_are_oftener_right_than_none(likely: float, year: bool, sum_: bool) -> None:
    fillers = {
        "actor": [(JAPAN, 0.9)],
        "partner": [(KENYA, 0.9)],
        "year": [(year_of(TEXT, "2004"), likely)],
        "amount": [(money(TEXT, "USD 5 million", 5e6), likely)],
    }
    (one,) = instances([act(TEXT, "lent", fillers)], split(TEXT))  # type: ignore[arg-type]
    assert (one.when is not None, one.sum is not None) == (year, sum_)
    assert TEXT[slice(*one.evidence)] == "Japan and Korea lent Kenya and Peru USD 5 million in 2004."
