"""Evaluate the reader's records: accuracy by threshold, calibration, and errors by kind.

``python -m benchmarks.reader DOCUMENTS.jsonl [--model FOLDER] [--at SHARE] [--show]``: annotated documents, as in
``corpus/``. Prints found, precision and complete by threshold; at ``--at``, how often each field is right, the
calibration error of its confidences (ten bins), and the number of errors by kind, with ``--show`` each error.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from coopledger import load
from extractors.evaluate.facts import facts_of, judge, pairs, score_facts
from extractors.evaluate.scores import FIELDS, Json, calibration_error
from extractors.extract import Extract
from extractors.records import POSSIBLE, THRESHOLD
from extractors.records.document import records_of
from extractors.records.judge import Judged, judged
from extractors.text.sentences import sentences_of
from extractors.training.reader.examples import read_corpus, text_of_document

THRESHOLDS = (POSSIBLE, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
Document = tuple[Mapping[str, Any], str, Sequence[Judged]]


def docs(nlp: Language, paths: Sequence[Path]) -> Iterator[tuple[Json, str, Doc]]:
    """Yield each annotated document with its text and its processed Doc."""
    for gold in read_corpus(paths):
        text = text_of_document(gold)
        doc = nlp.make_doc(text)
        doc.user_data["date"] = gold.get("date")
        yield gold, text, nlp(doc)


def read(extract: Extract, paths: Sequence[Path]) -> Iterator[Document]:
    """Yield each annotated document with its text and all that the reader finds in it, at any confidence."""
    for gold, text, doc in docs(extract.nlp, paths):
        yield gold, text, judged(doc._.acts, text, sentences_of(doc), extract.judge)


def records(document: Document, threshold: float) -> list[Json]:
    """Return the records of a document whose confidence is at least the threshold."""
    gold, text, found = document
    likely = [one for one in found if one.sure["record"] >= threshold]
    return [one.model_dump(mode="json") for one in records_of(likely, text, gold["id"], date=gold.get("date"))]


def errors(document: Document, threshold: float) -> Iterator[tuple[str, str]]:
    """Yield the kind of each error in a document, and a description."""
    gold, text, _ = document
    facts, kept, every = facts_of(gold), records(document, threshold), records(document, 0.0)
    by_record = {pair.record: pair for pair in pairs(kept, facts, text)}
    by_fact = {pair.fact: pair for pair in by_record.values()}
    for number, record in enumerate(kept):
        pair = by_record.get(number)
        if pair is not None and pair.parties_right:
            continue
        wrong = [name for name in ("actor", "partner") if pair is not None and not pair.right[name]]
        repeated = any(_same(record, fact) for fact in facts)
        kind = f"wrong {' and '.join(wrong)}" if wrong else "told again" if repeated else "no such act"
        yield f"too many: {kind}", f"{_named(record)} | {record['evidence']['text'][:160]!r}"
    for number, fact in enumerate(facts):
        pair = by_fact.get(number)
        if not fact["required"] or (pair is not None and pair.parties_right):
            continue
        held_back = any(_same(record, fact) for record in every)
        kind = "held back" if held_back else "a party is wrong" if pair is not None else "not seen so"
        yield f"missed: {kind}", f"{gold['id']} {fact['actor']['names'][:1]} | {fact['evidence'][:160]!r}"


def _same(record: Json, fact: Json) -> bool:
    right = judge(record, fact)
    return right["actor"] and right["partner"]


def _named(record: Json) -> str:
    return f"{record['document_id']} {record['actor']['name']} > {(record['partner'] or {}).get('name')}"


def confidences(documents: Sequence[Document], threshold: float) -> dict[str, list[tuple[float, bool]]]:
    """Return, for ``record`` and each field, pairs of a confidence and whether the value was right."""
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for document in documents:
        kept = records(document, threshold)
        by_record = {pair.record: pair for pair in pairs(kept, facts_of(document[0]), document[1])}
        for number, record in enumerate(kept):
            pair = by_record.get(number)
            found["record"].append((record["confidence"]["record"], pair is not None and pair.parties_right))
            for name in FIELDS if pair is not None else ():
                if record["confidence"][name] is not None:
                    found[name].append((record["confidence"][name], pair.right[name]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, nargs="+")
    parser.add_argument("--model", default=None)
    parser.add_argument("--at", type=float, default=THRESHOLD)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    documents = list(read(load(options.model), options.documents))
    facts = [fact for gold, _, _ in documents for fact in facts_of(gold)]
    texts = {gold["id"]: text for gold, text, _ in documents}
    print("at least  records  found  precision  complete")
    for threshold in sorted({*THRESHOLDS, options.at}):
        kept = [record for document in documents for record in records(document, threshold)]
        figures = score_facts(kept, facts, texts).figures
        print(
            f"{threshold:8.2f}  {len(kept):7}",
            *(f"{figures[name] or 0:9.3f}" for name in ("found", "precision", "complete")),
        )
    kept = [record for document in documents for record in records(document, options.at)]
    figures = score_facts(kept, facts, texts).figures
    shares = [f"{name} {figures[f'field_{name}'] or 0:.3f}" for name in (*FIELDS, "kind", "status")]
    print("of the acts that have a record, right:", ", ".join(shares))
    for name, pairs_of in confidences(documents, options.at).items():
        right = sum(answer for _, answer in pairs_of) / len(pairs_of)
        off = calibration_error(pairs_of) or 0
        print(f"{name:8} right {right:.3f} of {len(pairs_of)} given, confidence off by {off:.3f}")
    kinds = [error for document in documents for error in errors(document, options.at)]
    for kind, count in sorted(Counter(kind for kind, _ in kinds).items()):
        print(f"{count:5}  {kind}")
    for kind, what in sorted(kinds) if options.show else ():
        print(f"{kind} | {what}")


if __name__ == "__main__":
    main()
