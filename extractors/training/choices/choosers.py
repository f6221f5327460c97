"""Fit the trees that choose among candidates; every example is scored by trees fitted on the other folds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.confidences import Confidences
from extractors.estimators.trees import Trees
from extractors.headline.candidates import Candidate, Field, View, body_field, known_giver_column
from extractors.headline.choose import (
    FIELDS,
    Decision,
    Fields,
    Odds,
    Payers,
    amount_signals,
    choose_payer,
    giver_of,
    payers_of,
)
from extractors.headline.headline import label_signals, record_signals
from extractors.headline.scene import unstated
from extractors.headline.sectors import softmax
from extractors.mentions import PartyMention
from extractors.training.choices.examples import (
    GIVER,
    Example,
    Gold,
    actor_is_right,
    is_amount,
    is_giver,
    is_payer,
    is_receiver,
)
from extractors.training.choices.fitting import fit_trees

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
Judged = tuple[list[tuple[float, ...]], list[bool]]


def _is_right(name: str, candidate: Candidate[Any], gold: Gold) -> bool:
    """Tell whether a candidate for a field is what the coders recorded."""
    if name == "giver":
        return is_giver(candidate.key, gold)
    if name == "receiver":
        return is_receiver(candidate.key, gold)
    if name == "year":
        return bool(candidate.key == gold["year"])
    return is_payer(candidate.best, gold) if name == "payer" else is_amount(candidate.best, gold)


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
    for name in FIELDS:
        members = [one[name] for one in fields]
        if name in PARTIES:
            more = [one[name] for _, _, one in copies]
            trees[name], others = _crossed(name, whole, [*members, *more], own_folds)
        else:
            trees[name], others = _crossed(name, examples, members, folds)
        odds[name] = [others[fold].log_odds(member.rows) for member, fold in zip(members, folds.tolist(), strict=True)]
    return trees, [{name: odds[name][number] for name in FIELDS} for number in range(len(examples))]


def payer_trees(
    examples: Sequence[Example], views: Sequence[View], fields: Sequence[Fields], folds: Ids
) -> tuple[Trees, list[Payers]]:
    """Return the trees of the paying body, and for each example who may pay for each giver, with their odds.

    They learn from the bodies of the true giver.
    """
    members = [body_field(view, one.gold.get("giver", GIVER)) for view, one in zip(views, examples, strict=True)]
    trees, others = _crossed("payer", examples, members, folds)
    payers = [
        payers_of(view, field["giver"], others[fold].log_odds)
        for view, field, fold in zip(views, fields, folds.tolist(), strict=True)
    ]
    return trees, payers


def _crossed(
    name: str, examples: Sequence[Example], fields: Sequence[Field[Any]], folds: Ids
) -> tuple[Trees, list[Trees]]:
    """Return trees fitted on all candidates, and for each fold the trees fitted on the other folds."""
    others = [_fitted(name, examples, fields, np.flatnonzero(folds != fold).tolist()) for fold in range(FOLDS)]
    return _fitted(name, examples, fields, list(range(len(examples)))), others


def _fitted(name: str, examples: Sequence[Example], fields: Sequence[Field[Any]], chosen: list[int]) -> Trees:
    rows = np.vstack([fields[number].rows for number in chosen if len(fields[number].rows)])
    labels = [
        int(_is_right(name, one, examples[number].gold)) for number in chosen for one in fields[number].candidates
    ]
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
            amount_signals(one["amount"], acts["money"][at], acts["kind"][at], unstated(example.scene))
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


def judged_choices(
    examples: Sequence[Example], fields: Sequence[Fields], decisions: Sequence[Decision],
    payers: Sequence[Payers],
) -> dict[str, Judged]:  # fmt: skip
    """Judge actor, partner, year and amount of each example."""
    judged: dict[str, Judged] = {name: ([], []) for name in ("actor", "partner", "year", "amount")}
    for example, field, decision, of_giver in zip(examples, fields, decisions, payers, strict=True):
        bodies, odds = of_giver[giver_of(field["giver"], decision["giver"])]
        payer = choose_payer(bodies, odds, decision["giver"])
        body, gold = payer.of(bodies), example.gold
        giver, partner, year, amount = (decision[name].of(field[name]) for name in FIELDS)
        actor = actor_is_right(body.best, gold) if body else _state_is_right(giver, gold)
        verdicts = {
            "actor": (payer, actor),
            "partner": (decision["receiver"], partner is not None and _is_right("receiver", partner, gold)),
            "year": (decision["year"], year is not None and _is_right("year", year, gold)),
            "amount": (decision["amount"], _is_right("amount", amount, gold) if amount else gold["amount"] is None),
        }
        for name, (chosen, right) in verdicts.items():
            judged[name][0].append(chosen.signals)
            judged[name][1].append(bool(right))
    return judged


def _state_is_right(giver: Candidate[PartyMention] | None, gold: Gold) -> bool:
    if giver is None or not is_giver(giver.key, gold):
        return False
    unnamed = [one for one in gold["funders"] if one["name"].startswith("Unspecified")]
    return bool(unnamed) or not gold["funders"]


def judged_labels(
    labels: tuple[str, ...],
    all_scores: NDArray[np.float32],
    answers: Sequence[str | None],
    sharpness: float | None = None,
) -> Judged:
    """Judge the best label of each text; with ``sharpness`` the signals go by its probabilities."""
    judged: Judged = ([], [])
    for scores, answer in zip(all_scores, answers, strict=True):
        if answer is not None:
            shares = scores if sharpness is None else np.log(softmax(scores * sharpness) + 1e-9)
            judged[0].append(label_signals(shares) if sharpness is None else label_signals(shares, 1.0))
            judged[1].append(labels[int(np.argmax(scores))] == answer)
    return judged


def judged_records(judged: Mapping[str, Judged], confidences: Mapping[str, Confidences]) -> Judged:
    """Judge whole records: right where all five fields are; the signals go by the fields' confidences."""
    names = ("actor", "partner", "year", "amount", "sector")
    signals, right = [], []
    for at in range(len(judged["actor"][1])):
        five = {name: confidences[name].of(judged[name][0][at]) for name in names}
        signals.append(record_signals(five))
        right.append(all(judged[name][1][at] for name in names))
    return signals, right
