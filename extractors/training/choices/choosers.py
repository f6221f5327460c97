"""Fit the trees that choose among candidates; every example is scored by trees fitted on the other folds."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.confidences import Confidences
from extractors.estimators.trees import Trees
from extractors.evaluate.projects import state_funds
from extractors.evaluate.scores import FIELDS as FIVE
from extractors.headline.candidates import KNOWN_GIVER_COLUMN, Field, View, body_field
from extractors.headline.choose import FIELDS, Decision, Fields, Odds, Payers, amount_signals, payers_of
from extractors.headline.headline import CHOSEN, label_signals, record_signals
from extractors.headline.scene import unstated
from extractors.training.choices.examples import Example, actor_is_right, giver_in, is_right
from extractors.training.choices.fitting import fit_trees

FOLDS = 5
PARTIES = ("giver", "receiver")
BLINDED = 0.1  # weight of examples whose known givers are hidden
UNSURE = 0.15
SIZES = {
    "giver": (80, 10, 1), "receiver": (100, 12, 1), "payer": (120, 6, 4), "year": (120, 12, 1), "amount": (140, 5, 4),
    "no_amount": (100, 6, 4),
}  # trees, leaves, ensembles averaged  # fmt: skip
T = TypeVar("T")
Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Copy = tuple[int, Example, Fields]
Judged = list[tuple[tuple[float, ...], bool]]
"""The signals of each choice, and whether it is right."""


def crossed(fit: Callable[[list[int]], T], folds: Ids) -> tuple[T, list[T]]:
    """Return what is fitted on the numbers of all examples, and for each fold what is fitted on the other folds."""
    others = [fit(np.flatnonzero(folds != fold).tolist()) for fold in range(FOLDS)]
    return fit(list(range(len(folds)))), others


def candidate_trees(
    examples: Sequence[Example], fields: Sequence[Fields], copies: Sequence[Copy], folds: Ids
) -> tuple[dict[str, Trees], list[Odds]]:
    """Return the trees of giver, receiver, year and amount, and the odds of each example's candidates.

    ``copies`` with other givers teach giver and receiver only; they are judged nowhere.
    """
    trees: dict[str, Trees] = {}
    odds: list[dict[str, Floats]] = [{} for _ in examples]
    for name in FIELDS:
        more = copies if name in PARTIES else ()
        whole = [*examples, *(copy for _, copy, _ in more)]
        members = [one[name] for one in (*fields, *(copied for _, _, copied in more))]
        own = np.concatenate([folds, folds[[place for place, _, _ in more]]]) if more else folds
        trees[name], others = crossed(partial(_fitted, name, whole, members), own)
        for at, fold in enumerate(folds.tolist()):
            odds[at][name] = others[fold].log_odds(members[at].rows)
    return trees, list(odds)


def payer_trees(
    examples: Sequence[Example], views: Sequence[View], fields: Sequence[Fields], folds: Ids
) -> tuple[Trees, list[Payers]]:
    """Return the trees of the paying body, and for each example who may pay for each giver, with their odds.

    They learn from the bodies of the true giver.
    """
    members = [body_field(view, giver_in(one.gold)) for view, one in zip(views, examples, strict=True)]
    trees, others = crossed(partial(_fitted, "payer", examples, members), folds)
    payers = [
        payers_of(view, field["giver"], others[fold].log_odds)
        for view, field, fold in zip(views, fields, folds.tolist(), strict=True)
    ]
    return trees, payers


def _fitted(name: str, examples: Sequence[Example], fields: Sequence[Field[Any]], chosen: list[int]) -> Trees:
    rows = np.vstack([fields[number].rows for number in chosen if len(fields[number].rows)])
    asked = [(one, examples[number].gold) for number in chosen for one in fields[number].candidates]
    labels = np.array([is_right(name, one.key, gold) for one, gold in asked], dtype=np.int8)
    weights = np.ones(len(labels))
    if name == "payer":  # ministries of a state whose body the coders did not name may well have paid
        ministries = [one.best.type == "government" and actor_is_right(one.best, gold) for one, gold in asked]
        weights[np.array(ministries, dtype=bool) & (labels == 0)] = UNSURE
    if name in PARTIES:
        # copies in which nobody, or everybody, is a known giver: who gives must be read in the text
        none, every = rows.copy(), rows.copy()
        none[:, KNOWN_GIVER_COLUMN], every[:, KNOWN_GIVER_COLUMN] = 0.0, 1.0
        rows, labels = np.vstack([rows, none, every]), np.tile(labels, 3)
        weights = np.concatenate([weights, weights * BLINDED, weights * BLINDED])
    trees, leaves, seeds = SIZES[name]
    return fit_trees(rows, labels, weights, trees=trees, leaves=leaves, seeds=seeds)


def no_amount_trees(
    examples: Sequence[Example], odds: Sequence[Odds], acts: Mapping[str, NDArray[np.float32]], folds: Ids
) -> tuple[Trees, list[float]]:
    """Return the trees that tell whether no sum is the act's, and their log odds for each example."""
    rows = np.array(
        [
            amount_signals(one["amount"], acts["money"][at], acts["kind"][at], unstated(example.scene))
            for at, (one, example) in enumerate(zip(odds, examples, strict=True))
        ]
    )
    labels = np.array([one.gold["amount"] is None for one in examples], dtype=np.int8)
    trees, leaves, seeds = SIZES["no_amount"]

    def fit(chosen: list[int]) -> Trees:
        return fit_trees(rows[chosen], labels[chosen], trees=trees, leaves=leaves, seeds=seeds)

    whole, others = crossed(fit, folds)
    return whole, [float(others[fold].log_odds(rows[[at]])[0]) for at, fold in enumerate(folds.tolist())]


def judged_choices(examples: Sequence[Example], decisions: Sequence[Decision]) -> dict[str, Judged]:
    """Judge actor, partner, year and amount of each example."""
    judged: dict[str, Judged] = {name: [] for name in CHOSEN}
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


def judged_labels(
    labels: Sequence[str], rows: NDArray[np.floating], answers: Sequence[str | None], sharpness: float = 3.0
) -> Judged:
    """Judge the best label of each text by its row of scores."""
    return [
        (label_signals(scores, sharpness), labels[int(np.argmax(scores))] == answer)
        for scores, answer in zip(rows, answers, strict=True)
        if answer is not None
    ]


def judged_records(judged: Mapping[str, Judged], confidences: Mapping[str, Confidences]) -> Judged:
    """Judge whole records: right where all five fields are; the signals go by the fields' confidences."""
    found: Judged = []
    for five in zip(*(judged[name] for name in FIVE), strict=True):
        sure = {name: confidences[name].of(signals) for name, (signals, _) in zip(FIVE, five, strict=True)}
        found.append((record_signals(sure), all(right for _, right in five)))
    return found
