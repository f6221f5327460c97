"""Years, dates and stretches of years in a text."""

from extractors.mentions.years.finder import find_years

__all__ = ["find_years"]
