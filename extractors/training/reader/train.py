"""From annotated documents to the files that ship: the reader, its second look, and how right both are on dev."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from extractors.evaluate.facts import facts_of, pairs, score_facts
from extractors.evaluate.scores import Json as Record
from extractors.headline.model import Trees, curve_arrays, trees_arrays
from extractors.mentions import Mention
from extractors.pipeline import make_pipeline, mention_pipeline
from extractors.reader import JUDGE, TOKENIZER
from extractors.reader.pieces import Vocabulary
from extractors.records import THRESHOLD
from extractors.records.build import record_of
from extractors.records.document import records_of
from extractors.records.instances import Instance, instances, merged
from extractors.records.judge import JUDGED, Judge, features, field_signals, judged, load_judge
from extractors.text.sentences import sentences_of
from extractors.training.choices.fitting import fit_confidences, fit_trees
from extractors.training.reader.examples import (
    Example,
    Json,
    cut,
    examples,
    read_corpus,
    sizes,
    strangers,
    text_of_document,
    varied,
)
from extractors.training.reader.export import export
from extractors.training.reader.fit import Recipe, fit

_FOLDS = 5
HELD = 8  # one document in so many is kept from the reader's training, for the second look
Say = Callable[[str], None]
Verdict = dict[str, bool] | None


@dataclass(frozen=True, slots=True)
class Read:
    """An annotated document with what the reader finds in it."""

    gold: Json
    text: str
    candidates: Sequence[Instance]
    doc: Doc


def is_held(document: Json) -> bool:
    """Tell whether a document is kept from the reader's training; its id decides, so that more documents move none."""
    return int(sha256(document["id"].encode()).hexdigest()[:8], 16) % HELD == 0


def train_reader(corpus: Path, dev: Path, weights: Path, output: Path, recipe: Recipe, say: Say) -> dict[str, float]:
    """Train the reader and its second look and write them to ``output``; return the scores on dev.

    Args:
        corpus: annotated documents to learn from, JSON Lines
        dev: annotated documents to score on
        weights: a folder with the published encoder, ``model.safetensors`` and ``tokenizer.json``
        output: a folder for what ships; ``output/fit`` keeps the state of the run, from which it goes on
        recipe: how to fit
        say: is told how far it is
    """
    documents = list(read_corpus([corpus]))
    vocabulary = Vocabulary(Tokenizer.from_file(str(weights / TOKENIZER)))
    own = [document for document in documents if not is_held(document)]
    network = fit(
        lambda number: pass_of(own, vocabulary, Random(recipe.seed + number), say),
        vocabulary, weights, output / "fit", recipe, say,
    )  # fmt: skip
    export(network, weights, output)
    fit_second_look(output, [d for d in documents if is_held(d)], say)
    scores = score(output, list(read_corpus([dev])))
    say(", ".join(f"{name} {value:.3f}" for name, value in scores.items()))
    return scores


def fit_second_look(folder: Path, held: Sequence[Json], say: Say) -> Judge:
    """Fit the judge of a trained reader on documents that it was not trained on, and write it beside it."""
    found = list(read_all(folder, held))
    judge = _fit_judge([one for one in found if one.candidates])
    arrays: dict[str, Any] = dict(trees_arrays(judge.trees, "record"))
    for name, curve in judge.curves.items():
        arrays |= curve_arrays(curve, name)
    np.savez_compressed(folder / JUDGE, **arrays)
    say(f"second look: {len(found)} documents, {sum(len(one.candidates) for one in found)} candidates")
    return judge


def read_all(folder: Path, documents: Iterable[Json]) -> Iterator[Read]:
    """Yield what the reader of a folder finds in annotated documents."""
    nlp = make_pipeline(str(folder))
    for document in documents:
        text = text_of_document(document)
        doc = _doc(nlp, document, text)
        yield Read(document, text, merged(instances(doc._.acts, sentences_of(doc)), max(0, text.find("\n"))), doc)


