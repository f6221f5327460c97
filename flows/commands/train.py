"""``coopledger train``."""

from collections.abc import Sequence
from pathlib import Path

import typer

from flows.training import PARTS, Part, train_models


def train(corpora: Sequence[Path], output: Path, config: Path | None, only: Part | None) -> None:
    """Train the models, save them, and print their scores by cross-validation."""
    scores = train_models(corpora, output, config=config, only=(only,) if only else PARTS)
    for name, score in scores.items():
        typer.echo(f"{name:28} {score:.4f}")
    typer.echo(f"the models are in {output}")
