"""Drafts: numbers with their unit, before ranges, lists and conversions are joined and mentions made of them."""

from dataclasses import dataclass, field

from extractors.mentions.amounts.currencies import Found
from extractors.mentions.amounts.numbers import Number
from schemas import AmountKind


@dataclass(slots=True)
class Draft:
    """A number and what its neighbours make of it; joined and edited until a mention is cut from it.

    ``kind`` is None for a number that is nothing by itself but may take the unit of the next ("10 to 20 yuan").
    """

    number: Number
    start: int
    end: int
    kind: AmountKind | None = None
    lead: Found | None = None
    trail: Found | None = None
    unit: str = ""
    assumed: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    scale: str | None = None
    stated: list["Draft"] = field(default_factory=list)
    gone: bool = False  # taken into another draft

    @property
    def leads(self) -> bool:
        """Whether the currency stands before the number."""
        return self.lead is not None

    @property
    def said(self) -> Found | None:
        """The currency as written, the more exact of two: in "$5 million AUD" it is the last."""
        if self.lead and self.trail and len(self.trail.money.codes) < len(self.lead.money.codes):
            return self.trail
        return self.lead or self.trail

    @property
    def is_range(self) -> bool:
        """Whether two numbers have been joined here."""
        return self.low is not None
