"""Calibration: from the signals of a choice to the probability that it is right."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
