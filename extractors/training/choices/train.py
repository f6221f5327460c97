"""Train the choices: one function from documents and answers to a model, cross-validated inside for its confidences.

Everything that a later part learns from is made for texts that the earlier parts had not seen: five folds of documents,
each scored by parts fitted on the other four.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from extractors.estimators.confidences import Confidences
from extractors.estimators.text_model import Block, Head, TextModel
from extractors.evaluate.projects import Gold
from extractors.headline.candidates import QUESTIONS, View, make_view
from extractors.headline.choose import decide, fields_of
from extractors.headline.headline import zones_of
from extractors.headline.model import ContextModel, Model
from extractors.headline.sectors import SectorModel, softmax
from extractors.training.choices.choosers import (
    FOLDS,
    Ids,
    Judged,
    candidate_trees,
    crossed,
    judged_choices,
    judged_labels,
    judged_records,
    no_amount_trees,
    payer_trees,
)
from extractors.training.choices.examples import (
    Example,
    example_of,
    labels_of,
    mention_cases,
    names_of_countries,
    swapped,
)
from extractors.training.choices.fitting import (
    fit_confidences,
    fit_contexts,
    fit_head,
    fit_sharpness,
    matrix_of,
    vocabularies,
)

SECTOR_BLOCKS = (
    Block("title", "words", 1.0), Block("text", "words", 0.7), Block("title", "pieces", 1.0),
    Block("text", "pieces", 0.7),
    Block("title", "signals", 0.8), Block("text", "signals", 0.7),
    Block("lead", "words", 0.6), Block("lead", "pieces", 0.5), Block("lead", "signals", 0.6),
)  # fmt: skip
ACT_BLOCKS = (
    Block("title", "words", 1.0), Block("text", "words", 0.7), Block("title", "pairs", 0.7),
    Block("text", "pairs", 0.7),
    Block("lead", "words", 0.5), Block("tail", "words", 0.5), Block("lead", "pairs", 0.4), Block("tail", "pairs", 0.4),
    Block("title", "pieces", 0.7), Block("text", "pieces", 0.5),
)  # fmt: skip
BAYES = {"sector": 1.0, "kind": 0.3, "status": 0.3, "money": 0.0}
COSTS = {"sector": 0.3, "kind": 0.2, "status": 0.2, "money": 0.1}


@dataclass(frozen=True)
class Trained:
    """Both models, and the scores of cross-validation: share right and calibration error of each field."""

    choices: Model
    sectors: SectorModel
    scores: Mapping[str, float]

    def save(self, folder: Path) -> None:
        """Write both models into ``folder``."""
        self.choices.save(folder)
        self.sectors.save(folder)


def train_choices(documents: Iterable[Mapping[str, Any]], gold: Iterable[Gold]) -> Trained:
    """Train on documents (``id title text``) and the coders' answers (as in ``score_projects.py``); fixed seeds."""
    answers = {one["id"]: one for one in gold}
    pairs = [(one, answers[one["id"]]) for one in sorted(documents, key=itemgetter("id")) if one["id"] in answers]
    examples = [example_of(*pair) for pair in pairs]
    folds = np.random.RandomState(5).permutation(len(examples)) % FOLDS
    codes = [str(one.gold["sector_code"]) for one in examples]
    sectors, sector_shares = _sectors(examples, codes, folds)
    labels = {name: [labels_of(one.gold)[name] for one in examples] for name in ("kind", "status", "money")}
    acts, scores = _text_model(examples, folds, ACT_BLOCKS, labels)
    copies = [(place, example_of(document, own)) for place, document, own in swapped(pairs)]
    contexts, views, others = _views(examples, copies, folds)
    fields = [fields_of(view) for view in views]
    more = [(place, copy, fields_of(view)) for (place, copy), view in zip(copies, others, strict=True)]
    trees, odds = candidate_trees(examples, fields, more, folds)
    trees["payer"], payers = payer_trees(examples, views, fields, folds)
    trees["no_amount"], none = no_amount_trees(examples, odds, scores, folds)
    decisions = [decide(*parts) for parts in zip(fields, odds, none, payers, strict=True)]
    judged = judged_choices(examples, decisions)
    judged["sector"] = judged_labels(sectors.texts.heads["sector"].labels, np.log(sector_shares + 1e-9), codes, 1.0)
    confidences = {name: _confidences(own) for name, own in judged.items()}
    judged["record"] = judged_records(judged, confidences)
    for name in ("kind", "status"):
        judged[name] = judged_labels(acts.heads[name].labels, scores[name], labels[name])
    confidences |= {name: _confidences(judged[name]) for name in ("record", "kind", "status")}
    shares = {name: float(np.mean([right for _, right in own])) for name, own in judged.items()}
    return Trained(Model(acts, contexts, trees, confidences), sectors, shares)


