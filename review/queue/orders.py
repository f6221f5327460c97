"""The orders in which records can be listed: a number for each record, by which any part of them is sorted."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

Key = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


class Orders:
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
            "party": _ranked(frame["actor"].str.casefold(), frame["partner"].fillna("").str.casefold()),
            "text": _ranked(frame["document_id"], frame["evidence_start"], frame["rank"]),
        }


def _ranked(*columns: pd.Series) -> Key:
    """Return each row's rank by several columns, the first first."""
    codes = [pd.factorize(column, sort=True)[0] for column in reversed(columns)]
    order = np.lexsort(codes)
    ranks = np.empty(len(order))
    ranks[order] = np.arange(len(order))
    return ranks
