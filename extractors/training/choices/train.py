"""Train the models of the headline's choices and of sectors from documents and coders' answers.

What one model outputs for another to learn from is cross-fitted: each of five folds of documents is scored by a model
that was fitted on the other four. So are the scores that the confidences are fitted on.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from extractors.estimators.fitted import ConfidenceCurve, Trees
from extractors.estimators.text_model import Block, Head, TextModel
from extractors.evaluate.projects import Gold, state_funds
from extractors.evaluate.scores import FIELDS as FIVE
from extractors.headline.candidates import KNOWN_GIVER_COLUMN, QUESTIONS, Field, View, body_field, make_view
from extractors.headline.choose import (
    FIELDS,
    Decision,
    Fields,
    Odds,
    Payers,
    amount_signals,
    decide,
    fields_of,
    payers_of,
)
from extractors.headline.headline import CHOSEN, label_signals, record_signals, zones_of
from extractors.headline.model import ContextModel, HeadlineModel, SectorModel, softmax
from extractors.headline.scene import count_unstated
from extractors.training.choices.examples import (
    NoteExample,
    actor_is_right,
    example_of,
    giver_of,
    is_right,
    labels_of,
    mention_cases,
    names_of_countries,
    with_other_givers,
)
from extractors.training.choices.fitting import (
    fit_confidences,
    fit_contexts,
    fit_head,
    fit_sharpness,
    fit_trees,
    matrix_of,
    vocabularies,
)

_SECTOR_BLOCKS = (
    Block("title", "words", 1.0), Block("text", "words", 0.7), Block("title", "pieces", 1.0),
    Block("text", "pieces", 0.7),
    Block("title", "signals", 0.8), Block("text", "signals", 0.7),
    Block("lead", "words", 0.6), Block("lead", "pieces", 0.5), Block("lead", "signals", 0.6),
)  # fmt: skip
_ACT_BLOCKS = (
    Block("title", "words", 1.0), Block("text", "words", 0.7), Block("title", "pairs", 0.7),
    Block("text", "pairs", 0.7),
    Block("lead", "words", 0.5), Block("tail", "words", 0.5), Block("lead", "pairs", 0.4), Block("tail", "pairs", 0.4),
    Block("title", "pieces", 0.7), Block("text", "pieces", 0.5),
)  # fmt: skip
_BAYES = {"sector": 1.0, "kind": 0.3, "status": 0.3, "money": 0.0}
_COSTS = {"sector": 0.3, "kind": 0.2, "status": 0.2, "money": 0.1}
_FOLDS = 5
_PARTIES = ("giver", "receiver")
_BLINDED = 0.1  # weight of copies of a row in which the column of known givers is the same for all
_UNSURE = 0.15  # weight of ministries that may have paid although the coders did not name them
_SIZES = {
    "giver": (80, 10, 1), "receiver": (100, 12, 1), "payer": (120, 6, 4), "year": (120, 12, 1), "amount": (140, 5, 4),
    "no_amount": (100, 6, 4),
}  # trees, leaves, ensembles averaged  # fmt: skip
T = TypeVar("T")
Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Copy = tuple[int, NoteExample, Fields]  # with another giver; the number is that of the original
Judgements = list[tuple[tuple[float, ...], bool]]
"""The signals of each choice, and whether it is right."""


@dataclass(frozen=True)
class Trained:
    """Both models, and for each field the share of right choices in cross-validation."""

    choices: HeadlineModel
    sectors: SectorModel
    scores: Mapping[str, float]

    def save(self, folder: Path) -> None:
        """Write both models into ``folder``."""
        self.choices.save(folder)
        self.sectors.save(folder)


def train_choices(documents: Iterable[Mapping[str, Any]], gold: Iterable[Gold]) -> Trained:
    """Train on documents (``id``, ``title``, ``text``) and the coders' answers, joined by id; seeds are fixed."""
    answers = {one["id"]: one for one in gold}
    pairs = [(one, answers[one["id"]]) for one in sorted(documents, key=itemgetter("id")) if one["id"] in answers]
    examples = [example_of(*pair) for pair in pairs]
    folds = np.random.RandomState(5).permutation(len(examples)) % _FOLDS
    codes = [str(one.gold["sector_code"]) for one in examples]
    sectors, sector_shares = _sectors(examples, codes, folds)
    labels = {name: [labels_of(one.gold)[name] for one in examples] for name in ("kind", "status", "money")}
    acts, scores = _text_model(examples, folds, _ACT_BLOCKS, labels)
    copies = [(number, example_of(document, answer)) for number, document, answer in with_other_givers(pairs)]
    contexts, views, copy_views = _views(examples, copies, folds)
    fields = [fields_of(view) for view in views]
    more = [(number, copy, fields_of(view)) for (number, copy), view in zip(copies, copy_views, strict=True)]
    trees, odds = _candidate_trees(examples, fields, more, folds)
    trees["payer"], payers = _payer_trees(examples, views, fields, folds)
    trees["no_amount"], no_amount = _no_amount_trees(examples, odds, scores, folds)
    decisions = [decide(*parts) for parts in zip(fields, odds, no_amount, payers, strict=True)]
    judged = _judge_choices(examples, decisions)
    judged["sector"] = _judge_labels(sectors.texts.heads["sector"].labels, np.log(sector_shares + 1e-9), codes, 1.0)
    confidences = {name: _confidences(judgements) for name, judgements in judged.items()}
    judged["record"] = _judge_records(judged, confidences)
    for name in ("kind", "status"):
        judged[name] = _judge_labels(acts.heads[name].labels, scores[name], labels[name])
    confidences |= {name: _confidences(judged[name]) for name in ("record", "kind", "status")}
    shares = {name: float(np.mean([right for _, right in judgements])) for name, judgements in judged.items()}
    return Trained(HeadlineModel(acts, contexts, trees, confidences), sectors, shares)


