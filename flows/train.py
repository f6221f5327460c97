"""The train flow: corpora in, models and their scores out."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.artifacts import on_failure
from flows.training import PARTS, Part, train_models


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
