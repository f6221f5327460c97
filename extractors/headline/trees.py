"""Boosted trees as plain arrays: what the trained choosers are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Trees:
    """Trees of one ensemble, a row a tree and a column a node; a leaf has itself as both children.

    A row of features goes left at a node where ``features[feature] <= threshold``. ``depth`` is the deepest tree's.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float32]
    base: float
    depth: int

    def log_odds(self, rows: Floats) -> Floats:
        """Return the log odds of each row of features."""
        if not len(rows):
            return np.zeros(0)
        flat = rows.astype(np.float32).ravel()
        first = np.arange(len(rows))[:, None] * rows.shape[1]
        feature, threshold, left, right, roots = self._flat
        node = np.repeat(roots[None, :], len(rows), axis=0)
        for _ in range(self.depth):
            goes_left = flat[first + feature[node]] <= threshold[node]
            node = np.where(goes_left, left[node], right[node])
        found: Floats = self.base + self.value.ravel()[node].sum(axis=1, dtype=np.float64)
        return found

    @cached_property
    def _flat(self) -> tuple[Ids, NDArray[np.float32], Ids, Ids, Ids]:
        """Return the nodes of all trees in one row, children by their place in it, and the places of the roots."""
        roots = np.arange(len(self.feature)) * self.feature.shape[1]
        left, right = self.left + roots[:, None], self.right + roots[:, None]
        return self.feature.ravel(), self.threshold.ravel(), left.ravel(), right.ravel(), roots


def trees_arrays(trees: Trees, name: str) -> dict[str, NDArray[np.generic]]:
    """Return an ensemble as arrays with names that begin with ``name``."""
    return {
        f"{name}_feature": trees.feature.astype(np.int16),
        f"{name}_threshold": trees.threshold,
        f"{name}_left": trees.left.astype(np.int16),
        f"{name}_right": trees.right.astype(np.int16),
        f"{name}_value": trees.value,
        f"{name}_shape": np.array([trees.base, trees.depth]),
    }


def trees_of(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
    """Return the ensemble that ``trees_arrays`` gave."""
    base, depth = arrays[f"{name}_shape"].astype(np.float64).tolist()
    return Trees(
        feature=arrays[f"{name}_feature"].astype(np.int64),
        threshold=arrays[f"{name}_threshold"].astype(np.float32),
        left=arrays[f"{name}_left"].astype(np.int64),
        right=arrays[f"{name}_right"].astype(np.int64),
        value=arrays[f"{name}_value"].astype(np.float32),
        base=base,
        depth=int(depth),
    )
