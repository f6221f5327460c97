"""``coopledger train``."""

from pathlib import Path

import typer

from flows.training import What, train_model


def train(
    what: What, output: Path, documents: Path | None, gold: Path | None, treebanks: list[Path], names: list[Path]
) -> None:
    """Train a model, save it, and print its scores on data held out."""
    scores = train_model(what, output, documents=documents, gold=gold, treebanks=treebanks, names=names)
    for name, score in scores.items():
        typer.echo(f"{name:28} {score:.4f}")
    typer.echo(f"{what} is in {output}")
