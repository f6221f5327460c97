"""Which rows have which values: filters and their counts in milliseconds, however many rows there are."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]


class Values:
    """The values of one filter: any number of them a row."""

    def __init__(self, rows: npt.NDArray[np.int64], values: Iterable[object], *, size: int) -> None:
        """Take pairs of a row's number and a value, no pair twice, and how many rows there are."""
        codes, names = pd.factorize(np.asarray(list(values), dtype=object))
        known = codes >= 0
        self._rows, self._codes = rows[known], codes[known]
        self._names = [str(name) for name in names]
        self._code_of = {name: code for code, name in enumerate(self._names)}
        self._size = size

    @classmethod
    def single(cls, values: Sequence[object]) -> "Values":
        """Take one value a row; None is none."""
        return cls(np.arange(len(values)), values, size=len(values))

    @classmethod
    def several(cls, values: Sequence[tuple[str, ...]]) -> "Values":
        """Take a tuple of values for each row."""
        pairs = [(row, one) for row, several in enumerate(values) for one in dict.fromkeys(several)]
        rows = np.array([row for row, _ in pairs], dtype=np.int64)
        return cls(rows, [one for _, one in pairs], size=len(values))

    @classmethod
    def either(cls, first: pd.Series, second: pd.Series) -> "Values":
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

    def counts(self, mask: Mask) -> list[tuple[str, int]]:
        """Count the values of some rows, the most frequent first."""
        numbers = np.bincount(self._codes[mask[self._rows]], minlength=len(self._names))
        counted = [(name, int(number)) for name, number in zip(self._names, numbers, strict=True) if number]
        return sorted(counted, key=_most)


class Numbers(Values):
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


class Tags:
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

    def counts(self, mask: Mask) -> list[tuple[str, int]]:
        """Count the names of some rows, the most frequent first."""
        counted = [(name, int((rows & mask).sum())) for name, rows in list(self._rows.items())]
        counted.append((self._rest, int((mask & ~self._named).sum()) if self._rest else 0))
        return sorted((one for one in counted if one[1]), key=_most)


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