def _confidences(judged: Judgements) -> ConfidenceCurve:
    signals, right = zip(*judged, strict=True)
    return fit_confidences(signals, right)


def _cross_fitted(fit: Callable[[list[int]], T], folds: Ids) -> tuple[T, list[T]]:
    """Return the result of ``fit`` on the indexes of all examples, and for each fold that on the other folds."""
    others = [fit(np.flatnonzero(folds != fold).tolist()) for fold in range(_FOLDS)]
    return fit(list(range(len(folds)))), others


def _text_model(
    examples: Sequence[NoteExample], folds: Ids, blocks: Sequence[Block], answers: Mapping[str, Sequence[str | None]]
) -> tuple[TextModel, dict[str, NDArray[np.float32]]]:
    """Return a text model with a head for each question, and the cross-fitted scores, examples × labels."""
    zones = [zones_of(one.scene) for one in examples]
    masked = names_of_countries()
    vocabulary = tuple(vocabularies(zones, masked, blocks))
    bare = TextModel(vocabulary, masked, {})
    rows = matrix_of([bare.vector(one) for one in zones], sum(len(one.index) for one in vocabulary))
    heads: dict[str, Head] = {}
    scores: dict[str, NDArray[np.float32]] = {}
    for name, labels in answers.items():
        heads[name], others = _cross_fitted(partial(_head, name, rows, labels), folds)
        scores[name] = np.full((len(examples), len(heads[name].labels)), -3.0, dtype=np.float32)
        for fold, head in enumerate(others):
            members = folds == fold
            columns = np.array([heads[name].labels.index(label) for label in head.labels])
            scores[name][np.ix_(members, columns)] = rows[members] @ head.weights + head.bias
    return TextModel(vocabulary, masked, heads), scores


def _head(name: str, rows: csr_matrix, labels: Sequence[str | None], chosen: list[int]) -> Head:
    known = [at for at in chosen if labels[at] is not None]
    return fit_head(rows[known], [labels[at] or "" for at in known], cost=_COSTS[name], bayes=_BAYES[name])


def _sectors(
    examples: Sequence[NoteExample], codes: Sequence[str], folds: Ids
) -> tuple[SectorModel, NDArray[np.float64]]:
    """Return the model of sectors, and the cross-fitted probability of each sector for each example."""
    texts, scores = _text_model(examples, folds, _SECTOR_BLOCKS, {"sector": codes})
    answers = np.array([texts.heads["sector"].labels.index(code) for code in codes])
    sharpness = fit_sharpness(scores["sector"].astype(np.float64), answers)
    return SectorModel(texts, sharpness), np.array([softmax(row * sharpness) for row in scores["sector"]])


def _views(
    examples: Sequence[NoteExample], copies: Sequence[tuple[int, NoteExample]], folds: Ids
) -> tuple[ContextModel, list[View], list[View]]:
    """Return the model of contexts, and the views of examples and of copies by cross-fitted models of contexts."""
    features, labels, owners = mention_cases(examples)

    def fit(chosen: list[int]) -> ContextModel:
        cases = np.flatnonzero(np.isin(owners, chosen))
        return fit_contexts([features[case] for case in cases], QUESTIONS, labels[cases])

    whole, others = _cross_fitted(fit, folds)
    views = [make_view(one.scene, others[folds[number]]) for number, one in enumerate(examples)]
    copy_views = [make_view(one.scene, others[folds[number]]) for number, one in copies]
    return whole, views, copy_views


def _candidate_trees(
    examples: Sequence[NoteExample], fields: Sequence[Fields], copies: Sequence[Copy], folds: Ids
) -> tuple[dict[str, Trees], list[Odds]]:
    """Return the trees of giver, receiver, year and amount, and the cross-fitted odds of each example's candidates.

    ``copies`` with other givers are used to fit giver and receiver only, and in no evaluation.
    """
    trees: dict[str, Trees] = {}
    odds: list[dict[str, Floats]] = [{} for _ in examples]
    for name in FIELDS:
        more = copies if name in _PARTIES else ()
        whole = [*examples, *(copy for _, copy, _ in more)]
        members = [one[name] for one in (*fields, *(copied for _, _, copied in more))]
        all_folds = np.concatenate([folds, folds[[number for number, _, _ in more]]]) if more else folds
        trees[name], others = _cross_fitted(partial(_field_trees, name, whole, members), all_folds)
        for at, fold in enumerate(folds.tolist()):
            odds[at][name] = others[fold].log_odds(members[at].rows)
    return trees, list(odds)


