"""Train the text model: sector, kind and status of a document from its title and body."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from extractors.headline.text_model import (
    FEATURES,
    Block,
    Head,
    Vector,
    Vocabulary,
    pieces_of,
    words_of,
)

BLOCKS = (
    Block("title", "words", 1.0),
    Block("text", "words", 0.7),
    Block("title", "pairs", 0.7),
    Block("text", "pairs", 0.7),
    Block("title", "pieces", 0.7),
    Block("text", "pieces", 0.5),
)
LEAST = {"words": 2, "pairs": 3, "pieces": 3, "signals": 1}
Zones = Mapping[str, str]


def vocabularies(texts: Sequence[Zones], masked: frozenset[str], blocks: Sequence[Block] = BLOCKS) -> list[Vocabulary]:
    """Return the vocabulary of each block: features of at least ``LEAST`` texts, in order."""
    found: list[Vocabulary] = []
    for block in blocks:
        counts: Counter[str] = Counter()
        for zones in texts:
            counts.update(set(_features(words_of(zones.get(block.zone, ""), masked), block.kind)))
        kept = sorted(feature for feature, count in counts.items() if count >= LEAST[block.kind])
        idf = np.array([1 + np.log((1 + len(texts)) / (1 + counts[feature])) for feature in kept], dtype=np.float16)
        first = found[-1].first + len(found[-1].index) if found else 0
        index = {feature: place for place, feature in enumerate(kept)}
        found.append(Vocabulary(block, first, index, idf.astype(np.float32)))
    return found


def _features(words: list[str], kind: str) -> Iterable[str]:
    if kind == "pieces":
        return (piece for word in words for piece in pieces_of(word))
    return FEATURES[kind](words)


def matrix_of(vectors: Sequence[Vector], size: int) -> csr_matrix:
    """Return sparse vectors as the rows of a matrix with ``size`` columns."""
    bounds = np.cumsum([0, *(len(vector.ids) for vector in vectors)])
    ids = np.concatenate([vector.ids for vector in vectors])
    return csr_matrix((np.concatenate([vector.values for vector in vectors]), ids, bounds), shape=(len(vectors), size))


def fit_head(rows: csr_matrix, answers: Sequence[str], *, cost: float, bayes: float = 0.0) -> Head:
    """Fit one support vector machine a label, one against the rest; return their weights as a head.

    ``bayes`` is the share of a complement naive Bayes classifier mixed in, each brought to the spread of its scores.
    """
    machine = LinearSVC(C=cost, random_state=0).fit(rows, answers)
    weights, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    if bayes:
        other = ComplementNB(alpha=0.1).fit(rows, answers).feature_log_prob_.T
        other = other - other.mean(axis=1, keepdims=True)
        spread = (rows @ weights + bias).std() / (rows @ other).std()
        weights = weights + bayes * spread * other
    return Head(tuple(machine.classes_), weights.astype(np.float32), bias.astype(np.float32))


def size_of(vocabulary: Sequence[Vocabulary]) -> int:
    """Return the number of features of all blocks."""
    return sum(len(one.index) for one in vocabulary)


def scores_of(head: Head, rows: csr_matrix) -> NDArray[np.float32]:
    """Return the head's scores of each row."""
    return np.asarray(rows @ head.weights + head.bias, dtype=np.float32)