def _confidences(judged: Judged) -> Confidences:
    signals, right = zip(*judged, strict=True)
    return fit_confidences(signals, right)


def _text_model(
    examples: Sequence[Example], folds: Ids, blocks: Sequence[Block], answers: Mapping[str, Sequence[str | None]]
) -> tuple[TextModel, dict[str, NDArray[np.float32]]]:
    """Return a text model with a head a question, and the scores of each example by heads of the other folds."""
    zones = [zones_of(one.scene) for one in examples]
    masked = names_of_countries()
    vocabulary = tuple(vocabularies(zones, masked, blocks))
    bare = TextModel(vocabulary, masked, {})
    rows = matrix_of([bare.vector(one) for one in zones], sum(len(one.index) for one in vocabulary))
    heads: dict[str, Head] = {}
    scores: dict[str, NDArray[np.float32]] = {}
    for name, labels in answers.items():
        heads[name], others = crossed(partial(_head, name, rows, labels), folds)
        scores[name] = np.full((len(examples), len(heads[name].labels)), -3.0, dtype=np.float32)
        for fold, head in enumerate(others):
            own = folds == fold
            columns = np.array([heads[name].labels.index(label) for label in head.labels])
            scores[name][np.ix_(own, columns)] = rows[own] @ head.weights + head.bias
    return TextModel(vocabulary, masked, heads), scores


def _head(name: str, rows: csr_matrix, labels: Sequence[str | None], chosen: list[int]) -> Head:
    known = [at for at in chosen if labels[at] is not None]
    return fit_head(rows[known], [labels[at] or "" for at in known], cost=COSTS[name], bayes=BAYES[name])


def _sectors(examples: Sequence[Example], codes: Sequence[str], folds: Ids) -> tuple[SectorModel, NDArray[np.float64]]:
    """Return the model of sectors, and the share of each sector in each example by the other folds."""
    texts, scores = _text_model(examples, folds, SECTOR_BLOCKS, {"sector": codes})
    places = np.array([texts.heads["sector"].labels.index(code) for code in codes])
    sharpness = fit_sharpness(scores["sector"].astype(np.float64), places)
    return SectorModel(texts, sharpness), np.array([softmax(row * sharpness) for row in scores["sector"]])


def _views(
    examples: Sequence[Example], copies: Sequence[tuple[int, Example]], folds: Ids
) -> tuple[ContextModel, list[View], list[View]]:
    """Return the model of contexts, and examples and copies seen by models fitted on the other folds' examples."""
    features, labels, owners = mention_cases(examples)

    def fit(chosen: list[int]) -> ContextModel:
        cases = np.flatnonzero(np.isin(owners, chosen))
        return fit_contexts([features[case] for case in cases], QUESTIONS, labels[cases])

    whole, others = crossed(fit, folds)
    views = [make_view(one.scene, others[folds[place]]) for place, one in enumerate(examples)]
    more = [make_view(one.scene, others[folds[place]]) for place, one in copies]
    return whole, views, more
