"""Rates of exchange: averages of years, stated days, pegs."""

import csv
from datetime import date
from pathlib import Path

import pytest

from extractors.mentions.amounts.record import annual_rate, averages, day_rate

FOLDER = Path(__file__).parents[3] / "extractors" / "mentions" / "amounts" / "tables"


@pytest.mark.parametrize(
    ("currency", "year", "units"),
    [
        ("USD", 2009, 1.0),
        ("CNY", 2009, 6.831),
        ("CNY", 2001, 8.277),  # before the ECB quoted it: from the table
        ("EUR", 2014, 0.7537),
        ("KES", 2005, 75.554),
        ("XOF", 2018, 555.7),  # past the table: through the peg to the euro
        ("NAD", 2012, 8.21),  # through the rand
        ("SAR", 2020, 3.75),
        ("GBP", 2016, 0.7410),
        ("JPY", 2010, 87.8),
    ],
)
def test_annual_average(currency: str, year: int, units: float) -> None:
    rate = annual_rate(currency, year)
    assert rate is not None
    assert rate.value == pytest.approx(units, rel=0.005)


@pytest.mark.parametrize(
    ("currency", "year"), [("KES", 2024), ("ZWD", 2008), ("XXX", 2010), ("CNY", 1950), ("cent", 2010)]
)
def test_unknown_is_none(currency: str, year: int) -> None:
    assert annual_rate(currency, year) is None


def test_basis_says_where_it_comes_from() -> None:
    assert annual_rate("CNY", 2009).basis == "2009 average"  # type: ignore[union-attr]


def test_stated_day() -> None:
    rate = day_rate("CNY", date(2009, 7, 15))
    assert rate is not None
    assert rate.value == pytest.approx(6.83, rel=0.005)
    assert rate.basis == "2009-07-15 rate"


def test_a_sunday_has_the_rate_before_it() -> None:
    assert day_rate("EUR", date(2009, 7, 19)).value == day_rate("EUR", date(2009, 7, 17)).value  # type: ignore[union-attr]


@pytest.mark.parametrize(("currency", "day"), [("KES", date(2009, 7, 15)), ("CNY", date(1950, 1, 1))])
def test_a_day_without_rate_is_none(currency: str, day: date) -> None:
    assert day_rate(currency, day) is None


def test_every_row_of_the_table_has_a_source() -> None:
    for name in ("annual_rates.csv", "pegs.csv"):
        with (FOLDER / name).open(encoding="utf-8") as stream:
            assert all(row["source"] for row in csv.DictReader(stream))


def test_the_cached_averages_are_those_of_the_bundled_file() -> None:
    with (FOLDER / "ecb_annual_rates.csv").open(encoding="utf-8") as stream:
        cached = {(row["currency"], int(row["year"])): float(row["units_per_usd"]) for row in csv.DictReader(stream)}
    fresh = {(currency, year): float(units) for currency, year, units, _ in averages()}
    settled = {key: units for key, units in cached.items() if key[1] <= 2024}
    assert {key: fresh[key] for key in settled} == settled
