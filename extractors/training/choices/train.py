"""Train the choices: one function from documents and answers to a model, cross-validated inside for its confidences.

Everything that a later part learns from is made for texts that the earlier parts had not seen: five folds of documents,
each scored by parts fitted on the other four.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.entities.sectors.classify import SectorModel, softmax
from extractors.entities.sectors.text_model import Block, Head, TextModel
from extractors.mentions import PartyMention
from extractors.relations.headline.acts import label_signals
from extractors.relations.headline.candidates import QUESTIONS, Candidate, Field, View, body_field, known_giver_column, make_view
from extractors.relations.headline.contexts import ContextModel
from extractors.relations.headline.decide import Decision, Fields, Odds, amount_signals, choose_payer, decide, fields_of
from extractors.relations.headline.headline import record_signals
from extractors.relations.headline.model import Confidences, Model
from extractors.relations.headline.trees import Trees

from .answers import GIVER, Gold, actor_is_right, is_amount, is_giver, is_payer, is_receiver
from .calibrate import fit_confidences, fit_sharpness
from .examples import Example, examples_of, labels_of, mention_cases, names_of_countries, zones_of
from .fitting import fit_contexts, fit_trees
from .texts import fit_head, matrix_of, scores_of, size_of, vocabularies

FOLDS = 5
SECTOR_BLOCKS = (
    Block("title", "words", 1.0), Block("text", "words", 0.7), Block("title", "pieces", 1.0), Block("text", "pieces", 0.7)
)  # fmt: skip
ACT_BLOCKS = (
    Block("title", "words", 1.0), Block("text", "words", 0.7), Block("title", "pairs", 0.7), Block("text", "pairs", 0.7)
)  # fmt: skip
COSTS = {"sector": 0.3, "kind": 0.2, "status": 0.15, "money": 0.1}
SIZES = {
    "giver": (80, 10), "receiver": (100, 12), "payer": (80, 10), "year": (120, 12), "amount": (140, 12), "no_amount": (60, 8),
}  # fmt: skip
Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


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


def train_choices(documents: Iterable[Mapping[str, Any]], gold: Iterable[Gold]) -> Trained:
    """Train on documents (``id title text``) and the coders' answers (as in ``score_projects.py``); fixed seeds."""
    examples = examples_of(documents, gold)
    folds = np.random.RandomState(5).permutation(len(examples)) % FOLDS
    sector_part = _text_part(examples, folds, SECTOR_BLOCKS, {"sector": [one.gold["sector_code"] for one in examples]})
    labels = [labels_of(one.gold) for one in examples]
    acts = _text_part(examples, folds, ACT_BLOCKS, {name: [one[name] for one in labels] for name in labels[0]})
    contexts, views = _views(examples, folds)
    fields = [fields_of(view) for view in views]
    trees, odds = _candidate_trees(examples, fields, folds)
    trees["payer"], payers = _payer_trees(examples, views, folds)
    trees["no_amount"], none = _no_amount(examples, odds, acts, folds)
    sectors = _sector_model(sector_part, [one.gold["sector_code"] for one in examples])
    decisions = [decide(field, odd, float(one)) for field, odd, one in zip(fields, odds, none, strict=True)]
    judged = _judged(examples, views, fields, decisions, payers)
    judged["sector"] = _judged_labels(sector_part, "sector", [one.gold["sector_code"] for one in examples], sectors.sharpness)
    confidences = {name: fit_confidences(*judged[name]) for name in ("actor", "partner", "year", "amount", "sector")}
    judged["record"] = _judged_records(judged, confidences)
    for name in ("kind", "status"):
        judged[name] = _judged_labels(acts, name, [one[name] for one in labels], None)
    confidences |= {name: fit_confidences(*judged[name]) for name in ("record", "kind", "status")}
    scores = {name: float(np.mean(right)) for name, (_, right) in judged.items()}
    return Trained(Model(acts.model, contexts, trees, confidences), sectors, scores)


Judged = tuple[list[tuple[float, ...]], list[bool]]


