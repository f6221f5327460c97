"""Filters of the list: which records have which values, counted in milliseconds, however many records there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ledger.decisions import TIERS
from review.filters import DIMENSIONS

Mask = npt.NDArray[np.bool_]
Count = tuple[str, int]
BANDS = ("below 0.5", "0.5 to 0.7", "0.7 to 0.9", "0.9 and above")
_EDGES = (0.5, 0.7, 0.9)
SUMS = ("below $1m", "$1m to $10m", "$10m to $100m", "$100m to $1bn", "$1bn and above")
_SUM_EDGES = (1e6, 1e7, 1e8, 1e9)
NO_SUM, NO_YEAR = "no dollars", "no year"
ONE_OF_TWO = "by one of two"
VERDICTS = ("undecided", "accepted", "edited", "in part", ONE_OF_TWO, "rejected", "two differ")
_MOST_SHOWN = {
    "party": 12, "country": 12, "sector": 12, "document": 10, "release": 8, "year": 12, "curator": 20, "assigned": 20,
}  # fmt: skip
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "why": TIERS,
    "verdict": VERDICTS,
    "confidence": BANDS,
    "amount": (*SUMS, NO_SUM),
}


class ValueIndex:
    """The values of one filter: any number of them a row."""

    def __init__(self, rows: npt.NDArray[np.int64], values: Iterable[object], *, size: int) -> None:
        """Take pairs of a row's number and a value, no pair twice, and how many rows there are."""
        codes, names = pd.factorize(np.asarray(list(values), dtype=object))
        known = codes >= 0
        self._rows, self._codes = rows[known], codes[known]
        self._names = [str(name) for name in names]
        self._code_of = {name: code for code, name in enumerate(self._names)}
        self._alphabet = np.argsort(np.argsort(np.array(self._names, dtype=object), kind="stable"))
        self._size = size

    @classmethod
    def single(cls, values: Sequence[object]) -> "ValueIndex":
        """Take one value a row; None is none."""
        return cls(np.arange(len(values)), values, size=len(values))

    @classmethod
    def several(cls, values: Sequence[tuple[str, ...]]) -> "ValueIndex":
        """Take a tuple of values for each row."""
        pairs = [(row, one) for row, several in enumerate(values) for one in dict.fromkeys(several)]
        rows = np.array([row for row, _ in pairs], dtype=np.int64)
        return cls(rows, [one for _, one in pairs], size=len(values))

    @classmethod
    def either(cls, first: pd.Series, second: pd.Series) -> "ValueIndex":
        """Take two values for each row, such as the countries of both parties."""
        rows = np.arange(len(first))
        other = second.where(second != first)
        return cls(np.concatenate([rows, rows]), [*first, *other], size=len(first))

    def chosen(self, name: str) -> Mask:
        """Tell which rows have a value."""
        mask = np.zeros(self._size, dtype=np.bool_)
        code = self._code_of.get(name)
        if code is not None:
            mask[self._rows[self._codes == code]] = True
        return mask

    def counts(self, mask: Mask) -> list[Count]:
        """Count the values of some rows, the most frequent first."""
        return self.most(mask)[0]

    def most(self, mask: Mask, shown: int | None = None) -> tuple[list[Count], int]:
        """Count the values of some rows; return the most frequent, and how many values there are."""
        numbers = np.bincount(self._codes[mask[self._rows]], minlength=len(self._names))
        different = int(np.count_nonzero(numbers))
        order = np.lexsort((self._alphabet, -numbers))[:different][:shown]
        return [(self._names[code], int(numbers[code])) for code in order], different


class NumberIndex(ValueIndex):
    """A number for each row, filtered by its name (of a band, say) or by a range, ``2010..2015``."""

    def __init__(self, numbers: Sequence[float | None], names: Sequence[str]) -> None:
        super().__init__(np.arange(len(names)), names, size=len(names))
        self._numbers = np.array([np.nan if one is None else one for one in numbers], dtype=np.float64)

    def chosen(self, name: str) -> Mask:
        """Tell which rows have a name, or a number in a range."""
        low, dots, high = name.partition("..")
        if not dots:
            return super().chosen(name)
        try:
            ends = float(low or "-inf"), float(high or "inf")
        except ValueError:
            return np.zeros(self._size, dtype=np.bool_)
        return np.asarray((self._numbers >= ends[0]) & (self._numbers <= ends[1]))