def score(folder: Path, documents: Sequence[Json], *, threshold: float = THRESHOLD) -> dict[str, float]:
    """Score the reader of a folder on annotated documents, as ``coopledger evaluate`` does."""
    judge = load_judge(folder)
    records: list[Record] = []
    texts: dict[str, str] = {}
    for one in read_all(folder, documents):
        name, date = one.gold["id"], one.gold.get("date")
        texts[name] = one.text
        rated = judged(one.doc._.acts, one.text, sentences_of(one.doc), judge)
        likely = [each for each in rated if each.sure["record"] >= threshold]
        records += [r.model_dump(mode="json") for r in records_of(likely, one.text, name, date=date)]
    facts = [fact for document in documents for fact in facts_of(document)]
    figures = score_facts(records, facts, texts).figures
    return {name: float(value) for name, value in figures.items() if value is not None}


def pass_of(documents: Sequence[Json], vocabulary: Vocabulary, random: Random, say: Say) -> list[Example]:
    """Return the examples of one pass over annotated documents, some of which are told otherwise."""
    nlp = mention_pipeline()
    others = strangers(documents)
    found: list[Example] = []
    for document in documents:
        told = varied(document, others, random)
        doc = _doc(nlp, told, text_of_document(told))
        mentions: list[Mention] = [*doc._.parties, *doc._.amounts, *doc._.years]
        found += examples(told, mentions, vocabulary, **cut(random))
    say(sizes(found))
    return found


def _doc(nlp: Language, document: Json, text: str) -> Doc:
    doc = nlp.make_doc(text)
    doc.user_data["date"] = document.get("date")
    return nlp(doc)


def _verdicts(one: Read) -> list[Verdict]:
    """Say of each candidate which fields are right; None where it is paired with no fact."""
    sure = dict.fromkeys(JUDGED, 0.5)
    name, date = one.gold["id"], one.gold.get("date")
    records = [
        record_of(each, one.text, name, rank=rank, act=rank, date=date, sure=sure).model_dump(mode="json")
        for rank, each in enumerate(one.candidates, 1)
    ]
    found: list[Verdict] = [None] * len(records)
    for pair in pairs(records, facts_of(one.gold), one.text):
        found[pair.record] = pair.right
    return found


def _fit_judge(found: Sequence[Read]) -> Judge:
    """Fit trees and curves on what was read; the curves on odds from trees that did not see the document."""
    verdicts = [_verdicts(one) for one in found]
    rows = [features(one.candidates, one.text) for one in found]
    right = [np.array([bool(v and v["actor"] and v["partner"]) for v in one], dtype=np.int8) for one in verdicts]
    odds: list[np.ndarray] = [np.zeros(0)] * len(rows)
    for fold in range(_FOLDS):
        own = [i for i in range(len(rows)) if i % _FOLDS != fold]
        trees = _trees(np.concatenate([rows[i] for i in own]), np.concatenate([right[i] for i in own]))
        for i in range(fold, len(rows), _FOLDS):
            odds[i] = trees.log_odds(rows[i])
    signals: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    answers: dict[str, list[bool]] = defaultdict(list)
    for read, rated, some in zip(found, odds, verdicts, strict=True):
        for one, odd, verdict in zip(read.candidates, rated, some, strict=True):
            for name, row in field_signals(one, float(odd)).items():
                if name == "record":
                    signals[name].append(row)
                    answers[name].append(bool(verdict and verdict["actor"] and verdict["partner"]))
                elif verdict is not None:
                    signals[name].append(row)
                    answers[name].append(verdict[name])
    whole = _trees(np.concatenate(rows), np.concatenate(right))
    return Judge(whole, {name: fit_confidences(signals[name], answers[name]) for name in JUDGED})


def _trees(rows: NDArray[np.float64], right: NDArray[np.int8]) -> Trees:
    return fit_trees(rows, right, trees=200, leaves=4, rate=0.05, seeds=3)
