"""The list of all records of a release: filtered, counted, sorted and stepped through.

A record's place is its row number in the unfiltered list, the most urgent record first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
    count_facet,
    facet_indexes,
)

SortKey = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
_CACHED_MASKS = 128


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """What curators decided about a record: whether it is done, the verdicts in words, who decided, the place in the
    log of the last decision (-1: none), and who has yet to decide."""

    done: bool
    verdict: tuple[str, ...] = ()
    curators: tuple[str, ...] = ()
    when: int = -1
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far the review of a document or a release is: the records, those done, and those decided by the curator."""

    name: str
    total: int
    done: int
    mine: int


class RecordTable:
    """The records as ``list_records`` returned them, and what was decided about them since."""

    def __init__(self, frame: pd.DataFrame, changed_in: Sequence[str | None]) -> None:
        """Take the records and, for each in the same order, the release it last changed in."""
        self.frame = frame
        self._places = {key: place for place, key in enumerate(frame["record_id"])}
        self._settled: Mask = (frame["why"] == SETTLED).to_numpy(dtype=np.bool_)
        self._done = self._settled.copy()
        self._verdicts, self._curators = TagIndex(len(frame), default="undecided"), TagIndex(len(frame))
        self._assigned = TagIndex(len(frame))
        self._values = facet_indexes(frame, changed_in)
        self._values.update(verdict=self._verdicts, curator=self._curators, assigned=self._assigned)
        self._last_decided: SortKey = np.full(len(frame), -1.0)
        self._cached_mask = lru_cache(maxsize=_CACHED_MASKS)(self._mask_of)
        self._cached_word_mask = lru_cache(maxsize=_CACHED_MASKS)(self._word_mask)

    def update(self, record_id: str, status: ReviewStatus) -> None:
        """Enter what curators decided about a record."""
        place = self._places.get(record_id)
        if place is None:
            return
        self._done[place] = status.done
        self._verdicts.set_names(place, status.verdict)
        self._curators.set_names(place, status.curators)
        self._assigned.set_names(place, status.waiting)
        self._last_decided[place] = status.when

    def assign(self, names: Sequence[tuple[str, ...]]) -> None:
        """Enter for each record, in the order of the list, who is to decide about it."""
        for place, several in enumerate(names):
            self._assigned.set_names(place, () if self._settled[place] else several)

    def value(self, record_id: str, column: str) -> str | None:
        """Return a record's value in a column of the list; None if the release does not have the record."""
        place = self._places.get(record_id)
        return None if place is None else str(self.frame[column].iloc[place])

    def settled(self, record_id: str) -> bool:
        """Return whether a record was settled before this release was reviewed."""
        place = self._places.get(record_id)
        return place is not None and bool(self._settled[place])

    def places(self, filters: Filters) -> Rows:
        """List the places of the records that match, in the order of the filters."""
        places = np.flatnonzero(self._matching(filters))
        return places[np.argsort(self._key(filters.sort)[places], kind="stable")]

    def _key(self, sort: str) -> SortKey:
        """Return each record's sort key, ascending; of equal ones the more urgent comes first."""
        return -self._last_decided if sort == "lately" else self._keys[sort]

    @cached_property
    def _keys(self) -> dict[str, SortKey]:
        frame = self.frame
        confidence = frame["confidence"].astype(float).to_numpy()
        return {
            "": np.zeros(len(frame)),
            "unsure": confidence,
            "sure": -confidence,
            "amount": -frame["amount_usd"].astype(float).fillna(-1).to_numpy(),
            "year": -frame["year"].astype(float).fillna(0).to_numpy(),
            "party": _ranks(frame["actor"].str.casefold(), frame["partner"].fillna("").str.casefold()),
            "text": _ranks(frame["document_id"], frame["evidence_start"], frame["rank"]),
        }

    def rows(self, places: Sequence[int] | Rows) -> list[dict[str, Any]]:
        """Return rows of the list as dicts; missing values are None."""
        rows: list[dict[str, Any]] = self._rows.take(pa.array(places, type=pa.int64())).to_pylist()
        return [
            {**row, "verdict": ", ".join(self._verdicts.names_of(place))}
            for row, place in zip(rows, places, strict=True)
        ]

    def next(self, record_id: str, filters: Filters, *, skipped: frozenset[str] = frozenset()) -> str | None:
        """Return the id of the next record of a list, the first after the last; None if there is no other."""
        places, cut = self._place_in_list(record_id, filters)
        return self._first_id(np.roll(places, -cut), record_id, skipped)

    def previous(self, record_id: str, filters: Filters) -> str | None:
        """Return the id of the previous record of a list, the last before the first; None if there is no other."""
        places, cut = self._place_in_list(record_id, filters)
        return self._first_id(np.roll(places, -cut)[::-1], record_id)

    def position(self, record_id: str, filters: Filters) -> int:
        """Return the position of a record in a list, from 1; 0 if the release does not have it."""
        return self._place_in_list(record_id, filters)[1] + 1 if record_id in self._places else 0

    def _place_in_list(self, record_id: str, filters: Filters) -> tuple[Rows, int]:
        """Return a list's places, and how many of them come before a record, which need not be in the list."""
        places, here = self.places(filters), self._places.get(record_id)
        if here is None:
            return places, 0
        key = self._key(filters.sort)
        before = (key[places] < key[here]) | ((key[places] == key[here]) & (places < here))
        return places, int(before.sum())

    def _first_id(self, order: Rows, record_id: str, skipped: frozenset[str] = frozenset()) -> str | None:
        ids = (str(self._ids[place]) for place in order)
        return next((one for one in ids if one != record_id and one not in skipped), None)

    def facets(self, filters: Filters) -> list[Facet]:
        """Count the values of each filter among the records that match all other filters."""
        chosen, matching = filters.chosen, self._matching(filters)
        masks = {name: self._matching(filters.without(name)) for name in chosen}
        return [
            count_facet(name, self._values[name], masks.get(name, matching), chosen.get(name, ()))
            for name in DIMENSIONS
        ]

    def states(self, filters: Filters) -> dict[str, int]:
        """Count the records that match in each state: open, decided, all."""
        mask = self._matching(filters.with_state(state="all"))
        done = int((mask & self._done).sum())
        return {"open": int(mask.sum()) - done, "decided": done, "all": int(mask.sum())}

    def progress(self, curator: str) -> ReviewProgress:
        """Return the progress of the whole release, and the curator's share."""
        return ReviewProgress("", len(self._done), int(self._done.sum()), int(self._decided_by(curator).sum()))

    def _decided_by(self, curator: str) -> Mask:
        return self._curators.rows_with(curator) & ~self._verdicts.rows_with("in part")

    def to_do(self) -> dict[str, int]:
        """Count the open records by who is to decide about them."""
        return dict(self._assigned.counts(~self._done))

    def waiting_for_others(self, curator: str) -> set[str]:
        """Return the ids of open records that a curator has decided and that wait for the other coder."""
        waiting = self._verdicts.rows_with(ONE_OF_TWO) & self._curators.rows_with(curator)
        return {str(self._ids[place]) for place in np.flatnonzero(waiting & ~self._done)}

    def by_document(self, curator: str) -> list[ReviewProgress]:
        """Return the progress of each document, those with the most open records first."""
        values = self._values["document"]
        done, mine = dict(values.counts(self._done)), dict(values.counts(self._decided_by(curator)))
        total = values.counts(np.ones(len(self._done), dtype=np.bool_))
        documents = [ReviewProgress(name, count, done.get(name, 0), mine.get(name, 0)) for name, count in total]
        return sorted(documents, key=_most_open)

    def _matching(self, filters: Filters) -> Mask:
        mask: Mask = np.ones(len(self.frame), dtype=np.bool_)
        if filters.state != "all":
            mask &= self._done if filters.state == "decided" else ~self._done
        for name, values in filters.by:
            changing = isinstance(self._values[name], TagIndex)  # with each decision, so it is not cached
            mask &= (self._mask_of if changing else self._cached_mask)(name, values)
        for word in filters.q.casefold().split():
            mask &= self._cached_word_mask(word)
        return mask

    def _mask_of(self, name: str, values: tuple[str, ...]) -> Mask:
        mask: Mask = np.zeros(len(self.frame), dtype=np.bool_)
        for value in values:
            mask |= self._values[name].rows_with(value)
        return mask

    def _word_mask(self, word: str) -> Mask:
        return np.fromiter((word in one for one in self._words), dtype=np.bool_, count=len(self._words))

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


def _most_open(one: ReviewProgress) -> tuple[int, str]:
    return one.done - one.total, one.name


def _ranks(*columns: pd.Series) -> SortKey:
    """Return each row's rank, sorted by the columns in their order; equal rows have equal ranks."""
    ranks: SortKey = columns[0].groupby(list(columns), dropna=False).ngroup().to_numpy(dtype=np.float64)
    return ranks
