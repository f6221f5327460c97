"""Fit confidences on choices made for texts that the model had not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from extractors.headline.model import Confidences

Floats = NDArray[np.float64]


def fit_confidences(signals: Sequence[tuple[float, ...]], right: Sequence[bool]) -> Confidences:
    """Fit the probability that a choice is right from its signals; ``right`` tells which choices were."""
    rows, answers = np.array(signals, dtype=np.float64), np.asarray(right, dtype=np.int8)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    machine = LogisticRegression(C=0.3, max_iter=500).fit((rows - mean) / scale, answers)
    bare = Confidences(
        mean,
        scale,
        machine.coef_[0].astype(np.float64),
        float(machine.intercept_[0]),
        np.array([0.0, 1.0]),
        np.array([0.0, 1.0]),
    )
    steps, levels = _stairs(bare.raw(rows), answers)
    return Confidences(bare.mean, bare.scale, bare.weights, bare.bias, steps, levels)


def _stairs(raw: Floats, answers: NDArray[np.int8], least: int = 40) -> tuple[Floats, Floats]:
    """Return a rising curve through the means of about twenty equal groups of choices."""
    order = np.argsort(raw, kind="stable")
    groups = np.array_split(order, max(2, min(20, len(order) // least)))
    at = np.array([raw[group].mean() for group in groups])
    share = np.array([(answers[group].sum() + 0.5) / (len(group) + 1) for group in groups])
    rising = IsotonicRegression(out_of_bounds="clip").fit(at, share).predict(at)
    keep = np.concatenate([[True], np.diff(at) > 1e-9])
    return at[keep], np.asarray(rising, dtype=np.float64)[keep]


def fit_sharpness(scores: Floats, answers: NDArray[np.int64]) -> float:
    """Return the factor that makes the softmax of scores likeliest to give the answers."""

    def loss(logarithm: float) -> float:
        sharp = scores * np.exp(logarithm)
        top = sharp.max(axis=1, keepdims=True)
        log_sum = top[:, 0] + np.log(np.exp(sharp - top).sum(axis=1))
        return float((log_sum - sharp[np.arange(len(answers)), answers]).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))
