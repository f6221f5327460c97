"""Train a model on corpora given as files; the learning itself is in ``extractors.training``."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from flows.errors import InputError, UsageError

What = Literal["english", "choices"]
Scores = dict[str, float]


def train_model(
    what: What,
    output: Path,
    *,
    documents: Path | None,
    gold: Path | None,
    treebanks: Sequence[Path] = (),
    names: Sequence[Path] = (),
) -> Scores:
    """Train and save a model.

    Args:
        what: ``english``, the tagger, parser and names; or ``choices``, what decides which party, year, amount and
            sector belong to an act, and how sure that is.
        output: a folder for the model.
        documents: project notes, JSON Lines with ``id title text``.
        gold: what their coders found, JSON Lines.
        treebanks: for ``english``: CoNLL-U files, compressed with xz or not.
        names: for ``english``: JSON Lines with ``text`` and ``spans``.

    Returns:
        Scores on data held out from the training, by name; none where nothing was held out.

    Raises:
        UsageError: a corpus that this model needs is not given, or scikit-learn is not installed.
        InputError: a corpus is not there or cannot be read.
    """
    needed = {"documents": documents, "gold": gold} | (
        {"treebank": treebanks, "names": names} if what == "english" else {}
    )
    if missing := [name for name, given in needed.items() if not given]:
        raise UsageError(f"to train {what}, give {' and '.join(f'--{name}' for name in missing)}")
    files = [documents, gold, *treebanks, *names]
    if absent := [path for path in files if path is not None and not path.is_file()]:
        raise InputError(f"no such corpus: {absent[0]}")
    if documents is None or gold is None:
        raise UsageError("give --documents and --gold")
    if what == "english":
        from extractors.training.english import build_english

        build_english(treebanks, names, documents, gold, output)
        return {}
    return _train_choices(documents, gold, output)


def _train_choices(documents: Path, gold: Path, output: Path) -> Scores:
    try:
        from extractors.training.choices.train import train_choices
    except ImportError as error:
        raise UsageError("training needs the extra: pip install 'coopledger[train]'") from error
    trained = train_choices(_rows(documents), _rows(gold))
    output.mkdir(parents=True, exist_ok=True)
    trained.save(output)
    return dict(trained.scores)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise InputError(f"{path}, line {number}: {error}") from error
    return rows
