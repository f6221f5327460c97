"""Train the models of the package on corpora given as files; the learning itself is in ``extractors.training``."""

import json
import tomllib
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typer
from pydantic import Field, ValidationError

from flows.errors import InputError, UsageError
from ledger.release.jsonl import first_error
from schemas import Model
from schemas.extras import extras_named

Part = Literal["reader", "choices"]
Scores = dict[str, float]


class Choices(Model):
    """Project notes (JSON Lines with ``id title text``), and what their coders found."""

    notes: str
    gold: str


class Reader(Model):
    """Annotated documents (JSON Lines), the published encoder's folder, and how to fit."""

    corpus: str
    dev: str
    weights: str
    settings: dict[str, int | float | str] = Field(default_factory=dict)


class Config(Model):
    """A training configuration: files by their path below a corpus."""

    choices: Choices | None = None
    reader: Reader | None = None


def read_config(path: Path | None) -> Config:
    """Read a TOML configuration; None for the one that made the shipped model. Raises InputError."""
    try:
        text = path.read_text("utf-8") if path else (files("flows") / "train.toml").read_text("utf-8")
        return Config.model_validate(tomllib.loads(text))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the configuration {path}: {error}") from error
    except ValidationError as error:
        raise InputError(f"{path}: {first_error(error)}") from error


def train_models(
    corpora: Sequence[Path], output: Path, *, config: Path | None = None, only: Part | None = None
) -> Scores:
    """Train and save models.

    Args:
        corpora: folders in which the files of the configuration are looked for.
        output: a folder; each model gets a folder of its name in it.
        config: a TOML file; by default the configuration of the shipped model.
        only: which model to train; by default both.

    Returns:
        Scores by name: of ``choices`` by cross-validation inside the training data, of ``reader`` on its dev documents.

    Raises:
        UsageError: a model is not in the configuration.
        MissingExtraError: the extra ``train`` is not installed.
        InputError: a corpus is not there or cannot be read.
    """
    wanted = read_config(config)
    scores: Scores = {}
    for part, trained in _TRAINERS.items():
        if only in (None, part):
            if (table := getattr(wanted, part)) is None:
                raise UsageError(f"the configuration has no [{part}]")
            scores |= trained(table, corpora, output / part)
    return scores


def _found(name: str, corpora: Sequence[Path]) -> Path:
    for corpus in corpora:
        if (corpus / name).exists():
            return corpus / name
    raise InputError(f"no {name} below {' or '.join(map(str, corpora)) or 'any corpus'}")


def _train_reader(table: Reader, corpora: Sequence[Path], output: Path) -> Scores:
    corpus, dev, weights = (_found(name, corpora) for name in (table.corpus, table.dev, table.weights))
    with extras_named("training", "train"):
        from extractors.training.reader.fit import Recipe
        from extractors.training.reader.train import train_reader
    try:
        recipe = Recipe.model_validate(table.settings)
    except ValidationError as error:
        raise InputError(f"reader.settings: {first_error(error)}") from error
    return train_reader(corpus, dev, weights, output, recipe, partial(typer.echo, err=True))


def _train_choices(table: Choices, corpora: Sequence[Path], output: Path) -> Scores:
    notes, gold = _found(table.notes, corpora), _found(table.gold, corpora)
    with extras_named("training", "train"):
        from extractors.training.choices.train import train_choices
    trained = train_choices(_rows(notes), _rows(gold))
    output.mkdir(parents=True, exist_ok=True)
    trained.save(output)
    return dict(trained.scores)


_TRAINERS: dict[Part, Callable[[Any, Sequence[Path], Path], Scores]] = {
    "choices": _train_choices,
    "reader": _train_reader,
}


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise InputError(f"{path}, line {number}: {error}") from error
    return rows
