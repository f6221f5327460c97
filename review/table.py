"""All records of a release, held for filtering: narrowed, counted, ordered and walked through.

Records are known by their places in the whole list, the most urgent first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ledger.decisions import SETTLED
from review.filters import (
    DIMENSIONS,
    ONE_OF_TWO,
    Facet,
    Filters,
    Mask,
    TagIndex,
    ValueIndex,
    count_facet,
    facet_indexes,
)

__all__ = ["ONE_OF_TWO", "Progress", "RecordTable", "ReviewStatus"]
Key = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
_KEPT_MASKS = 128


class SortOrders:
    """Sorts places of a list; of equals the more urgent, which is the one of the lower place, comes first."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._when: Key = np.full(len(frame), -1.0)

    def decided(self, place: int, when: int) -> None:
        """Note when a record was last decided, as a number that grows."""
        self._when[place] = when

    def sorted(self, places: Rows, sort: str) -> Rows:
        """Sort places, which are given in their own order."""
        if not sort:
            return places
        return places[np.argsort(self._key(sort)[places], kind="stable")]

    def before(self, places: Rows, here: int, sort: str) -> int:
        """Count how many of some places come before one."""
        if not sort:
            return int((places < here).sum())
        key = self._key(sort)
        return int(((key[places] < key[here]) | ((key[places] == key[here]) & (places < here))).sum())

    def _key(self, sort: str) -> Key:
        return -self._when if sort == "lately" else self._keys[sort]

    @cached_property
    def _keys(self) -> dict[str, Key]:
        frame = self._frame
        confidence = frame["confidence"].astype(float).to_numpy()
        return {
            "unsure": confidence,
            "sure": -confidence,
            "amount": -frame["amount_usd"].astype(float).fillna(-1).to_numpy(),
            "year": -frame["year"].astype(float).fillna(0).to_numpy(),
            "party": _ranks(frame["actor"].str.casefold(), frame["partner"].fillna("").str.casefold()),
            "text": _ranks(frame["document_id"], frame["evidence_start"], frame["rank"]),
        }


