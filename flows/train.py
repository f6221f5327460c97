"""Train the models of the package on corpora in files; the training itself is in ``extractors.training``."""

import tomllib
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Literal

import typer
from pydantic import Field, ValidationError

from flows.errors import InputError, UsageError
from flows.places import Place
from ledger.release.jsonl import first_error
from schemas import Model
from schemas.extras import requires_extra

Part = Literal["reader", "choices"]
Scores = dict[str, float]


class Choices(Model):
    """The files that train ``choices``: project notes (JSON Lines with ``id title text``) and the coders' answers."""

    notes: str
    gold: str

    def train(self, corpora: Sequence[Path], output: Path) -> Scores:
        """Train and save the model that chooses the values of a note's one act; return its cross-validated scores."""
        notes, gold = (_find_file(name, corpora) for name in (self.notes, self.gold))
        with requires_extra("training", "train"):
            from extractors.training.choices.train import train_choices
        rows = ([row for _, row in Place.of(str(path)).json_lines()] for path in (notes, gold))
        trained = train_choices(*rows)
        output.mkdir(parents=True, exist_ok=True)
        trained.save(output)
        return dict(trained.scores)


class ReaderSettings(Model):
    """Annotated documents (JSON Lines), the folder of the published encoder, and the settings of the training."""

    corpus: str
    dev: str
    weights: str
    settings: dict[str, int | float | str] = Field(default_factory=dict)

    def train(self, corpora: Sequence[Path], output: Path) -> Scores:
        """Train and save the reader of acts; return its scores on the dev documents."""
        corpus, dev, weights = (_find_file(name, corpora) for name in (self.corpus, self.dev, self.weights))
        with requires_extra("training", "train"):
            from extractors.training.reader.fit import Recipe
            from extractors.training.reader.train import train_reader
        try:
            recipe = Recipe.model_validate(self.settings)
        except ValidationError as error:
            raise InputError(f"reader.settings: {first_error(error)}") from error
        return train_reader(corpus, dev, weights, output, recipe, partial(typer.echo, err=True))


class Config(Model):
    """A training configuration; file names are relative to the corpus folders."""

    choices: Choices | None = None
    reader: ReaderSettings | None = None


def read_config(path: Path | None) -> Config:
    """Read a TOML configuration, by default that of the shipped model. Raises InputError."""
    try:
        text = (path or files("flows") / "train.toml").read_text("utf-8")
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
        InputError: a file of the configuration is missing or cannot be read.
    """
    scores: Scores = {}
    for part, table in read_config(config):
        if only in (None, part):
            if table is None:
                raise UsageError(f"the configuration has no [{part}]")
            scores |= table.train(corpora, output / part)
    return scores


def _find_file(name: str, corpora: Sequence[Path]) -> Path:
    for corpus in corpora:
        if (corpus / name).exists():
            return corpus / name
    raise InputError(f"no {name} below {' or '.join(map(str, corpora)) or 'any corpus'}")
