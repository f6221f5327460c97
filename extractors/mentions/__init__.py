"""Mentions of parties, years and amounts in a text, with offsets in characters of ``doc.text``.

``parties``, ``years`` and ``amounts`` each find one kind of mention in plain text, by tables and patterns.
``patterns`` holds the matching code that they share, ``components`` wraps the finders as spaCy components.
"""

from dataclasses import dataclass, field
from typing import Literal

from schemas import AmountKind, Bound, PartyType

PartyRole = Literal["name", "demonym", "place", "person", "description"]
YearKind = Literal["date", "year", "range", "fiscal", "plan", "decade", "since", "goal", "relative"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of text, ``text == doc.text[start:end]``, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PartyMention(Mention):
    """A country, body, person or group that can be a party to an act.

    ``name`` is the canonical name, ``country`` an ISO 3166-1 alpha-3 code or None. ``role`` is how the text refers to
    the party: by ``name`` ("Zambia"), ``demonym`` ("Zambian"), a ``place`` in it ("Lusaka"), a ``person`` or office
    that speaks for it ("President Kagame"), or a ``description`` ("the two sides", resolved later). ``countries``
    lists the members of a compound ("Sino-Russian") or of a region whose members are known. ``source`` is the table
    or rule that produced the mention.
    """

    name: str
    type: PartyType
    country: str | None = None
    role: PartyRole = "name"
    countries: tuple[str, ...] = ()
    source: str = "table"


@dataclass(frozen=True, slots=True)
class AmountMention(Mention):
    """A sum of money, a count of things or a percentage.

    ``value`` is None where the text gives no number ("several hundred million"). It is also None, and ``bound`` is
    "unknown", where the number cannot be parsed ("$1,234,56.78") or exceeds 1e18. ``unit`` is an ISO 4217 code, a
    singular lower-case noun, or ``percent``. ``number``, ``scale``, ``currency`` and ``assumed`` show how the value
    was derived; ``stated`` holds conversions given beside the sum.
    """

    kind: AmountKind
    value: float | None
    unit: str
    bound: Bound | Literal["unknown"] = "exact"
    per: Literal["year"] | None = None
    low: float | None = None
    high: float | None = None
    number: str = ""
    scale: str | None = None
    currency: str | None = None
    assumed: str | None = None
    stated: tuple["AmountMention", ...] = field(default=())


@dataclass(frozen=True, slots=True)
class YearMention(Mention):
    """A year or a range of years, both ends inclusive; ``last`` is None for an open range ("since 2014").

    ``kind``: ``date`` (with a day or month), ``year``, ``range``, ``fiscal``, ``plan``, ``decade``, ``since``,
    ``goal`` ("by 2049"), ``relative`` ("two years later", resolved against another mention or the document's date).
    """

    first: int
    last: int | None
    kind: YearKind = "year"
    month: int | None = None
    day: int | None = None
