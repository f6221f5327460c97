"""Sums of money, counts and percentages in a text, each with value, unit, bound and place."""

from typing import TYPE_CHECKING, Any

from extractors.entities.amounts.finder import find_amounts
from extractors.entities.amounts.numbers import Number, find_numbers
from extractors.entities.amounts.record import to_amount

if TYPE_CHECKING:
    from extractors.entities.amounts.component import make_amounts

__all__ = ["Number", "find_amounts", "find_numbers", "make_amounts", "to_amount"]


def __getattr__(name: str) -> Any:
    """Import spaCy only for those who ask for the component."""
    if name == "make_amounts":
        from extractors.entities.amounts.component import make_amounts

        return make_amounts
    raise AttributeError(name)
