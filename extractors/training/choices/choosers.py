"""Fit the trees that choose among candidates; every example is scored by trees fitted on the other folds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.headline.candidates import Candidate, Field, View, body_field, known_giver_column
from extractors.headline.decide import Fields, Odds, amount_signals
from extractors.headline.payers import Payers, payers_of
from extractors.headline.trees import Trees
from extractors.headline.unstated import unstated

from .answers import GIVER, Gold, actor_is_right, is_amount, is_giver, is_payer, is_receiver
from .examples import Example
from .fitting import fit_trees

FOLDS = 5
PARTIES = ("giver", "receiver")
BLINDED = 0.1  # weight of examples whose known givers are hidden
UNSURE = 0.15
SIZES = {
    "giver": (80, 10, 1), "receiver": (100, 12, 1), "payer": (120, 6, 4), "year": (120, 12, 1), "amount": (140, 5, 4),
    "no_amount": (100, 6, 4),
}  # trees, leaves, ensembles averaged  # fmt: skip
Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Copy = tuple[int, Example, Fields]
Right = Callable[[Candidate[Any], Gold], bool]


def _right_giver(candidate: Candidate[Any], gold: Gold) -> bool:
    return is_giver(candidate.key, gold)


def _right_receiver(candidate: Candidate[Any], gold: Gold) -> bool:
    return is_receiver(candidate.key, gold)


def _right_year(candidate: Candidate[Any], gold: Gold) -> bool:
    return bool(candidate.key == gold["year"])


def _right_amount(candidate: Candidate[Any], gold: Gold) -> bool:
    return is_amount(candidate.best, gold)


def _right_payer(candidate: Candidate[Any], gold: Gold) -> bool:
    return is_payer(candidate.best, gold)


RIGHT: Mapping[str, Right] = {
    "giver": _right_giver, "receiver": _right_receiver, "year": _right_year, "amount": _right_amount,
}  # fmt: skip


def candidate_trees(
    examples: Sequence[Example], fields: Sequence[Fields], copies: Sequence[Copy], folds: Ids
) -> tuple[dict[str, Trees], list[Odds]]:
    """Return the trees of giver, receiver, year and amount, and the odds of each example's candidates.

    ``copies`` with other givers teach giver and receiver only; they are judged nowhere.
    """
    whole = [*examples, *(copy for _, copy, _ in copies)]
    own_folds = np.concatenate([folds, [folds[place] for place, _, _ in copies]]).astype(np.int64)
    trees: dict[str, Trees] = {}
    odds: dict[str, list[Floats]] = {}
    for name, right in RIGHT.items():
        members = [getattr(one, name) for one in fields]
        if name in PARTIES:
            more = [getattr(one, name) for _, _, one in copies]
            trees[name], others = _crossed(name, whole, [*members, *more], right, own_folds)
        else:
            trees[name], others = _crossed(name, examples, members, right, folds)
        odds[name] = [others[fold].log_odds(member.rows) for member, fold in zip(members, folds.tolist(), strict=True)]
    return trees, [Odds(*parts) for parts in zip(*(odds[name] for name in RIGHT), strict=True)]


def payer_trees(
    examples: Sequence[Example], views: Sequence[View], fields: Sequence[Fields], folds: Ids
) -> tuple[Trees, list[Payers]]:
    """Return the trees of the paying body, and for each example who may pay for each giver, with their odds.

    They learn from the bodies of the true giver.
    """
    members = [body_field(view, one.gold.get("giver", GIVER)) for view, one in zip(views, examples, strict=True)]
    trees, others = _crossed("payer", examples, members, _right_payer, folds)
    payers = [
        payers_of(view, field.giver, others[fold].log_odds)
        for view, field, fold in zip(views, fields, folds.tolist(), strict=True)
    ]
    return trees, payers


def _crossed(
    name: str, examples: Sequence[Example], fields: Sequence[Field[Any]], right: Right, folds: Ids
) -> tuple[Trees, list[Trees]]:
    """Return trees fitted on all candidates, and for each fold the trees fitted on the other folds."""
    others = [_fitted(name, examples, fields, right, np.flatnonzero(folds != fold).tolist()) for fold in range(FOLDS)]
    return _fitted(name, examples, fields, right, list(range(len(examples)))), others


def _fitted(
    name: str, examples: Sequence[Example], fields: Sequence[Field[Any]], right: Right, chosen: list[int]
) -> Trees:
    rows = np.vstack([fields[number].rows for number in chosen if len(fields[number].rows)])
    labels = [int(right(one, examples[number].gold)) for number in chosen for one in fields[number].candidates]
    trees, leaves, seeds = SIZES[name]
    weights = np.ones(len(labels))
    if name == "payer":
        weights[_unsure(examples, fields, chosen)] = UNSURE
    if name in PARTIES:
        rows, labels = _blinded(rows, labels)
        weights = np.concatenate([weights, weights * BLINDED, weights * BLINDED])
    return fit_trees(rows, labels, weights, trees=trees, leaves=leaves, seeds=seeds)


def _unsure(examples: Sequence[Example], fields: Sequence[Field[Any]], chosen: list[int]) -> list[bool]:
    """Tell which bodies are ministries of a state whose body the coders did not name: they may well have paid."""
    return [
        one.best.type == "government"
        and actor_is_right(one.best, examples[number].gold)
        and not is_payer(one.best, examples[number].gold)
        for number in chosen
        for one in fields[number].candidates
    ]


def _blinded(rows: Floats, labels: list[int]) -> tuple[Floats, list[int]]:
    """Add copies in which nobody, or everybody, is a known giver: who gives must be read in the text."""
    none, every = rows.copy(), rows.copy()
    none[:, known_giver_column()], every[:, known_giver_column()] = 0.0, 1.0
    return np.vstack([rows, none, every]), labels * 3


def no_amount_trees(
    examples: Sequence[Example], odds: Sequence[Odds], acts: Mapping[str, NDArray[np.float32]], folds: Ids
) -> tuple[Trees, Floats]:
    """Return the trees that tell whether no sum is the act's, and their log odds for each example."""
    rows = np.array(
        [
            amount_signals(one.amount, acts["money"][at], acts["kind"][at], unstated(example.scene))
            for at, (one, example) in enumerate(zip(odds, examples, strict=True))
        ]
    )
    labels = np.array([int(one.gold["amount"] is None) for one in examples], dtype=np.int8)
    trees, leaves, seeds = SIZES["no_amount"]
    found = np.zeros(len(examples))
    for fold in range(FOLDS):
        others = folds != fold
        found[~others] = fit_trees(rows[others], labels[others], trees=trees, leaves=leaves, seeds=seeds).log_odds(
            rows[~others]
        )
    return fit_trees(rows, labels, trees=trees, leaves=leaves, seeds=seeds), found
