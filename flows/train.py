"""The train flow: corpora in, a model and its scores out."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.hooks import on_failure
from flows.training import What, train_model


@flow(name="train", description="Train a model on corpora.", on_failure=[on_failure], on_crashed=[on_failure])
def train(
    what: What,
    output: Path,
    documents: Path,
    gold: Path,
    treebanks: list[Path] = [],  # noqa: B006 - Prefect shows it in its form, and nobody changes it
    names: list[Path] = [],  # noqa: B006
) -> dict[str, float]:
    """Train and save a model; leave its scores as a table and return them by name.

    Args:
        what: english (tagger, parser, names) or choices (which party, year, amount and sector belong to an act)
        output: folder for the model
        documents: project notes, one JSON object a line
        gold: what their coders found, one JSON object a line
        treebanks: for english, CoNLL-U files
        names: for english, texts with marked names, one JSON object a line
    """
    scores = train_model(what, output, documents=documents, gold=gold, treebanks=treebanks, names=names)
    get_run_logger().info("%s is in %s", what, output)
    rows = [{"figure": name, "value": value} for name, value in scores.items()]
    create_table_artifact(rows, key="training-scores", description=f"Scores of {what} on data held out")
    return scores