class TagIndex:
    """Names that rows get and lose while the page runs, any number a row; rows without any go by ``rest``.

    Requests read them while a decision changes them: a row is changed in place, and nothing is gone through that grows.
    """

    def __init__(self, size: int, rest: str = "") -> None:
        self._size, self._rest = size, rest
        self._of: dict[int, tuple[str, ...]] = {}
        self._rows: dict[str, Mask] = {}
        self._named: Mask = np.zeros(size, dtype=np.bool_)

    def put(self, row: int, names: tuple[str, ...]) -> None:
        """Give a row other names."""
        for name in self.of(row):
            self._rows[name][row] = False
        for name in names:
            self._rows.setdefault(name, np.zeros(self._size, dtype=np.bool_))[row] = True
        self._of[row] = names
        self._named[row] = bool(names)

    def of(self, row: int) -> tuple[str, ...]:
        """Return the names of a row."""
        return self._of.get(row, ())

    def chosen(self, name: str) -> Mask:
        """Tell which rows go by a name."""
        if self._rest and name == self._rest:
            return ~self._named
        found = self._rows.get(name)
        return np.zeros(self._size, dtype=np.bool_) if found is None else found.copy()

    def counts(self, mask: Mask) -> list[Count]:
        """Count the names of some rows, the most frequent first."""
        counted = [(name, int((rows & mask).sum())) for name, rows in list(self._rows.items())]
        counted.append((self._rest, int((mask & ~self._named).sum()) if self._rest else 0))
        return sorted((one for one in counted if one[1]), key=_most_frequent)

    def most(self, mask: Mask, shown: int | None = None) -> tuple[list[Count], int]:
        """Count the names of some rows; return the most frequent, and how many names there are."""
        counts = self.counts(mask)
        return counts[:shown], len(counts)


def _most_frequent(item: Count) -> tuple[int, str]:
    return -item[1], item[0]


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its values with how many records each has, those chosen, and how many values are not shown."""

    name: str
    title: str
    chosen: tuple[str, ...]
    counts: tuple[Count, ...]
    more: int = 0


def facet_indexes(frame: pd.DataFrame, changed_in: Sequence[str | None]) -> dict[str, ValueIndex | TagIndex]:
    """Index the values of each filter that the records themselves tell."""
    sums = frame["amount_usd"].astype(float).tolist()
    years = [None if pd.isna(one) else int(one) for one in frame["year"]]
    return {
        "why": ValueIndex.single([one if one in TIERS else None for one in frame["why"]]),
        "cause": ValueIndex.several(frame["causes"].tolist()),
        "field": ValueIndex.several(frame["fields_in_question"].tolist()),
        "confidence": ValueIndex.single(_bands(frame["confidence"].astype(float).tolist(), _EDGES, BANDS)),
        "kind": ValueIndex.single(frame["kind"].tolist()),
        "status": ValueIndex.single(frame["status"].tolist()),
        "party": ValueIndex.either(frame["actor"], frame["partner"]),
        "country": ValueIndex.either(frame["actor_country"], frame["partner_country"]),
        "year": NumberIndex(years, [NO_YEAR if one is None else str(one) for one in years]),
        "amount": NumberIndex(sums, _bands(sums, _SUM_EDGES, SUMS, missing=NO_SUM)),
        "sector": ValueIndex.single(frame["sector"].tolist()),
        "release": ValueIndex.single(list(changed_in)),
        "document": ValueIndex.single(frame["document_id"].tolist()),
    }


def _bands(numbers: list[float], edges: tuple[float, ...], names: tuple[str, ...], *, missing: str = "") -> list[str]:
    bands = np.searchsorted(edges, numbers, side="right")
    return [missing if one != one else names[band] for one, band in zip(numbers, bands, strict=True)]


def count_facet(name: str, values: ValueIndex | TagIndex, mask: Mask, chosen: tuple[str, ...]) -> Facet:
    """Count the values of one filter among some rows; what is chosen is among those shown."""
    limit, order = _MOST_SHOWN.get(name), _ORDERS.get(name, ())
    counts, different = values.most(mask, None if order or name == "year" else limit)
    if order:
        counts.sort(key=lambda count: order.index(count[0]) if count[0] in order else len(order))
    if name == "year":
        counts.sort(key=_latest)
    shown = counts[:limit]
    hidden = [(one, int((values.chosen(one) & mask).sum())) for one in chosen if one not in dict(shown)]
    more = different - len(shown) - sum(count > 0 for _, count in hidden)
    return Facet(name, DIMENSIONS[name], chosen, (*shown, *hidden), more)


def _latest(item: Count) -> int:
    return -int(item[0]) if item[0].isdigit() else 1
