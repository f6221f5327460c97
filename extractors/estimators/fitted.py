"""Boosted trees and curves of confidence as arrays: what they say of rows of numbers, and how they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.integer[Any]]
_KEPT = {"feature": np.int16, "threshold": np.float32, "left": np.int16, "right": np.int16, "value": np.float32}


@dataclass(frozen=True)
class Trees:
    """Trees of one ensemble, a row a tree and a column a node; a leaf has itself as both children.

    A row of features goes left at a node where ``features[feature] <= threshold``. ``depth`` is the deepest tree's.
    """

    feature: Ids
    threshold: NDArray[np.float32]
    left: Ids
    right: Ids
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
    kept = {f"{name}_{part}": getattr(trees, part).astype(kind) for part, kind in _KEPT.items()}
    return {**kept, f"{name}_shape": np.array([trees.base, trees.depth])}


def trees_of(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
    """Return the ensemble that ``trees_arrays`` gave."""
    base, depth = arrays[f"{name}_shape"].astype(np.float64).tolist()
    parts: dict[str, Any] = {part: arrays[f"{name}_{part}"] for part in _KEPT}
    return Trees(**parts, base=base, depth=int(depth))


@dataclass(frozen=True)
class Confidences:
    """Turns the signals of a choice into the probability that it is right: a logistic curve, then a staircase."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float
    steps: Floats
    levels: Floats

    def of(self, signals: tuple[float, ...]) -> float:
        """Return the probability, 0..1."""
        return float(np.interp(self.raw(np.asarray(signals)), self.steps, self.levels))

    def raw(self, signals: Floats) -> Floats:
        """Return the probability by the logistic curve alone, of one row of signals or of many."""
        odds = ((signals - self.mean) / self.scale) @ self.weights + self.bias
        found: Floats = 1 / (1 + np.exp(-odds))
        return found


def curve_arrays(one: Confidences, name: str) -> dict[str, NDArray[np.generic]]:
    """Return a curve as arrays with names that end with ``name``."""
    curve = np.array([one.mean, one.scale, one.weights])
    return {
        f"curve_{name}": np.hstack([curve, [[one.bias], [0.0], [0.0]]]),
        f"stairs_{name}": np.array([one.steps, one.levels]),
    }


def curve_of(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Confidences:
    """Return the curve that ``curve_arrays`` gave."""
    curve = arrays[f"curve_{name}"].astype(np.float64)
    stairs = arrays[f"stairs_{name}"].astype(np.float64)
    return Confidences(curve[0, :-1], curve[1, :-1], curve[2, :-1], float(curve[0, -1]), stairs[0], stairs[1])