def _text_part(
    examples: Sequence[Example], folds: Ids, blocks: Sequence[Block], answers: Mapping[str, Sequence[str | None]]
) -> TextPart:
    zones = [zones_of(one.scene) for one in examples]
    masked = names_of_countries()
    vocabulary = vocabularies(zones, masked, blocks)
    bare = TextModel(tuple(vocabulary), masked, {})
    rows = matrix_of([bare.vector(one) for one in zones], size_of(vocabulary))
    heads: dict[str, Head] = {}
    scores: dict[str, NDArray[np.float32]] = {}
    for name, labels in answers.items():
        known = np.array([label is not None for label in labels])
        names = np.array([label or "" for label in labels])
        heads[name] = fit_head(rows[known], names[known].tolist(), cost=COSTS[name])
        scores[name] = np.full((len(examples), len(heads[name].labels)), -3.0, dtype=np.float32)
        for fold in range(FOLDS):
            others, own = np.flatnonzero((folds != fold) & known), np.flatnonzero(folds == fold)
            head = fit_head(rows[others], names[others].tolist(), cost=COSTS[name])
            columns = [heads[name].labels.index(label) for label in head.labels]
            scores[name][np.ix_(own, columns)] = scores_of(head, rows[own])
    return TextPart(TextModel(tuple(vocabulary), masked, heads), scores)


def _views(examples: Sequence[Example], folds: Ids) -> tuple[ContextModel, list[View]]:
    features, labels, owners = mention_cases(examples)
    views: dict[int, View] = {}
    for fold in range(FOLDS):
        others = np.flatnonzero(folds[owners] != fold)
        model = fit_contexts([features[case] for case in others], QUESTIONS, labels[others])
        for number in np.flatnonzero(folds == fold):
            views[int(number)] = make_view(examples[number].scene, model)
    return fit_contexts(features, QUESTIONS, labels), [views[number] for number in range(len(examples))]


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


def _candidate_trees(
    examples: Sequence[Example], fields: Sequence[Fields], folds: Ids
) -> tuple[dict[str, Trees], list[Odds]]:
    trees: dict[str, Trees] = {}
    odds: dict[str, list[Floats]] = {}
    for name, right in RIGHT.items():
        members = [getattr(one, name) for one in fields]
        trees[name], odds[name] = _crossed(name, examples, members, right, folds)
    return trees, [Odds(*parts) for parts in zip(*(odds[name] for name in RIGHT), strict=True)]


def _payer_trees(
    examples: Sequence[Example], views: Sequence[View], folds: Ids
) -> tuple[Trees, list[tuple[Field[PartyMention], Floats]]]:
    members = [body_field(view, one.gold.get("giver", GIVER)) for view, one in zip(views, examples, strict=True)]
    trees, odds = _crossed("payer", examples, members, _right_payer, folds)
    return trees, list(zip(members, odds, strict=True))


def _crossed(
    name: str, examples: Sequence[Example], fields: Sequence[Field[Any]], right: Right, folds: Ids
) -> tuple[Trees, list[Floats]]:
    """Return trees fitted on all candidates, and the log odds of each by trees fitted on the other folds."""
    odds: dict[int, Floats] = {}
    for fold in range(FOLDS):
        model = _fitted(name, examples, fields, right, np.flatnonzero(folds != fold))
        for number in np.flatnonzero(folds == fold):
            odds[int(number)] = model.log_odds(fields[number].rows)
    everything = np.arange(len(examples))
    return _fitted(name, examples, fields, right, everything), [odds[number] for number in range(len(examples))]


def _fitted(name: str, examples: Sequence[Example], fields: Sequence[Field[Any]], right: Right, chosen: Ids) -> Trees:
    rows = np.vstack([fields[number].rows for number in chosen if len(fields[number].rows)])
    labels = [int(right(one, examples[number].gold)) for number in chosen for one in fields[number].candidates]
    trees, leaves = SIZES[name]
    if name in ("giver", "receiver"):
        rows, labels = _blinded(rows, labels)
    return fit_trees(rows, labels, trees=trees, leaves=leaves)


