"""Fit how sure a candidate act of prose is, on documents whose facts were coded.

From the shell: ``python -m extractors.training.judging TABLE DOCUMENTS FACTS [DOCUMENTS FACTS ...]``. The table has the
weight of each feature set by hand, by which a candidate becomes a record, and the fitted one, by which the record's
confidence is told; a fitted weight leaves the other only as far as the documents bear it out (logistic regression with
a normal prior, so that few documents change little).
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from spacy.tokens import Doc

from extractors.evaluate.facts import judge as compare
from extractors.pipeline import make_pipeline
from extractors.relations.assemble import candidates
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.score import described, judge
from extractors.text import clean, make_document
from schemas import Document

Floats = NDArray[np.float64]
PULL = 30.0  # how strongly a weight is drawn to its prior: chosen by cross-validation over documents
_LEAST = 8  # candidates that must have a feature
_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate act: its document, what speaks for and against it, whether a fact says that it is right, whether it
    becomes a record."""

    document: str
    features: Mapping[str, float]
    right: bool
    kept: bool = True


class Judged(NamedTuple):
    """How likely a candidate was held to be right, whether it is, and whether it becomes a record."""

    sure: float
    right: bool
    kept: bool


def examples(
    documents: Iterable[Mapping[str, Any]], facts: Sequence[Mapping[str, Any]], *, read: Callable[[Document], Doc]
) -> list[Example]:
    """Return the candidate acts of documents (``id``, ``text``) that nothing denies, judged by their facts.

    ``read`` makes of a document a Doc with its mentions.
    """
    found = []
    for row in documents:
        known = make_document(row["id"], row["text"], title=row.get("title"), date=row.get("date"))
        doc = read(known)
        told = [fact for fact in facts if fact["doc"] == row["id"]]
        for frame in candidates(doc)[1]:
            if judge(frame).reason in ("", "below_threshold"):
                right = any(_tells(frame, fact, doc.text) for fact in told)
                found.append(Example(row["id"], described(frame), right, not frame.reason))
    return found


def reader() -> Callable[[Document], Doc]:
    """Return what makes of a document a Doc with its mentions, by the pipeline that ships; it loads once."""
    nlp = make_pipeline()

    def read(document: Document) -> Doc:
        doc = nlp.make_doc(clean(document.text).text)
        doc.user_data["date"] = document.date
        return nlp(doc)

    return read


def _tells(frame: Frame, fact: Mapping[str, Any], text: str) -> bool:
    record = {"actor": _party(frame.actor), "partner": _party(frame.partner)}
    same = compare(record, dict(fact))
    place = text.find(fact["evidence"])
    near = place >= 0 and place < frame.evidence[1] and frame.evidence[0] < place + len(fact["evidence"])
    return same["actor"] and same["partner"] and near


def _party(party: Any) -> dict[str, Any]:
    if party is None:
        return {}
    return {"name": party.name, "type": party.type, "country": party.country, "span": {"text": party.text}}


def fit(known: Sequence[Example], prior: Mapping[str, float], *, pull: float = PULL) -> dict[str, float]:
    """Return the weight of each feature, those of ``prior`` with those that enough examples have; "bias" among them."""
    count = Counter(name for one in known for name, value in one.features.items() if value)
    names = sorted({*prior, *(name for name, cases in count.items() if cases >= _LEAST)} - {"bias"})
    rows = np.array([[one.features.get(name, 0.0) for name in names] for one in known], dtype=np.float64)
    right = np.array([one.right for one in known], dtype=np.float64)
    start = np.array([prior.get(name, 0.0) for name in names], dtype=np.float64)
    base = rows @ start + prior["bias"]

    def loss(guess: Floats) -> tuple[float, Floats]:
        scale, bias, change = guess[0], guess[1], guess[2:]
        logit = scale * base + bias + rows @ change
        error = 1 / (1 + np.exp(-logit)) - right
        value = float((np.logaddexp(0, logit) - right * logit).sum() + pull * (change @ change) / 2)
        return value, np.concatenate([[error @ base, error.sum()], rows.T @ error + pull * change])

    best = minimize(loss, np.zeros(len(names) + 2), jac=True, method="L-BFGS-B").x
    weights = {name: float(value) for name, value in zip(names, best[0] * start + best[2:], strict=True)}
    return {"bias": float(best[0] * prior["bias"] + best[1]), **weights}


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return how likely a candidate with these features is right."""
    total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return float(1 / (1 + np.exp(-total)))


def held_out(known: Sequence[Example], prior: Mapping[str, float], *, folds: int = _FOLDS) -> list[Judged]:
    """Return the probability of each example by weights fitted on other documents, and whether it is right."""
    order = {name: place for place, name in enumerate(sorted({one.document for one in known}))}
    found = []
    for fold in range(min(folds, len(order))):
        learned = fit([one for one in known if order[one.document] % folds != fold], prior)
        held = [one for one in known if order[one.document] % folds == fold]
        found += [Judged(probability(one.features, learned), one.right, one.kept) for one in held]
    return found


def brier(judged: Iterable[Judged]) -> float:
    """Return the mean squared error of probabilities (Brier 1950)."""
    return float(np.mean([(one.sure - one.right) ** 2 for one in judged]))


def calibration(judged: Iterable[Judged]) -> tuple[float, float]:
    """Return scale and shift of the log odds that fit best those that become records (Platt 1999)."""
    kept = [one for one in judged if one.kept]
    odds = np.array([np.log(one.sure / (1 - one.sure)) for one in kept], dtype=np.float64)
    right = np.array([one.right for one in kept], dtype=np.float64)

    def loss(guess: Floats) -> float:
        logit = guess[0] * odds + guess[1]
        return float((np.logaddexp(0, logit) - right * logit).sum())

    scale, shift = minimize(loss, np.array([1.0, 0.0])).x
    return float(scale), float(shift)


def refit(table: Path, known: Sequence[Example]) -> dict[str, float]:
    """Write the fitted weights into ``table`` beside those set by hand. Returns what it came to."""
    with table.open(encoding="utf-8", newline="") as lines:
        prior = {row["feature"]: float(row["weight"]) for row in csv.DictReader(lines) if row["weight"]}
    weights, judged = fit(known, prior), held_out(known, prior)
    scale, shift = calibration(judged)
    rows: list[tuple[str, float | str, float]] = [(name, hand, weights[name]) for name, hand in prior.items()]
    rows += [(name, "", weights[name]) for name in sorted(set(weights) - set(prior))]
    rows += [("calibration_scale", "", scale), ("calibration_shift", "", shift)]
    with table.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("feature", "weight", "fitted"))
        writer.writerows((name, hand, round(fitted, 3)) for name, hand, fitted in rows)
    by_hand = [Judged(probability(one.features, prior), one.right, one.kept) for one in known]
    return {"candidates": len(known), "brier_by_hand": brier(by_hand), "brier_held_out": brier(judged)}


def _lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    by_pipeline = reader()
    pairs = zip(sys.argv[2::2], sys.argv[3::2], strict=True)
    coded = [one for docs, facts in pairs for one in examples(_lines(docs), _lines(facts), read=by_pipeline)]
    sys.stdout.write(json.dumps(refit(Path(sys.argv[1]), coded), indent=1) + "\n")
