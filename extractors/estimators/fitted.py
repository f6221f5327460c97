"""Boosted trees and confidence curves as arrays: how they predict, and how they are stored in a model file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.integer[Any]]
_STORED_TYPES = {"feature": np.int16, "threshold": np.float32, "left": np.int16, "right": np.int16, "value": np.float32}


@dataclass(frozen=True)
class Trees:
    """An ensemble of trees: arrays with a row per tree and a column per node; a leaf is its own left and right child.

    A row of features goes left at a node where ``features[feature] <= threshold``. ``base`` is added to the sum of the
    leaves; ``depth`` is that of the deepest tree.
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
        """Feature, threshold, left and right of the nodes of all trees in flat arrays, and the indices of the roots."""
        roots = np.arange(len(self.feature)) * self.feature.shape[1]
        left, right = self.left + roots[:, None], self.right + roots[:, None]
        return self.feature.ravel(), self.threshold.ravel(), left.ravel(), right.ravel(), roots


def trees_arrays(trees: Trees, name: str) -> dict[str, NDArray[np.generic]]:
    """Return an ensemble as arrays whose names begin with ``name``."""
    stored = {f"{name}_{part}": getattr(trees, part).astype(kind) for part, kind in _STORED_TYPES.items()}
    return {**stored, f"{name}_shape": np.array([trees.base, trees.depth])}


def trees_of(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
    """Return the ensemble that ``trees_arrays`` stored under ``name``."""
    base, depth = arrays[f"{name}_shape"].astype(np.float64).tolist()
    parts: dict[str, Any] = {part: arrays[f"{name}_{part}"] for part in _STORED_TYPES}
    return Trees(**parts, base=base, depth=int(depth))


@dataclass(frozen=True)
class ConfidenceCurve:
    """Maps the signals of a choice to the probability that it is right.

    A logistic curve, whose values are then interpolated between ``steps`` and ``levels``.
    """

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float
    steps: Floats
    levels: Floats

    def of(self, signals: tuple[float, ...]) -> float:
        """Return the probability, 0..1, for one row of signals."""
        return float(np.interp(self.raw(np.asarray(signals)), self.steps, self.levels))

    def raw(self, signals: Floats) -> Floats:
        """Return the probability by the logistic curve alone, for one row of signals or many."""
        odds = ((signals - self.mean) / self.scale) @ self.weights + self.bias
        found: Floats = 1 / (1 + np.exp(-odds))
        return found


def curve_arrays(fitted: ConfidenceCurve, name: str) -> dict[str, NDArray[np.generic]]:
    """Return a curve as arrays whose names end with ``name``."""
    curve = np.array([fitted.mean, fitted.scale, fitted.weights])
    return {
        f"curve_{name}": np.hstack([curve, [[fitted.bias], [0.0], [0.0]]]),
        f"stairs_{name}": np.array([fitted.steps, fitted.levels]),
    }


def curve_of(arrays: Mapping[str, NDArray[np.generic]], name: str) -> ConfidenceCurve:
    """Return the curve that ``curve_arrays`` stored under ``name``."""
    curve = arrays[f"curve_{name}"].astype(np.float64)
    stairs = arrays[f"stairs_{name}"].astype(np.float64)
    return ConfidenceCurve(curve[0, :-1], curve[1, :-1], curve[2, :-1], float(curve[0, -1]), stairs[0], stairs[1])
