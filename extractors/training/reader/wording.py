"""Fit the wording model: the kind, status and sector of an act from the words around it."""

from collections.abc import Iterable, Sequence

import numpy as np

from extractors.estimators.text_model import Block, Head, TextModel
from extractors.reader.wording import HEADS, Wording, zones_of
from extractors.text.sentences import split
from extractors.training.choices.fitting import fit_head, matrix_of, vocabularies
from extractors.training.reader.examples import Json, acts_of, best_answer, text_of_document

_BLOCKS = (
    Block("act", "words", 1.0), Block("act", "pieces", 1.0), Block("act", "signals", 0.7),
    Block("near", "words", 0.4), Block("title", "words", 0.5),
)  # fmt: skip
_LEAST = {"words": 3, "pieces": 8, "signals": 1}  # acts in which a feature must occur
_COST = 0.3
_NEVER = -2.0  # the score of a label that no document has


def fit_wording(documents: Iterable[Json]) -> Wording:
    """Return a wording model fitted on the acts of annotated documents."""
    texts: list[dict[str, str]] = []
    answers: dict[str, list[str]] = {name: [] for name in HEADS}
    for document in documents:
        text = text_of_document(document)
        sentences = split(text)
        for act in acts_of(document, text):
            texts.append(zones_of(text, sentences, *act.span))
            for name, known in answers.items():
                known.append(best_answer(act.rows[0][name]))
    blocks = vocabularies(texts, frozenset(), _BLOCKS, least=_LEAST)
    empty = TextModel(tuple(blocks), frozenset(), {})
    rows = matrix_of([empty.vector(zones) for zones in texts], sum(len(one.index) for one in blocks))
    heads = {name: _with_labels(fit_head(rows, answers[name], cost=_COST), labels) for name, labels in HEADS.items()}
    return Wording(TextModel(tuple(blocks), frozenset(), heads))


def _with_labels(head: Head, labels: Sequence[str]) -> Head:
    """The head with all ``labels`` in their order; those that no document has get the score _NEVER."""
    weights = np.zeros((len(head.weights), len(labels)), dtype=np.float32)
    bias = np.full(len(labels), _NEVER, dtype=np.float32)
    for i, label in enumerate(head.labels):
        weights[:, labels.index(label)], bias[labels.index(label)] = head.weights[:, i], head.bias[i]
    return Head(tuple(labels), weights, bias)