def _blinded(rows: Floats, labels: list[int]) -> tuple[Floats, list[int]]:
    """Add copies in which nobody, or everybody, is a known giver: who gives must be read in the text."""
    none, every = rows.copy(), rows.copy()
    none[:, known_giver_column()], every[:, known_giver_column()] = 0.0, 1.0
    return np.vstack([rows, none, every]), labels * 3


def _no_amount(examples: Sequence[Example], odds: Sequence[Odds], acts: TextPart, folds: Ids) -> tuple[Trees, Floats]:
    rows = np.array(
        [amount_signals(one.amount, acts.scores["money"][at], acts.scores["kind"][at]) for at, one in enumerate(odds)]
    )
    labels = np.array([int(one.gold["amount"] is None) for one in examples])
    trees, leaves = SIZES["no_amount"]
    found = np.zeros(len(examples))
    for fold in range(FOLDS):
        others = folds != fold
        found[~others] = fit_trees(rows[others], labels[others], trees=trees, leaves=leaves).log_odds(rows[~others])
    return fit_trees(rows, labels, trees=trees, leaves=leaves), found


def _sector_model(part: TextPart, codes: Sequence[str]) -> SectorModel:
    labels = part.model.heads["sector"].labels
    places = np.array([labels.index(code) for code in codes])
    return SectorModel(part.model, fit_sharpness(part.scores["sector"].astype(np.float64), places))


def _judged(
    examples: Sequence[Example], views: Sequence[View], fields: Sequence[Fields], decisions: Sequence[Decision],
    payers: Sequence[tuple[Field[PartyMention], Floats]],
) -> dict[str, Judged]:  # fmt: skip
    judged: dict[str, Judged] = {name: ([], []) for name in ("actor", "partner", "year", "amount")}
    for example, field, decision, (bodies, odds) in zip(examples, fields, decisions, payers, strict=True):
        payer = choose_payer(odds, decision.giver)
        body = None if payer.place is None else bodies.candidates[payer.place].best
        giver = None if decision.giver.place is None else field.giver.candidates[decision.giver.place]
        actor = actor_is_right(body, example.gold) if body else _state_is_right(giver, example.gold)
        partner, year, amount = decision.receiver.place, decision.year.place, decision.amount.place
        verdicts = {
            "actor": (payer.signals, actor),
            "partner": (
                decision.receiver.signals,
                partner is not None and is_receiver(field.receiver.candidates[partner].key, example.gold),
            ),
            "year": (decision.year.signals, year is not None and field.year.candidates[year].key == example.gold["year"]),
            "amount": (
                decision.amount.signals,
                example.gold["amount"] is None if amount is None else is_amount(field.amount.candidates[amount].best, example.gold),
            ),
        }
        for name, (signals, right) in verdicts.items():
            judged[name][0].append(signals)
            judged[name][1].append(bool(right))
    return judged


def _state_is_right(giver: Candidate[PartyMention] | None, gold: Gold) -> bool:
    if giver is None or not is_giver(giver.key, gold):
        return False
    unnamed = [one for one in gold["funders"] if one["name"].startswith("Unspecified")]
    return bool(unnamed) or not gold["funders"]


def _judged_labels(part: TextPart, name: str, answers: Sequence[str | None], sharpness: float | None) -> Judged:
    labels, judged = part.model.heads[name].labels, ([], [])
    for scores, answer in zip(part.scores[name], answers, strict=True):
        if answer is not None:
            shares = scores if sharpness is None else np.log(softmax(scores * sharpness) + 1e-9)
            judged[0].append(label_signals(shares) if sharpness is None else label_signals(shares, 1.0))
            judged[1].append(labels[int(np.argmax(scores))] == answer)
    return judged


def _judged_records(judged: Mapping[str, Judged], confidences: Mapping[str, Confidences]) -> Judged:
    names = ("actor", "partner", "year", "amount", "sector")
    signals, right = [], []
    for at in range(len(judged["actor"][1])):
        five = {name: confidences[name].of(judged[name][0][at]) for name in names}
        signals.append(record_signals(five))
        right.append(all(judged[name][1][at] for name in names))
    return signals, right
