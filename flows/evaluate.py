"""The evaluate flow: score a release, or a fresh extraction that nobody publishes, against gold answers."""

from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact
from pydantic import Field

from extractors.evaluate import Scores
from flows.hooks import on_failure
from flows.scoring import score_fresh, score_release
from flows.settings import TAGS


@flow(name="evaluate", description="Score the latest release against gold answers.", on_failure=[on_failure])
def evaluate(
    gold: Annotated[str, Field(description="gold answers, projects or facts, one JSON object a line")],
    output: Annotated[str, Field(description="folder of the releases")] = "output",
    documents: Annotated[str | None, Field(description="read these documents afresh instead of a release")] = None,
    model: Annotated[str | None, Field(description="another spaCy pipeline, for fresh documents")] = None,
) -> dict[str, float | int | None]:
    """Score and leave the figures as a table on Prefect's page; return them by name."""
    scores: Scores = score_fresh(gold, documents, model) if documents else score_release(gold, Path(output))
    for name, figure in scores.figures.items():
        get_run_logger().info("%s: %s", name, figure)
    rows = [{"figure": name, "value": figure} for name, figure in scores.figures.items()]
    create_table_artifact(rows, key="scores", description=f"Scores against {gold}")
    return scores.figures


__all__ = ["TAGS", "evaluate"]
