"""Fit the models of a choice: of the words around mentions, boosted trees, confidences, and linear text heads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from extractors.estimators.fitted import ConfidenceCurve, Trees
from extractors.estimators.text_model import FEATURES, Block, FeatureVocabulary, Head, Vector, words_of
from extractors.headline.model import ContextModel

_LEAST = 4  # mentions that a feature must have
Labels = Sequence[int] | NDArray[np.int8]
Rows = NDArray[np.float64]
Floats = NDArray[np.float64]
LEAST = {"words": 2, "pairs": 3, "pieces": 3, "signals": 1}  # texts that a feature must be in, by its kind
Zones = Mapping[str, str]


def fit_contexts(cases: Sequence[Sequence[str]], questions: Sequence[str], labels: NDArray[np.int8]) -> ContextModel:
    """Fit a logistic regression for each question.

    ``cases`` are lists of features, ``labels`` cases × questions, -1 where a question does not apply to a case.
    """
    counts = Counter(feature for features in cases for feature in features)
    kept = sorted(feature for feature, count in counts.items() if count >= _LEAST)
    index = {feature: place for place, feature in enumerate(kept)}
    ids = [np.array([index[one] for one in features if one in index], dtype=np.int64) for features in cases]
    rows = matrix_of([Vector(row, np.ones(len(row), dtype=np.float32)) for row in ids], len(index))
    weights = np.zeros((len(index), len(questions)), dtype=np.float32)
    bias = np.zeros(len(questions), dtype=np.float32)
    for column in range(len(questions)):
        applies = np.flatnonzero(labels[:, column] >= 0)
        classifier = LogisticRegression(C=0.05, solver="liblinear", random_state=0, max_iter=300)
        classifier.fit(rows[applies], labels[applies, column])
        weights[:, column] = classifier.coef_[0]
        bias[column] = classifier.intercept_[0]
    return ContextModel(tuple(questions), index, weights.astype(np.float16).astype(np.float32), bias)


def fit_trees(
    rows: Rows, labels: Labels, weights: Floats | None = None, *,
    trees: int = 150, leaves: int = 12, rate: float = 0.07, seeds: int = 1,
) -> Trees:  # fmt: skip
    """Fit boosted trees that separate right candidates (label 1) from wrong ones; ``seeds`` ensembles are averaged."""
    classifiers = [
        HistGradientBoostingClassifier(
            max_iter=trees, max_leaf_nodes=leaves, learning_rate=rate, min_samples_leaf=15, l2_regularization=2.0,
            max_features=0.4, early_stopping=False, random_state=seed,
        )
        for seed in range(seeds)
    ]  # fmt: skip
    known, answers = rows.astype(np.float32), np.asarray(labels)
    return _as_arrays([classifier.fit(known, answers, sample_weight=weights) for classifier in classifiers])


def _as_arrays(classifiers: Sequence[HistGradientBoostingClassifier]) -> Trees:
    found = [row[0].nodes for classifier in classifiers for row in classifier._predictors]
    shape = (len(found), max(map(len, found)))
    feature, left, right = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    threshold, value = (np.zeros(shape, dtype=np.float32) for _ in range(2))
    for number, nodes in enumerate(found):
        count, indexes = len(nodes), np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        feature[number, :count] = np.where(leaf, 0, nodes["feature_idx"])
        threshold[number, :count] = nodes["num_threshold"]
        left[number, :count] = np.where(leaf, indexes, nodes["left"])
        right[number, :count] = np.where(leaf, indexes, nodes["right"])
        value[number, :count] = nodes["value"] / len(classifiers)
    depth = max(int(nodes["depth"].max()) for nodes in found)
    base = float(np.mean([classifier._baseline_prediction.ravel()[0] for classifier in classifiers]))
    return Trees(feature, threshold, left, right, value, base, depth)


def fit_confidences(signals: Sequence[tuple[float, ...]], right: Sequence[bool]) -> ConfidenceCurve:
    """Fit the probability that a choice is right, from its signals and whether it was: a calibrated regression."""
    rows, answers = np.array(signals, dtype=np.float64), np.asarray(right, dtype=np.int8)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    classifier = LogisticRegression(C=0.3, max_iter=500).fit((rows - mean) / scale, answers)
    weights, straight = classifier.coef_[0].astype(np.float64), np.array([0.0, 1.0])
    bare = ConfidenceCurve(mean, scale, weights, float(classifier.intercept_[0]), straight, straight)
    steps, levels = _calibration_curve(bare.raw(rows), answers)
    return replace(bare, steps=steps, levels=levels)


def _calibration_curve(raw: Floats, answers: NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Return a rising curve (arguments, probabilities) through the means of at most twenty equal groups of choices."""
    order = np.argsort(raw, kind="stable")
    groups = np.array_split(order, max(2, min(20, len(order) // 40)))
    at = np.array([raw[group].mean() for group in groups])
    share = np.array([(answers[group].sum() + 0.5) / (len(group) + 1) for group in groups])
    rising = IsotonicRegression(out_of_bounds="clip").fit(at, share).predict(at)
    keep = np.concatenate([[True], np.diff(at) > 1e-9])
    return at[keep], np.asarray(rising, dtype=np.float64)[keep]


def fit_sharpness(scores: Floats, answers: NDArray[np.int64]) -> float:
    """Return the factor by which to multiply ``scores`` so that their softmax gives ``answers`` the best likelihood."""

    def loss(logarithm: float) -> float:
        sharp = scores * np.exp(logarithm)
        top = sharp.max(axis=1, keepdims=True)
        log_sum = top[:, 0] + np.log(np.exp(sharp - top).sum(axis=1))
        return float((log_sum - sharp[np.arange(len(answers)), answers]).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))


def vocabularies(
    texts: Sequence[Zones], masked: frozenset[str], blocks: Sequence[Block], *, least: Mapping[str, int] = LEAST
) -> list[FeatureVocabulary]:
    """Return the vocabulary of each block: its features that are in enough texts (``least``, by kind), sorted."""
    found: list[FeatureVocabulary] = []
    for block in blocks:
        counts: Counter[str] = Counter()
        for zones in texts:
            counts.update(set(FEATURES[block.kind](words_of(zones.get(block.zone, ""), masked))))
        kept = sorted(feature for feature, count in counts.items() if count >= least[block.kind])
        idf = np.array([1 + np.log((1 + len(texts)) / (1 + counts[feature])) for feature in kept], dtype=np.float16)
        first = found[-1].first + len(found[-1].index) if found else 0
        index = {feature: place for place, feature in enumerate(kept)}
        found.append(FeatureVocabulary(block, first, index, idf.astype(np.float32)))
    return found


def matrix_of(vectors: Sequence[Vector], size: int) -> csr_matrix:
    """Return sparse vectors as the rows of a matrix with ``size`` columns."""
    bounds = np.cumsum([0, *(len(vector.ids) for vector in vectors)])
    ids = np.concatenate([vector.ids for vector in vectors])
    return csr_matrix((np.concatenate([vector.values for vector in vectors]), ids, bounds), shape=(len(vectors), size))


def fit_head(rows: csr_matrix, answers: Sequence[str], *, cost: float, bayes: float = 0.0) -> Head:
    """Fit a linear support vector machine for each label against the rest; return their weights as a head.

    ``bayes`` is the weight of a complement naive Bayes classifier that is added, scaled to the same spread of scores.
    """
    classifier = LinearSVC(C=cost, random_state=0).fit(rows, answers)
    weights, bias = classifier.coef_.T, classifier.intercept_
    if len(classifier.classes_) == 2:
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    if bayes:
        other = ComplementNB(alpha=0.1).fit(rows, answers).feature_log_prob_.T
        other = other - other.mean(axis=1, keepdims=True)
        spread = (rows @ weights + bias).std() / (rows @ other).std()
        weights = weights + bayes * spread * other
    return Head(tuple(classifier.classes_), weights.astype(np.float32), bias.astype(np.float32))
