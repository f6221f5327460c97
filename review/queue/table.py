"""The queue of a release, held for filtering: narrowed, counted and walked through without going over it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ledger.decisions import TIERS
from review.queue.filters import DIMENSIONS, Filters
from review.queue.values import Mask, Values

BANDS = ("below 0.5", "0.5 to 0.7", "0.7 to 0.9", "0.9 and above")
_EDGES = (0.5, 0.7, 0.9)
_MOST = {"country": 12, "sector": 12, "document": 10, "release": 8}
_KEPT = 64
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its values with how many records each would leave."""

    name: str
    title: str
    chosen: str
    counts: tuple[tuple[str, int], ...]
    more: int = 0


class QueueTable:
    """A queue as ``build_queue`` made it, and which of its records were decided since."""

    def __init__(self, frame: pd.DataFrame, lately: Sequence[str | None]) -> None:
        """Take the queue and, for each of its rows in the release's own order, the release it last changed in."""
        self.frame = frame
        self._places = {key: place for place, key in enumerate(frame["record_id"])}
        self._decided: Mask = np.zeros(len(frame), dtype=np.bool_)
        self._values = self._indexed(frame, lately)
        self._narrowed: dict[Filters, Mask] = {}
        self.generation = 0

    @staticmethod
    def _indexed(frame: pd.DataFrame, lately: Sequence[str | None]) -> Mapping[str, Values]:
        bands = np.searchsorted(_EDGES, frame["confidence"].astype(float).to_numpy(), side="right")
        return {
            "why": Values.single(frame["why"].tolist()),
            "cause": Values.several(frame["causes"].tolist()),
            "field": Values.several(frame["fields_in_question"].tolist()),
            "confidence": Values.single([BANDS[band] for band in bands]),
            "kind": Values.single(frame["kind"].tolist()),
            "country": Values.either(frame["actor_country"], frame["partner_country"]),
            "sector": Values.single(frame["sector"].tolist()),
            "release": Values.single(list(lately)),
            "document": Values.single(frame["document_id"].tolist()),
        }

    def mark(self, record_id: str, *, decided: bool) -> None:
        """Take a record out of the open ones, or put it back."""
        place = self._places.get(record_id)
        if place is not None and self._decided[place] != decided:
            self._decided[place] = decided
            self.generation += 1

    def place(self, record_id: str) -> int | None:
        """Return the place of a record in the whole queue."""
        return self._places.get(record_id)

    @property
    def open(self) -> int:
        """How many records are still to be decided."""
        return int(len(self._decided) - self._decided.sum())

    def places(self, filters: Filters) -> Rows:
        """List the places of the open records that match, in the queue's order."""
        return np.flatnonzero(self._matching(filters) & ~self._decided)

    def rows(self, places: Sequence[int] | Rows) -> list[dict[str, Any]]:
        """Return rows of the queue as mappings; what is missing is None."""
        part = self.frame.iloc[places]
        rows: list[dict[str, Any]] = part.astype(object).where(part.notna(), None).to_dict("records")
        return rows

    def next(self, record_id: str, filters: Filters, *, skipped: frozenset[str] = frozenset()) -> str | None:
        """Return the next open record of a list after one of its records; from the top after the last."""
        return self._walk(record_id, self.places(filters), skipped)

    def previous(self, record_id: str, filters: Filters) -> str | None:
        """Return the open record before one of a list; from the end before the first."""
        places = self.places(filters)
        here = self._places.get(record_id, 0)
        cut = int(np.searchsorted(places, here))
        order = np.concatenate([places[:cut][::-1], places[cut:][::-1]])
        return self._first(order, record_id, frozenset())

    def first(self, filters: Filters, *, skipped: frozenset[str] = frozenset()) -> str | None:
        """Return the first open record of a list."""
        return self._first(self.places(filters), "", skipped)

    def _walk(self, record_id: str, places: Rows, skipped: frozenset[str]) -> str | None:
        cut = int(np.searchsorted(places, self._places.get(record_id, -1), side="right"))
        return self._first(np.concatenate([places[cut:], places[:cut]]), record_id, skipped)

    def _first(self, order: Rows, record_id: str, skipped: frozenset[str]) -> str | None:
        for place in order:
            key = str(self._ids[place])
            if key != record_id and key not in skipped:
                return key
        return None

    def facets(self, filters: Filters) -> list[Facet]:
        """Count the values of each filter among the open records that all other filters leave."""
        return [self._facet(name, title, filters) for name, title in DIMENSIONS.items()]

    def _facet(self, name: str, title: str, filters: Filters) -> Facet:
        others = filters.with_(**{name: ""})
        chosen = str(getattr(filters, name))
        counts = self._values[name].counts(self._matching(others) & ~self._decided)
        if name in _ORDERS:
            counts.sort(key=_ORDERS[name].position)
        shown = counts[: _MOST.get(name, len(counts))]
        if chosen and chosen not in dict(shown):
            shown.append((chosen, dict(counts).get(chosen, 0)))
        return Facet(name, title, chosen, tuple(shown), len(counts) - len(shown))

    def _matching(self, filters: Filters) -> Mask:
        filters = filters.narrowing()
        if filters not in self._narrowed:
            while len(self._narrowed) >= _KEPT:
                self._narrowed.pop(next(iter(self._narrowed)))
            self._narrowed[filters] = self._mask(filters)
        return self._narrowed[filters]

    def _mask(self, filters: Filters) -> Mask:
        mask: Mask = np.ones(len(self.frame), dtype=np.bool_)
        for name, value in filters.chosen().items():
            mask &= self._values[name].chosen(value)
        for word in filters.q.casefold().split():
            mask &= np.fromiter((word in one for one in self._words), dtype=np.bool_, count=len(self._words))
        return mask

    @cached_property
    def _ids(self) -> npt.NDArray[np.object_]:
        return np.array(self.frame["record_id"].tolist(), dtype=object)

    @cached_property
    def _words(self) -> list[str]:
        names = ("record_id", "document_id", "actor", "partner", "evidence")
        columns = [self.frame[name].fillna("").tolist() for name in names]
        return ["\n".join(parts).casefold() for parts in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class _Order:
    names: tuple[str, ...]

    def position(self, item: tuple[str, int]) -> int:
        return self.names.index(item[0]) if item[0] in self.names else len(self.names)


_ORDERS = {"why": _Order(TIERS), "confidence": _Order(BANDS)}
