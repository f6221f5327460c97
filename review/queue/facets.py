"""The values of each filter: read from the records, counted, in the order in which the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ledger.decisions import TIERS
from review.queue.filters import DIMENSIONS
from review.queue.values import Mask, Numbers, Tags, Values

BANDS = ("below 0.5", "0.5 to 0.7", "0.7 to 0.9", "0.9 and above")
_EDGES = (0.5, 0.7, 0.9)
SUMS = ("below $1m", "$1m to $10m", "$10m to $100m", "$100m to $1bn", "$1bn and above")
_SUM_EDGES = (1e6, 1e7, 1e8, 1e9)
NO_SUM, NO_YEAR = "no dollars", "no year"
ONE_OF_TWO = "by one of two"
VERDICTS = ("undecided", "accepted", "edited", "in part", ONE_OF_TWO, "rejected", "two differ")
_MOST = {
    "party": 12,
    "country": 12,
    "sector": 12,
    "document": 10,
    "release": 8,
    "year": 12,
    "curator": 20,
    "assigned": 20,
}
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "why": TIERS,
    "verdict": VERDICTS,
    "confidence": BANDS,
    "amount": (*SUMS, NO_SUM),
}


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its values with how many records each has, those chosen, and how many values are not shown."""

    name: str
    title: str
    chosen: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    more: int = 0


def indexed(frame: pd.DataFrame, lately: Sequence[str | None]) -> dict[str, Values | Tags]:
    """Index the values of each filter that the records themselves tell."""
    sums = frame["amount_usd"].astype(float).tolist()
    years = [None if pd.isna(one) else int(one) for one in frame["year"]]
    return {
        "why": Values.single([one if one in TIERS else None for one in frame["why"]]),
        "cause": Values.several(frame["causes"].tolist()),
        "field": Values.several(frame["fields_in_question"].tolist()),
        "confidence": Values.single(_bands(frame["confidence"].astype(float).tolist(), _EDGES, BANDS)),
        "kind": Values.single(frame["kind"].tolist()),
        "status": Values.single(frame["status"].tolist()),
        "party": Values.either(frame["actor"], frame["partner"]),
        "country": Values.either(frame["actor_country"], frame["partner_country"]),
        "year": Numbers(years, [NO_YEAR if one is None else str(one) for one in years]),
        "amount": Numbers(sums, _bands(sums, _SUM_EDGES, SUMS, missing=NO_SUM)),
        "sector": Values.single(frame["sector"].tolist()),
        "release": Values.single(list(lately)),
        "document": Values.single(frame["document_id"].tolist()),
    }


def _bands(numbers: list[float], edges: tuple[float, ...], names: tuple[str, ...], *, missing: str = "") -> list[str]:
    bands = np.searchsorted(edges, numbers, side="right")
    return [missing if one != one else names[band] for one, band in zip(numbers, bands, strict=True)]


def facet(name: str, values: Values | Tags, mask: Mask, chosen: tuple[str, ...]) -> Facet:
    """Count the values of one filter among some rows; what is chosen is among those shown."""
    counts = values.counts(mask)
    if name in _ORDERS:
        counts.sort(key=_Order(_ORDERS[name]).position)
    if name == "year":
        counts.sort(key=_latest)
    shown = counts[: _MOST.get(name, len(counts))]
    known = dict(counts)
    hidden = [one for one in chosen if one not in dict(shown)]
    listed = tuple(shown) + tuple((one, known.get(one, int((values.chosen(one) & mask).sum()))) for one in hidden)
    return Facet(name, DIMENSIONS[name], chosen, listed, len(counts) - len(shown) - sum(one in known for one in hidden))


@dataclass(frozen=True, slots=True)
class _Order:
    names: tuple[str, ...]

    def position(self, item: tuple[str, int]) -> int:
        return self.names.index(item[0]) if item[0] in self.names else len(self.names)


def _latest(item: tuple[str, int]) -> int:
    return -int(item[0]) if item[0].isdigit() else 1
