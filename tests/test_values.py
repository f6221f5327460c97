"""Values that cannot be are refused by the models, and so by everything that makes, reads or stores a record."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas import Amount, Party, Stated, Year, countries, currencies

SPAN = {"start": 0, "end": 3, "text": "sum"}
MONEY: dict[str, Any] = {
    "kind": "money",
    "value": 5,
    "unit": "USD",
    "span": SPAN,
    "derivation": {"surface": "sum", "number": "5"},
}
PARTY: dict[str, Any] = {"name": "Ghana", "type": "country", "span": SPAN}
CANNOT_BE = [
    (Party, PARTY, {"country": "QQQ"}, "no country"),
    (Party, PARTY, {"country": "gha"}, "pattern"),
    (Party, PARTY, {"name": "x" * 301}, "300"),
    (Party, PARTY, {"name": " \t"}, "letters"),
    (Party, PARTY, {"name": ""}, "at least 1"),
    (Amount, MONEY, {"unit": "QQQ"}, "no currency"),
    (Amount, MONEY, {"unit": "dollars"}, "no currency"),
    (Amount, MONEY, {"value": -1}, "negative"),
    (Amount, MONEY, {"value": float("nan")}, "finite"),
    (Amount, MONEY, {"value": float("inf")}, "finite"),
    (Amount, MONEY, {"usd": -2}, "negative"),
    (Amount, MONEY, {"low": 6, "high": 4}, "above"),
    (Amount, MONEY, {"low": 6, "high": 8}, "between"),
    (Amount, MONEY, {"high": 4}, "between"),
    (Amount, MONEY, {"low": 6}, "between"),
    (Year, {"start": 2000, "span": SPAN}, {"start": 999}, "1000"),
    (Year, {"start": 2000, "span": SPAN}, {"end": 3000}, "2999"),
    (Year, {"start": 2000, "span": SPAN}, {"end": 1999}, "backwards"),
    (Stated, {"value": 1, "unit": "EUR", "span": SPAN}, {"unit": "XXX"}, "no currency"),
    (Stated, {"value": 1, "unit": "EUR", "span": SPAN}, {"value": -1}, "negative"),
]


@pytest.mark.parametrize(("model", "given", "change", "said"), CANNOT_BE)
def test_what_cannot_be_is_refused(model: Any, given: dict[str, Any], change: dict[str, Any], said: str) -> None:
    model.model_validate(given)
    with pytest.raises(ValidationError, match=said):
        model.model_validate(given | change)


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "DEM"},
        {"kind": "count", "unit": "joint laboratory"},
        {"value": 0},
        {"low": 4, "high": 6, "bound": "range"},
        {"low": 5, "high": 5},
    ],
)
def test_what_can_be_is_taken(change: dict[str, Any]) -> None:
    assert Amount.model_validate(MONEY | change)


def test_codes_have_names() -> None:
    assert countries()["XKX"] == "Kosovo" and currencies()["CNY"] == "Chinese Yuan"
    assert len(countries()) == 250 and all(len(code) == 3 for code in (*countries(), *currencies()))
