"""Sums of money, counts and percentages in a text, each with value, unit, bound and offsets."""

from extractors.mentions.amounts.finder import find_amounts
from extractors.mentions.amounts.numbers import Number, find_numbers
from extractors.mentions.amounts.record import to_amount

__all__ = ["Number", "find_amounts", "find_numbers", "to_amount"]
