"""Fit the parts of a choice: weights of words around mentions, boosted trees, confidence by logistic regression."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from extractors.headline.contexts import ContextModel
from extractors.headline.trees import Trees

_LEAST = 4
Labels = Sequence[int] | NDArray[np.int8]
Rows = NDArray[np.float64]
Floats = NDArray[np.float64]


def index_of(cases: Sequence[Sequence[str]], least: int = _LEAST) -> dict[str, int]:
    """Number the features that at least ``least`` cases have, in the order of the alphabet."""
    counts = Counter(feature for features in cases for feature in features)
    return {name: place for place, name in enumerate(sorted(name for name, count in counts.items() if count >= least))}


def fit_contexts(
    cases: Sequence[Sequence[str]], questions: Sequence[str], labels: NDArray[np.int8], *, cost: float = 0.05
) -> ContextModel:
    """Fit one logistic regression a question; ``labels`` has a row a case, a column a question, -1 where not asked."""
    index = index_of(cases)
    rows = _binary(cases, index)
    weights = np.zeros((len(index), len(questions)), dtype=np.float32)
    bias = np.zeros(len(questions), dtype=np.float32)
    for column in range(len(questions)):
        asked = np.flatnonzero(labels[:, column] >= 0)
        machine = LogisticRegression(C=cost, solver="liblinear", random_state=0, max_iter=300)
        machine.fit(rows[asked], labels[asked, column])
        weights[:, column] = machine.coef_[0]
        bias[column] = machine.intercept_[0]
    return ContextModel(tuple(questions), index, weights.astype(np.float16).astype(np.float32), bias)


def _binary(cases: Sequence[Sequence[str]], index: dict[str, int]) -> csr_matrix:
    ids = [[index[one] for one in features if one in index] for features in cases]
    bounds = np.cumsum([0, *map(len, ids)])
    columns = np.array([one for row in ids for one in row], dtype=np.int64)
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, bounds), shape=(len(cases), len(index)))


def fit_trees(
    rows: Rows, labels: Labels, weights: Floats | None = None, *,
    trees: int = 150, leaves: int = 12, rate: float = 0.07, seeds: int = 1,
) -> Trees:  # fmt: skip
    """Fit boosted trees that tell right candidates from wrong ones; ``seeds`` ensembles are averaged."""
    machines = [
        HistGradientBoostingClassifier(
            max_iter=trees, max_leaf_nodes=leaves, learning_rate=rate, min_samples_leaf=15, l2_regularization=2.0,
            max_features=0.4, early_stopping=False, random_state=seed,
        )
        for seed in range(seeds)
    ]  # fmt: skip
    known, answers = rows.astype(np.float32), np.asarray(labels)
    return _as_arrays([machine.fit(known, answers, sample_weight=weights) for machine in machines])


def _as_arrays(machines: Sequence[HistGradientBoostingClassifier]) -> Trees:
    found = [row[0].nodes for machine in machines for row in machine._predictors]
    shape = (len(found), max(map(len, found)))
    feature, left, right = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    threshold, value = (np.zeros(shape, dtype=np.float32) for _ in range(2))
    for place, nodes in enumerate(found):
        count, own = len(nodes), np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        feature[place, :count] = np.where(leaf, 0, nodes["feature_idx"])
        threshold[place, :count] = nodes["num_threshold"]
        left[place, :count] = np.where(leaf, own, nodes["left"])
        right[place, :count] = np.where(leaf, own, nodes["right"])
        value[place, :count] = nodes["value"] / len(machines)
    depth = max(int(nodes["depth"].max()) for nodes in found)
    base = float(np.mean([machine._baseline_prediction.ravel()[0] for machine in machines]))
    return Trees(feature, threshold, left, right, value, base, depth)
