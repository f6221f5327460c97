"""From mentions to the amounts of records."""

from datetime import date

import pytest

from extractors.mentions.amounts import find_amounts, to_amount


def test_dollars_by_the_average_of_the_year() -> None:
    (mention,) = find_amounts("lent 800 million RMB to it")
    amount = to_amount(mention, 2009)
    assert (amount.value, amount.unit, amount.usd_rate_basis) == (800_000_000, "CNY", "2009 average")
    assert amount.usd == pytest.approx(117_110_000, rel=0.001)
    assert amount.derivation.model_dump() == {
        "surface": "800 million RMB", "number": "800", "scale": "million", "currency": "RMB", "assumed": None,
    }  # fmt: skip


def test_dollars_by_a_stated_day() -> None:
    (mention,) = find_amounts("lent €5 million to it")
    assert to_amount(mention, 2009, day=date(2009, 7, 15)).usd_rate_basis == "2009-07-15 rate"


@pytest.mark.parametrize(
    ("text", "year"), [("lent RMB 5 million", None), ("lent KSh 5 million", 2024), ("50 schools", 2009)]
)
def test_no_dollars_without_year_or_rate_or_money(text: str, year: int | None) -> None:
    (mention,) = find_amounts(text)
    assert to_amount(mention, year).usd is None


@pytest.mark.parametrize("year", [None, 2009])
def test_dollars_are_dollars_with_or_without_a_year(year: int | None) -> None:
    (mention,) = find_amounts("lent $5 million")
    amount = to_amount(mention, year)
    assert (amount.usd, amount.usd_rate, amount.usd_rate_basis) == (5_000_000, 1.0, "US dollars")


def test_a_conversion_that_disagrees_is_flagged() -> None:
    (mention,) = find_amounts("lent 200 million renminbi (US$29 million), or €56 million")
    amount = to_amount(mention, 2009)
    assert [(one.value, one.unit) for one in amount.stated] == [(29_000_000, "USD"), (56_000_000, "EUR")]
    (check,) = amount.checks
    assert check.code == "stated_disagrees"
    assert "€56 million" in check.detail


def test_the_choice_of_a_bare_dollar_is_visible() -> None:
    (mention,) = find_amounts("lent $5 million")
    assert to_amount(mention, 2009).derivation.assumed == "USD by default"
    *_, bare = find_amounts("Namibia paid N$9 million in all. The loan is $5 million.")
    assert (bare.unit, to_amount(bare, 2009).derivation.assumed) == ("NAD", "NAD elsewhere in the text")


def test_minor_units_become_parts_of_the_currency() -> None:
    for text, value, unit in [
        ("50 cents", 0.5, "USD"),
        ("20 pence", 0.2, "GBP"),
        ("50 kobo", 0.5, "NGN"),
        ("50 euro cents", 0.5, "EUR"),
        ("250 fils in Kuwait", 0.25, "KWD"),
        ("250 fils in Dubai", 2.5, "AED"),
    ]:
        (mention,) = find_amounts(text)
        amount = to_amount(mention, 2010)
        assert (amount.value, amount.unit) == (value, unit)


def test_ranges_and_stated_conversions_in_minor_units_become_parts_of_the_currency_too() -> None:
    (spread, other) = map(to_amount, find_amounts("from 30 to 50 cents a unit; EUR 0.40 (45 US cents) more"))
    assert (spread.low, spread.value, spread.high) == (0.3, 0.4, 0.5)
    assert [(one.value, one.unit) for one in other.stated] == [(0.45, "USD")]


def test_a_sum_without_number_makes_no_amount() -> None:
    (mention,) = find_amounts("several hundred million dollars")
    with pytest.raises(ValueError, match="several hundred"):
        to_amount(mention, 2010)