def _payer_trees(
    examples: Sequence[NoteExample], views: Sequence[View], fields: Sequence[Fields], folds: Ids
) -> tuple[Trees, list[Payers]]:
    """Return the trees of the paying body, fitted on the bodies of the true giver.

    Return also, for each example, the bodies that may pay for each giver, with their cross-fitted odds.
    """
    members = [body_field(view, giver_of(one.gold)) for view, one in zip(views, examples, strict=True)]
    trees, others = _cross_fitted(partial(_field_trees, "payer", examples, members), folds)
    payers = [
        payers_of(view, field["giver"], others[fold].log_odds)
        for view, field, fold in zip(views, fields, folds.tolist(), strict=True)
    ]
    return trees, payers


def _field_trees(name: str, examples: Sequence[NoteExample], fields: Sequence[Field[Any]], chosen: list[int]) -> Trees:
    rows = np.vstack([fields[number].rows for number in chosen if len(fields[number].rows)])
    cases = [(one, examples[number].gold) for number in chosen for one in fields[number].candidates]
    labels = np.array([is_right(name, one.key, gold) for one, gold in cases], dtype=np.int8)
    weights = np.ones(len(labels))
    if name == "payer":  # ministries of a state whose body the coders did not name may well have paid
        ministries = [one.best.type == "government" and actor_is_right(one.best, gold) for one, gold in cases]
        weights[np.array(ministries, dtype=bool) & (labels == 0)] = _UNSURE
    if name in _PARTIES:
        # copies in which no party, or every party, is a known giver, so that the trees rely on the text too
        none, every = rows.copy(), rows.copy()
        none[:, KNOWN_GIVER_COLUMN], every[:, KNOWN_GIVER_COLUMN] = 0.0, 1.0
        rows, labels = np.vstack([rows, none, every]), np.tile(labels, 3)
        weights = np.concatenate([weights, weights * _BLINDED, weights * _BLINDED])
    trees, leaves, seeds = _SIZES[name]
    return fit_trees(rows, labels, weights, trees=trees, leaves=leaves, seeds=seeds)


def _no_amount_trees(
    examples: Sequence[NoteExample], odds: Sequence[Odds], acts: Mapping[str, NDArray[np.float32]], folds: Ids
) -> tuple[Trees, list[float]]:
    """Return the trees that predict whether the act has no sum, and their cross-fitted log odds for each example."""
    rows = np.array(
        [
            amount_signals(one["amount"], acts["money"][at], acts["kind"][at], count_unstated(example.scene))
            for at, (one, example) in enumerate(zip(odds, examples, strict=True))
        ]
    )
    labels = np.array([one.gold["amount"] is None for one in examples], dtype=np.int8)
    trees, leaves, seeds = _SIZES["no_amount"]

    def fit(chosen: list[int]) -> Trees:
        return fit_trees(rows[chosen], labels[chosen], trees=trees, leaves=leaves, seeds=seeds)

    whole, others = _cross_fitted(fit, folds)
    return whole, [float(others[fold].log_odds(rows[[at]])[0]) for at, fold in enumerate(folds.tolist())]


def _judge_choices(examples: Sequence[NoteExample], decisions: Sequence[Decision]) -> dict[str, Judgements]:
    """Return the signals of each example's actor, partner, year and amount, and whether each is right."""
    judged: dict[str, Judgements] = {name: [] for name in CHOSEN}
    for example, decision in zip(examples, decisions, strict=True):
        gold, body = example.gold, decision["payer"].candidate
        right = {
            name: one.candidate is not None and is_right(name, one.candidate.key, gold)
            for name, one in decision.items()
        }
        right["payer"] = actor_is_right(body.best, gold) if body else right["giver"] and state_funds(gold)
        right["amount"] |= decision["amount"].candidate is None and gold["amount"] is None
        for field, name in CHOSEN.items():
            judged[field].append((decision[name].signals, right[name]))
    return judged


def _judge_labels(
    labels: Sequence[str], rows: NDArray[np.floating], answers: Sequence[str | None], sharpness: float = 3.0
) -> Judgements:
    """Return the signals of the best label of each row of scores, and whether it is right; rows without answer go."""
    return [
        (label_signals(scores, sharpness), labels[int(np.argmax(scores))] == answer)
        for scores, answer in zip(rows, answers, strict=True)
        if answer is not None
    ]


def _judge_records(judged: Mapping[str, Judgements], confidences: Mapping[str, ConfidenceCurve]) -> Judgements:
    """Return the signals of whole records, made of the fields' confidences; right are those with five right fields."""
    found: Judgements = []
    for five in zip(*(judged[name] for name in FIVE), strict=True):
        sure = {name: confidences[name].of(signals) for name, (signals, _) in zip(FIVE, five, strict=True)}
        found.append((record_signals(sure), all(right for _, right in five)))
    return found
