"""Saving the pipeline for the package: the trained parts, and none of the words of the corpora."""

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.strings import StringStore
from spacy.vocab import Vocab

from .conllu import Sentence
from .lemmas import learn_lemmas


def save_english(nlp: Language, path: Path) -> None:
    """Save the pipeline at ``path`` with a vocabulary of labels alone; other files of ``path`` are kept."""
    path.mkdir(parents=True, exist_ok=True)
    for part in (*nlp.component_names, "vocab", "tokenizer"):
        shutil.rmtree(path / part, ignore_errors=True)
    nlp.to_disk(path, exclude=["vocab"])
    vocab = Vocab(strings=StringStore(_labels(nlp)))
    vocab.to_disk(path / "vocab", exclude=["vectors", "lookups"])


def save_lemmas(sentences: Iterable[Sentence], path: Path) -> None:
    """Learn the lemmatiser's table from the sentences and save it at ``path`` (CSV)."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, ["tag", "ending", "cut", "add"], lineterminator="\n")
        table.writeheader()
        table.writerows(learn_lemmas(sentences))


def _labels(nlp: Language) -> list[str]:
    labels = {label for name in nlp.component_names for label in getattr(nlp.get_pipe(name), "labels", ())}
    return sorted(labels | {"ROOT", "dep", ""})