def _ranks(*columns: pd.Series) -> Key:
    """Return each row's rank by several columns, the first first; equals have the same."""
    ranks: Key = columns[0].groupby(list(columns), dropna=False).ngroup().to_numpy(dtype=np.float64)
    return ranks


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """What curators said of a record: whether it is done with, in words, who they were,
    when it was last, and who still has to."""

    done: bool
    verdict: tuple[str, ...] = ()
    curators: tuple[str, ...] = ()
    when: int = -1
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far some records are: how many there are, how many are decided, and by whom."""

    name: str
    total: int
    done: int
    mine: int


class RecordTable:
    """The records as ``list_records`` made them, and what was decided about them since."""

    def __init__(self, frame: pd.DataFrame, changed_in: Sequence[str | None]) -> None:
        """Take the records and, for each in the same order, the release it last changed in."""
        self.frame = frame
        self._places = {key: place for place, key in enumerate(frame["record_id"])}
        self._settled: Mask = (frame["why"] == SETTLED).to_numpy(dtype=np.bool_)
        self._done = self._settled.copy()
        self._verdicts, self._curators = TagIndex(len(frame), rest="undecided"), TagIndex(len(frame))
        self._assigned = TagIndex(len(frame))
        tags: dict[str, ValueIndex | TagIndex] = {
            "verdict": self._verdicts,
            "curator": self._curators,
            "assigned": self._assigned,
        }
        self._values = facet_indexes(frame, changed_in) | tags
        self._orders = SortOrders(frame)
        self._masks: dict[tuple[str, tuple[str, ...]], Mask] = {}

    def update(self, record_id: str, status: ReviewStatus) -> None:
        """Note what curators said of a record, and whether it is done with."""
        place = self._places.get(record_id)
        if place is None:
            return
        self._done[place] = status.done
        self._verdicts.put(place, status.verdict)
        self._curators.put(place, status.curators)
        self._assigned.put(place, status.waiting)
        self._orders.decided(place, status.when)

    def assign(self, names: Sequence[tuple[str, ...]]) -> None:
        """Note for each record, in the order of the list, who is to decide about it."""
        for place, several in enumerate(names):
            self._assigned.put(place, () if self._settled[place] else several)

    def why(self, record_id: str) -> str | None:
        """Say why a record is in the list; None if it is none of the release's."""
        place = self._places.get(record_id)
        return None if place is None else str(self.frame["why"].iloc[place])

    def document_of(self, record_id: str) -> str | None:
        """Return the document of a record of the list; None if it is none of the release's."""
        place = self._places.get(record_id)
        return None if place is None else str(self.frame["document_id"].iloc[place])

    def settled(self, record_id: str) -> bool:
        """Tell whether a record was settled before this release was looked at."""
        place = self._places.get(record_id)
        return place is not None and bool(self._settled[place])

    @property
    def open(self) -> int:
        """How many records are still to be decided."""
        return int(len(self._done) - self._done.sum())

    def places(self, filters: Filters) -> Rows:
        """List the places of the records that match, in the order asked for."""
        return self._orders.sorted(np.flatnonzero(self._matching(filters)), filters.sort)

    def rows(self, places: Sequence[int] | Rows) -> list[dict[str, Any]]:
        """Return rows of the list as mappings; what is missing is None."""
        rows: list[dict[str, Any]] = self._rows.take(pa.array(places, type=pa.int64())).to_pylist()
        return [
            {**row, "verdict": ", ".join(self._verdicts.of(place))} for row, place in zip(rows, places, strict=True)
        ]

    def next(self, record_id: str, filters: Filters, *, skipped: frozenset[str] = frozenset()) -> str | None:
        """Return the next record of a list after one of its records; from the top after the last."""
        places, cut = self._around(record_id, filters)
        return self._first(np.concatenate([places[cut:], places[:cut]]), record_id, skipped)

    def previous(self, record_id: str, filters: Filters) -> str | None:
        """Return the record before one of a list; from the end before the first."""
        places, cut = self._around(record_id, filters)
        return self._first(np.concatenate([places[:cut][::-1], places[cut:][::-1]]), record_id, frozenset())

    def first(self, filters: Filters, *, skipped: frozenset[str] = frozenset()) -> str | None:
        """Return the first record of a list."""
        return self._first(self.places(filters), "", skipped)

    def position(self, record_id: str, filters: Filters) -> int:
        """Return where in a list a record stands, from one; 0 if it is none of the release's."""
        return self._around(record_id, filters)[1] + 1 if record_id in self._places else 0

    def _around(self, record_id: str, filters: Filters) -> tuple[Rows, int]:
        """Return a list, and how many of it come before a record, which need not be in it."""
        places, here = self.places(filters), self._places.get(record_id)
        return places, 0 if here is None else self._orders.before(places, here, filters.sort)

    def _first(self, order: Rows, record_id: str, skipped: frozenset[str]) -> str | None:
        for place in order:
            key = str(self._ids[place])
            if key != record_id and key not in skipped:
                return key
        return None

    def facets(self, filters: Filters) -> list[Facet]:
        """Count the values of each filter among the records that all other filters leave."""
        chosen, matching = filters.chosen, self._matching(filters)
        masks = {name: self._matching(filters.without(name)) for name in chosen}
        return [
            count_facet(name, self._values[name], masks.get(name, matching), chosen.get(name, ()))
            for name in DIMENSIONS
        ]

    def states(self, filters: Filters) -> dict[str, int]:
        """Count the records that match in each state: open, decided, all."""
        mask = self._matching(filters.with_(state="all"))
        done = int((mask & self._done).sum())
        return {"open": int(mask.sum()) - done, "decided": done, "all": int(mask.sum())}

    def progress(self, curator: str) -> Progress:
        """Tell how far the whole release is."""
        return Progress("", len(self._done), int(self._done.sum()), int(self._decided_by(curator).sum()))

    def _decided_by(self, curator: str) -> Mask:
        return self._curators.chosen(curator) & ~self._verdicts.chosen("in part")

    def to_do(self) -> dict[str, int]:
        """Count the open records by who is to decide about them."""
        return dict(self._assigned.counts(~self._done))

    def waiting_for_others(self, curator: str) -> set[str]:
        """Name the open records that a curator has decided about, and that wait for another's word."""
        waiting = self._verdicts.chosen(ONE_OF_TWO) & self._curators.chosen(curator)
        return {str(self._ids[place]) for place in np.flatnonzero(waiting & ~self._done)}

    def by_document(self, curator: str) -> list[Progress]:
        """Tell how far each document is, that with the most open records first."""
        values = self._values["document"]
        done, mine = dict(values.counts(self._done)), dict(values.counts(self._decided_by(curator)))
        total = values.counts(np.ones(len(self._done), dtype=np.bool_))
        told = [Progress(name, count, done.get(name, 0), mine.get(name, 0)) for name, count in total]
        return sorted(told, key=_most_open)

    def _matching(self, filters: Filters) -> Mask:
        mask: Mask = np.ones(len(self.frame), dtype=np.bool_)
        if filters.state != "all":
            mask &= self._done if filters.state == "decided" else ~self._done
        for name, values in filters.by:
            mask &= self._any(name, values)
        for word in filters.q.casefold().split():
            mask &= self._kept("q", (word,), self._holding)
        return mask

    def _any(self, name: str, values: tuple[str, ...]) -> Mask:
        if isinstance(self._values[name], TagIndex):  # changes with each decision
            return self._with(name, values)
        return self._kept(name, values, self._with)

    def _kept(self, name: str, values: tuple[str, ...], make: Callable[[str, tuple[str, ...]], Mask]) -> Mask:
        found = self._masks.get((name, values))  # another request may let it go at any time
        if found is None:
            found = make(name, values)
            for old in list(self._masks)[: max(0, len(self._masks) + 1 - _KEPT_MASKS)]:
                self._masks.pop(old, None)
            self._masks[name, values] = found
        return found

    def _with(self, name: str, values: tuple[str, ...]) -> Mask:
        mask: Mask = np.zeros(len(self.frame), dtype=np.bool_)
        for value in values:
            mask |= self._values[name].chosen(value)
        return mask

    def _holding(self, _: str, words: tuple[str, ...]) -> Mask:
        return np.fromiter((words[0] in one for one in self._words), dtype=np.bool_, count=len(self._words))

    @cached_property
    def _rows(self) -> pa.Table:
        return pa.Table.from_pandas(self.frame, preserve_index=False)

    @cached_property
    def _ids(self) -> npt.NDArray[np.object_]:
        return np.array(self.frame["record_id"].tolist(), dtype=object)

    @cached_property
    def _words(self) -> list[str]:
        names = ("record_id", "document_id", "actor", "partner", "evidence")
        columns = [self.frame[name].fillna("").tolist() for name in names]
        return ["\n".join(parts).casefold() for parts in zip(*columns, strict=True)]


def _most_open(one: Progress) -> tuple[int, str]:
    return one.done - one.total, one.name
