"""Train the choices: one function from documents and answers to a model, cross-validated inside for its confidences.

Everything that a later part learns from is made for texts that the earlier parts had not seen: five folds of documents,
each scored by parts fitted on the other four.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.text_model import Block, Head, TextModel
from extractors.headline.candidates import QUESTIONS, View, make_view
from extractors.headline.choose import decide, fields_of
from extractors.headline.headline import zones_of
from extractors.headline.model import ContextModel, Model
from extractors.headline.sectors import SectorModel
from extractors.training.choices.choosers import (
    FOLDS,
    Ids,
    candidate_trees,
    judged_choices,
    judged_labels,
    judged_records,
    no_amount_trees,
    payer_trees,
)
from extractors.training.choices.examples import (
    Example,
    Gold,
    copies_of,
    example_of,
    labels_of,
    mention_cases,
    names_of_countries,
    paired,
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


@dataclass(frozen=True)
class TextPart:
    """A text model and its heads' scores of each example, made by heads fitted on the other folds."""

    model: TextModel
    scores: Mapping[str, NDArray[np.float32]]

    def labels(self, name: str) -> tuple[str, ...]:
        """Return the labels of a head, in the order of its scores."""
        return self.model.heads[name].labels


def train_choices(documents: Iterable[Mapping[str, Any]], gold: Iterable[Gold]) -> Trained:
    """Train on documents (``id title text``) and the coders' answers (as in ``score_projects.py``); fixed seeds."""
    pairs = paired(documents, gold)
    examples = [example_of(*pair) for pair in pairs]
    folds = np.random.RandomState(5).permutation(len(examples)) % FOLDS
    codes = [str(one.gold["sector_code"]) for one in examples]
    labels = [labels_of(one.gold) for one in examples]
    sector_part = _text_part(examples, folds, SECTOR_BLOCKS, {"sector": codes})
    acts = _text_part(examples, folds, ACT_BLOCKS, {name: [one[name] for one in labels] for name in labels[0]})
    copies = copies_of(pairs)
    contexts, views, others = _views(examples, copies, folds)
    fields = [fields_of(view) for view in views]
    more = [(place, copy, fields_of(view)) for (place, copy), view in zip(copies, others, strict=True)]
    trees, odds = candidate_trees(examples, fields, more, folds)
    trees["payer"], payers = payer_trees(examples, views, fields, folds)
    trees["no_amount"], none = no_amount_trees(examples, odds, acts.scores, folds)
    sectors = _sector_model(sector_part, codes)
    decisions = [decide(*parts) for parts in zip(fields, odds, none.tolist(), payers, strict=True)]
    judged = judged_choices(examples, fields, decisions, payers)
    judged["sector"] = judged_labels(
        sector_part.labels("sector"), sector_part.scores["sector"], codes, sectors.sharpness
    )
    confidences = {name: fit_confidences(*answers) for name, answers in judged.items()}
    judged["record"] = judged_records(judged, confidences)
    for name in ("kind", "status"):
        judged[name] = judged_labels(acts.labels(name), acts.scores[name], [one[name] for one in labels])
    confidences |= {name: fit_confidences(*judged[name]) for name in ("record", "kind", "status")}
    scores = {name: float(np.mean(right)) for name, (_, right) in judged.items()}
    return Trained(Model(acts.model, contexts, trees, confidences), sectors, scores)


def _text_part(
    examples: Sequence[Example], folds: Ids, blocks: Sequence[Block], answers: Mapping[str, Sequence[str | None]]
) -> TextPart:
    zones = [zones_of(one.scene) for one in examples]
    masked = names_of_countries()
    vocabulary = vocabularies(zones, masked, blocks)
    bare = TextModel(tuple(vocabulary), masked, {})
    rows = matrix_of([bare.vector(one) for one in zones], sum(len(one.index) for one in vocabulary))
    heads: dict[str, Head] = {}
    scores: dict[str, NDArray[np.float32]] = {}
    for name, labels in answers.items():
        known = np.array([label is not None for label in labels])
        names = np.array([label or "" for label in labels])
        heads[name] = fit_head(rows[known], names[known].tolist(), cost=COSTS[name], bayes=BAYES[name])
        scores[name] = np.full((len(examples), len(heads[name].labels)), -3.0, dtype=np.float32)
        for fold in range(FOLDS):
            others, own = np.flatnonzero((folds != fold) & known), np.flatnonzero(folds == fold)
            head = fit_head(rows[others], names[others].tolist(), cost=COSTS[name], bayes=BAYES[name])
            columns = [heads[name].labels.index(label) for label in head.labels]
            scores[name][own[:, None], np.array(columns)[None, :]] = rows[own] @ head.weights + head.bias
    return TextPart(TextModel(tuple(vocabulary), masked, heads), scores)


def _views(
    examples: Sequence[Example], copies: Sequence[tuple[int, Example]], folds: Ids
) -> tuple[ContextModel, list[View], list[View]]:
    """Return the model of contexts, and examples and copies seen by models fitted on the other folds' examples."""
    features, labels, owners = mention_cases(examples)
    models = []
    for fold in range(FOLDS):
        others = np.flatnonzero(folds[owners] != fold)
        models.append(fit_contexts([features[case] for case in others], QUESTIONS, labels[others]))
    views = [make_view(one.scene, models[folds[place]]) for place, one in enumerate(examples)]
    more = [make_view(one.scene, models[folds[place]]) for place, one in copies]
    return fit_contexts(features, QUESTIONS, labels), views, more


def _sector_model(part: TextPart, codes: Sequence[str]) -> SectorModel:
    labels = part.model.heads["sector"].labels
    places = np.array([labels.index(code) for code in codes])
    return SectorModel(part.model, fit_sharpness(part.scores["sector"].astype(np.float64), places))
