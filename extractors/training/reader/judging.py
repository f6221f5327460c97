"""Fit the second look on documents that the reader was not trained on."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.evaluate.facts import pairs
from extractors.evaluate.scores import Json
from extractors.headline.model import curve_arrays
from extractors.headline.trees import Trees, trees_arrays
from extractors.reader import JUDGE
from extractors.records.instances import Instance
from extractors.records.judge import JUDGED, Judge, features, field_signals
from extractors.training.choices.calibrate import fit_confidences
from extractors.training.choices.fitting import fit_trees

_FOLDS = 5
Verdict = dict[str, bool] | None


def fit_judge(
    found: Sequence[tuple[str, Sequence[Instance]]],
    verdicts: Sequence[Sequence[Verdict]],
) -> Judge:
    """Fit trees and curves; ``found`` has each document's text and candidates, ``verdicts`` which fields are right
    (None: the candidate is no act). The curves are fitted on odds from trees that did not see the document.
    """
    told = [(one, verdict) for one, verdict in zip(found, verdicts, strict=True) if one[1]]
    found, verdicts = [one for one, _ in told], [verdict for _, verdict in told]
    rows = [features(instances, text) for text, instances in found]
    right = [np.array([bool(v and v["actor"] and v["partner"]) for v in one], dtype=np.int8) for one in verdicts]
    odds: list[np.ndarray] = [np.zeros(0)] * len(rows)
    for fold in range(_FOLDS):
        own = [i for i in range(len(rows)) if i % _FOLDS != fold]
        trees = _trees(np.concatenate([rows[i] for i in own]), np.concatenate([right[i] for i in own]))
        for i in range(fold, len(rows), _FOLDS):
            odds[i] = trees.log_odds(rows[i])
    signals: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    answers: dict[str, list[bool]] = defaultdict(list)
    for (_, instances), rated, some in zip(found, odds, verdicts, strict=True):
        for one, odd, verdict in zip(instances, rated, some, strict=True):
            for name, row in field_signals(one, float(odd)).items():
                if name == "record":
                    signals[name].append(row)
                    answers[name].append(bool(verdict and verdict["actor"] and verdict["partner"]))
                elif verdict is not None:
                    signals[name].append(row)
                    answers[name].append(verdict[name])
    whole = _trees(np.concatenate(rows), np.concatenate(right))
    return Judge(whole, {name: fit_confidences(signals[name], answers[name]) for name in JUDGED})


def verdicts(records: Sequence[Json], facts: Sequence[Json], text: str) -> list[Verdict]:
    """Say of each record of a document which fields are right; None where it is paired with no fact."""
    found: list[Verdict] = [None] * len(records)
    for pair in pairs(list(records), list(facts), text):
        found[pair.record] = pair.right
    return found


def _trees(rows: NDArray[np.float64], right: NDArray[np.int8]) -> Trees:
    return fit_trees(rows, right, trees=200, leaves=4, rate=0.05, seeds=3)


def save_judge(judge: Judge, folder: Path) -> None:
    """Write the judge into a reader's folder."""
    arrays: dict[str, Any] = dict(trees_arrays(judge.trees, "record"))
    for name, curve in judge.curves.items():
        arrays |= curve_arrays(curve, name)
    np.savez_compressed(folder / JUDGE, **arrays)
