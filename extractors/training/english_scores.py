"""Scores of an English pipeline on treebanks and texts with names; a command that prints them as JSON.

``python -m extractors.training.english_scores TREEBANK.conllu[.xz]... NAMES.jsonl... [--model DIR]``
"""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.scorer import PRFScore
from spacy.tokens import Doc

from ..english import load_english, numpy_products
from ..english.lemmas import lemma
from .english.conllu import Sentence, read_conllu

_CORE = ("nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod", "nmod:poss", "appos", "conj", "acl:relcl")


def score_trees(nlp: Language, sentences: Iterable[Sentence]) -> dict[str, Any]:
    """Return shares in 0..1 of right tags, heads (UAS), heads and labels (LAS) and lemmas, on the treebank's own words.

    ``LAS_universal`` ignores subtypes (``nsubj:pass`` is ``nsubj``), as the CoNLL shared tasks do; all three count
    punctuation. ``labels`` gives F of the commonest arguments, label and head both right.
    """
    gold = list(sentences)
    docs = nlp.pipe(_given(nlp, sentence) for sentence in gold)
    right: Counter[str] = Counter()
    labels: dict[str, PRFScore] = defaultdict(PRFScore)
    for sentence, doc in zip(gold, docs, strict=True):
        for token, tag, lem, head, dep in zip(
            doc, sentence.tags, sentence.lemmas, sentence.heads, sentence.deps, strict=True
        ):
            attached = token.head.i == head
            said = token.dep_.lower()
            right.update(words=1, tag=token.tag_ == tag, lemma=lemma(token.text, tag).lower() == lem.lower())
            right.update(UAS=attached, LAS=attached and said == dep)
            right.update(LAS_universal=attached and said.split(":")[0] == dep.split(":")[0])
            _count(labels, said, dep, attached)
    shares = {name: round(right[name] / max(right["words"], 1), 4) for name in _SHARES}
    return {"words": right["words"], **shares, "labels": {k: round(labels[k].fscore, 3) for k in _CORE if k in labels}}


_SHARES = ("tag", "UAS", "LAS", "LAS_universal", "lemma")


def score_names(nlp: Language, texts: Iterable[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return precision, recall and F of names, exact bounds and label, by ``source`` and label and over all.

    Names are compared by characters: one that the tokeniser cannot match counts as missed.
    """
    gold = list(texts)
    tables: dict[str, PRFScore] = defaultdict(PRFScore)
    for row, doc in zip(gold, nlp.pipe(row["text"] for row in gold), strict=True):
        known = {(span["start"], span["end"], span["label"]) for span in row["spans"]}
        found = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}
        source = row.get("source", "").split(" ")[0]
        for name in ("all", source):
            tables[name].score_set(found, known)
        for label in ("PERSON", "ORG", "LOC"):
            tables[f"{source} {label}"].score_set(_only(found, label), _only(known, label))
    return {name: _shares(table) for name, table in tables.items()}


def _shares(table: PRFScore) -> dict[str, float]:
    return {"p": round(table.precision, 3), "r": round(table.recall, 3), "f": round(table.fscore, 3)}


def words_a_second(nlp: Language, texts: Iterable[str]) -> float:
    """Return how many words (by blanks) the pipeline reads in a second of processor time."""
    given = list(texts)
    start = time.process_time()
    for _ in nlp.pipe(given):
        pass
    return sum(len(text.split()) for text in given) / (time.process_time() - start)


def _only(spans: set[tuple[int, int, str]], label: str) -> set[tuple[int, int, str]]:
    return {span for span in spans if span[2] == label}


def _given(nlp: Language, sentence: Sentence) -> Doc:
    starts: list[bool | int | None] = [i == 0 for i in range(len(sentence.words))]
    return Doc(nlp.vocab, words=list(sentence.words), spaces=list(sentence.spaces), sent_starts=starts)


def _count(labels: dict[str, PRFScore], said: str, dep: str, attached: bool) -> None:
    if attached and said == dep:
        labels[dep].tp += 1
    else:
        labels[dep].fn += 1
        labels[said].fp += 1


def scores(paths: Iterable[Path], model: Path | None = None) -> dict[str, Any]:
    """Score the pipeline at ``model`` (the shipped one by default) on each file, by its kind; see `score_trees`."""
    nlp = load_english(lazy=False) if model is None else load_english(model, lazy=False)
    result: dict[str, Any] = {}
    with numpy_products():
        for path in paths:
            if path.name.endswith(".jsonl"):
                rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
                result[path.name] = score_names(nlp, rows)
                result[path.name]["words a second"] = {"all": round(words_a_second(nlp, [r["text"] for r in rows]))}
            else:
                result[path.name] = score_trees(nlp, read_conllu(path))
    return result


def main() -> None:
    """Read the command line and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--model", type=Path)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(scores(given.paths, given.model), indent=1) + "\n")


if __name__ == "__main__":
    main()
