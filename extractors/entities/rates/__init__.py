"""Rates of exchange: units of a currency per US dollar, of a year or of a day."""

from extractors.entities.rates.rates import Rate, annual_rate, day_rate

__all__ = ["Rate", "annual_rate", "day_rate"]
