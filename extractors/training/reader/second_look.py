"""The second look: what is fitted beside a trained reader, its adapter, its wording and its judge.

Adapter and judge learn from documents that the reader was not trained on, the wording from all.
``python -m extractors.training.reader.second_look FOLDER DOCUMENTS.jsonl`` fits them again.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from extractors.estimators.fitted import Trees, curve_arrays, trees_arrays
from extractors.estimators.text_model import arrays_of, save_arrays
from extractors.evaluate.facts import facts_of, pairs
from extractors.mentions import Mention
from extractors.pipeline import mention_pipeline
from extractors.reader import ADAPTER, HEADS, JUDGE, WORDING
from extractors.reader.component import ActReader
from extractors.reader.correction import load_correction
from extractors.reader.network import Adapter, Network
from extractors.records import POSSIBLE
from extractors.records.build import record_of
from extractors.records.instances import Instance, instances, merged
from extractors.records.judge import JUDGED, Judge, features, field_signals
from extractors.text.sentences import sentences_of
from extractors.training.choices.fitting import fit_confidences, fit_trees
from extractors.training.reader.adapter import Window, fit_adapter
from extractors.training.reader.examples import Json, examples, read_corpus, text_of_document
from extractors.training.reader.export import trained_heads
from extractors.training.reader.network import Heads
from extractors.training.reader.wording import fit_wording

_FOLDS = 5
HELD = 8  # one document in so many is kept from the reader's training
Say = Callable[[str], None]
Verdict = dict[str, bool] | None


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """An annotated document with what the reader finds in it."""

    gold: Json
    text: str
    candidates: Sequence[Instance]
    doc: Doc


def is_held(document: Json) -> bool:
    """Return whether a document is kept from the reader's training, by its id, so that more documents move none."""
    return int(sha256(document["id"].encode()).hexdigest()[:8], 16) % HELD == 0


def fit_second_look(folder: Path, documents: Sequence[Json], say: Say) -> Judge:
    """Fit adapter, wording and judge of a trained reader on annotated documents; write them beside it.

    Adapter and judge learn from those that are kept from the reader's training, and the judge from each of these as
    it is read with an adapter and a wording that were fitted on others.
    """
    held = [one for one in documents if is_held(one)]
    if not (folder / ADAPTER).exists():  # a fit that is broken off leaves what was there
        _save(folder / ADAPTER, asdict(_idle(folder)))
    wording = arrays_of(fit_wording(documents).texts)
    if not (folder / WORDING).exists():
        save_arrays(folder / WORDING, wording)
    nlp = mention_pipeline()
    reader = cast("ActReader", nlp.add_pipe("coopledger_acts", config={"folder": str(folder)}))
    heads = _heads(folder)
    with nlp.select_pipes(disable="coopledger_acts"):
        windows = [list(_windows(document, nlp, reader.network)) for document in held]
    say(f"second look: {len(held)} documents, {sum(map(len, windows))} windows")
    found: list[ReadDocument] = []
    for fold in range(_FOLDS):
        others = [window for i, some in enumerate(windows) if i % _FOLDS != fold for window in some]
        own = {one["id"] for one in held[fold::_FOLDS]}
        reader.network.adapter = fit_adapter(heads, others)
        reader.network.wording = fit_wording(one for one in documents if one["id"] not in own)
        found += read_all(nlp, held[fold::_FOLDS])
        say(f"fold {fold + 1} of {_FOLDS}: {sum(len(one.candidates) for one in found)} candidates so far")
    judge = _fit_judge([one for one in found if one.candidates])
    _save(folder / ADAPTER, asdict(fit_adapter(heads, [window for some in windows for window in some])))
    save_arrays(folder / WORDING, wording)
    arrays: dict[str, Any] = dict(trees_arrays(judge.trees, "record"))
    for name, curve in judge.curves.items():
        arrays |= curve_arrays(curve, name)
    _save(folder / JUDGE, arrays)
    return judge


def read_all(nlp: Language, documents: Iterable[Json]) -> Iterator[ReadDocument]:
    """Yield what a pipeline with a reader finds in annotated documents."""
    for document in documents:
        text = text_of_document(document)
        doc = doc_of(nlp, document)
        yield ReadDocument(
            document, text, merged(instances(doc._.acts, sentences_of(doc)), max(0, text.find("\n"))), doc
        )


def doc_of(nlp: Language, document: Json) -> Doc:
    """Return an annotated document as a pipeline reads it."""
    doc = nlp.make_doc(text_of_document(document))
    doc.user_data["date"] = document.get("date")
    return nlp(doc)


def mentions_of(doc: Doc) -> list[Mention]:
    """Return what the finders see in a document."""
    return [*doc._.parties, *doc._.amounts, *doc._.years]


def _windows(document: Json, nlp: Language, network: Network) -> Iterator[Window]:
    for one in examples(document, mentions_of(doc_of(nlp, document)), network.vocabulary):
        yield one, network.read(one.ids, one.shapes, one.tags).hidden


def _heads(folder: Path) -> Heads:
    """The heads of a folder's reader, corrected where it holds a correction."""
    data = load_correction(folder)(HEADS, (folder / HEADS).read_bytes())
    return trained_heads(onnx.load_from_string(bytes(data)).graph)


def _idle(folder: Path) -> Adapter:
    """An adapter that changes nothing, of the width of a folder's reader."""
    width = _heads(folder).act.in_features
    return Adapter(np.zeros((width, 1), np.float32), np.zeros((1, width), np.float32))


def _save(path: Path, arrays: dict[str, Any]) -> None:
    np.savez_compressed(path, **arrays)


def _verdicts(one: ReadDocument) -> list[Verdict]:
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


def _fit_judge(found: Sequence[ReadDocument]) -> Judge:
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
    alike = [each for i in _alike(found) for each in zip(found[i].candidates, odds[i], verdicts[i], strict=True)]
    rows_of = [field_signals(one, float(odd)) for one, odd, _ in alike]
    record = fit_confidences(
        [row["record"] for row in rows_of], [bool(v and v["actor"] and v["partner"]) for _, _, v in alike]
    )
    signals: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    answers: dict[str, list[bool]] = defaultdict(list)
    for (_, _, verdict), row in zip(alike, rows_of, strict=True):
        if verdict is None or record.of(row.pop("record")) < POSSIBLE:
            continue  # nobody is shown its fields
        for name, signal in row.items():
            signals[name].append(signal)
            answers[name].append(verdict[name])
    whole = _trees(np.concatenate(rows), np.concatenate(right))
    return Judge(whole, {"record": record} | {name: fit_confidences(signals[name], answers[name]) for name in signals})


def _alike(found: Sequence[ReadDocument]) -> list[int]:
    """As many documents of each wave, told by the first letter of their ids: waves differ in how hard they are."""
    waves: dict[str, list[int]] = defaultdict(list)
    for i, read in enumerate(found):
        waves[read.gold["id"][0]].append(i)
    least = min(map(len, waves.values()))
    return [i for members in waves.values() for i in members[:least]]


def _trees(rows: NDArray[np.float64], right: NDArray[np.int8]) -> Trees:
    return fit_trees(rows, right, trees=300, leaves=8, rate=0.05, seeds=3)


def main() -> None:
    """Fit the second look of a folder's reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a trained reader")
    parser.add_argument(
        "documents", type=Path, help="annotated documents; adapter and judge learn from those kept from its training"
    )
    chosen = parser.parse_args()
    fit_second_look(chosen.folder, list(read_corpus([chosen.documents])), print)


if __name__ == "__main__":
    main()
