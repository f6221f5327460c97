"""Units of a currency per US dollar: the average of a year, or the rate of a stated day. No network."""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from schemas.packaged import packaged_rows

_HERE = "extractors.entities.rates"
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
def _ecb() -> dict[tuple[str, int], tuple[float, int]]:
    return {
        (row["currency"], int(row["year"])): (float(row["units_per_usd"]), int(row["days"]))
        for row in packaged_rows(_HERE, "ecb_annual.csv")
    }


@cache
def _table() -> dict[tuple[str, int], float]:
    return {
        (row["currency"], int(row["year"])): float(row["units_per_usd"]) for row in packaged_rows(_HERE, "annual.csv")
    }


@cache
def _pegs() -> dict[str, tuple[_Peg, ...]]:
    found: dict[str, tuple[_Peg, ...]] = {}
    for row in packaged_rows(_HERE, "pegs.csv"):
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
    units, days = _ecb().get((currency, year), (0.0, 0))
    value = units if days >= _MOST_OF_A_YEAR else _table().get((currency, year)) or _pegged(currency, year) or units
    return Rate(value, f"{year} average") if value else None


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
