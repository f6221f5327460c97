"""The train flow: corpora in, models and their scores out."""

import json
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typer
from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.artifacts import on_failure
from flows.errors import InputError, UsageError
from schemas.extras import extras_named

Part = Literal["reader", "choices"]
PARTS: tuple[Part, ...] = ("choices", "reader")
Scores = dict[str, float]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Choices(_Table):
    """Project notes (JSON Lines with ``id title text``), and what their coders found."""

    notes: str
    gold: str


class Reader(_Table):
    """Annotated documents (JSON Lines), the published encoder's folder, and how to fit."""

    corpus: str
    dev: str
    weights: str
    settings: dict[str, int | float | str] = Field(default_factory=dict)


class Config(_Table):
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
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: {place}: {first['msg']}") from error


def train_models(
    corpora: Sequence[Path], output: Path, *, config: Path | None = None, only: Sequence[Part] = PARTS
) -> Scores:
    """Train and save models.

    Args:
        corpora: folders in which the files of the configuration are looked for.
        output: a folder; each model gets a folder of its name in it.
        config: a TOML file; by default the configuration of the shipped model.
        only: which models to train.

    Returns:
        Scores by name: of ``choices`` by cross-validation inside the training data, of ``reader`` on its dev documents.

    Raises:
        UsageError: a model is not in the configuration.
        MissingExtraError: the extra ``train`` is not installed.
        InputError: a corpus is not there or cannot be read.
    """
    wanted = read_config(config)
    scores: Scores = {}
    for part in PARTS:
        table = getattr(wanted, part)
        if part in only and table is None:
            raise UsageError(f"the configuration has no [{part}]")
        if part in only:
            scores |= _TRAINERS[part](table, corpora, output / part)
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
        recipe = Recipe(**table.settings)  # type: ignore[arg-type]
    except TypeError as error:
        raise InputError(f"reader.settings: {error}") from error
    return train_reader(corpus, dev, weights, output, recipe, _say)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _train_choices(table: Choices, corpora: Sequence[Path], output: Path) -> Scores:
    notes, gold = _found(table.notes, corpora), _found(table.gold, corpora)
    with extras_named("training", "train"):
        from extractors.training.choices.train import train_choices
    trained = train_choices(_rows(notes), _rows(gold))
    output.mkdir(parents=True, exist_ok=True)
    trained.save(output)
    return dict(trained.scores)


_TRAINERS: dict[Part, Any] = {"reader": _train_reader, "choices": _train_choices}


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise InputError(f"{path}, line {number}: {error}") from error
    return rows


@flow(name="train", description="Train the models on corpora.", on_failure=[on_failure], on_crashed=[on_failure])
def train(corpora: list[Path], output: Path, config: Path | None = None, only: Part | None = None) -> dict[str, float]:
    """Train and save the models; leave their scores as a table and return them by name.

    Args:
        corpora: folders in which the files of the configuration are looked for
        output: folder for the models
        config: TOML file that names the files and settings; by default that of the shipped model
        only: reader (acts in prose, lists and tables) or choices (what belongs to a note's one act)
    """
    scores = train_models(corpora, output, config=config, only=(only,) if only else PARTS)
    get_run_logger().info("the models are in %s", output)
    rows = [{"figure": name, "value": value} for name, value in scores.items()]
    create_table_artifact(rows, key="training-scores", description="Scores")
    return scores
