"""Mentions of parties, years and amounts in a text, with offsets in characters of ``doc.text``.

``parties``, ``years`` and ``amounts`` each find one kind in plain text, by tables and patterns; ``patterns`` is how
years and amounts are matched; ``components`` makes spaCy components of the finders.
"""

from dataclasses import dataclass, field
from typing import Literal

from schemas import AmountKind, Bound, PartyType

PartyRole = Literal["name", "demonym", "place", "person", "description"]
YearKind = Literal["date", "year", "range", "fiscal", "plan", "decade", "since", "goal", "relative"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text, ``text == doc.text[start:end]``, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PartyMention(Mention):
    """A country, body, person or group that may act.

    ``name`` is canonical, ``country`` ISO 3166-1 alpha-3 or None. ``role`` tells how the mention names the party:
    by ``name`` ("Zambia"), by ``demonym`` ("Zambian"), by a ``place`` inside it ("Lusaka"), by a ``person`` or office
    that speaks for it ("President Kagame"), or by a ``description`` ("the two sides", resolved later).
    ``countries`` lists the members where the mention is compound ("Sino-Russian") or a region with known members.
    ``source`` is the table or rule that made it.
    """

    name: str
    type: PartyType
    country: str | None = None
    role: PartyRole = "name"
    countries: tuple[str, ...] = ()
    source: str = "table"


@dataclass(frozen=True, slots=True)
class AmountMention(Mention):
    """A sum of money, a count of things or a share, as a number.

    ``value`` is None where the text gives no number ("several hundred million"), and with ``bound`` "unknown" where it
    gives one that cannot be read ("$1,234,56.78") or held (beyond 1e18). ``unit`` is ISO 4217, a singular
    lower-case noun, or ``percent``; ``number``, ``scale``, ``currency`` and ``assumed`` let anyone redo it.
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
    """A year or a range of years; ``end_year`` None where it is open ("since 2014").

    ``kind``: ``date`` (a day or month in it), ``year``, ``range``, ``fiscal``, ``plan``, ``decade``, ``since``,
    ``goal`` ("by 2049"), ``relative`` ("two years later", resolved against another mention or the document's date).
    """

    first: int
    last: int | None
    kind: YearKind = "year"
    month: int | None = None
    day: int | None = None
