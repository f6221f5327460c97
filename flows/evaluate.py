"""The evaluate flow: score a release, or a fresh extraction that nobody publishes, against gold answers."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from extractors.evaluate import Scores
from flows.artifacts import on_failure
from flows.scores import score_fresh, score_release


@flow(name="evaluate", description="Score the latest release against gold answers.", on_failure=[on_failure])
def evaluate(
    gold: str, output: str = "output", documents: str | None = None, model: str | None = None
) -> dict[str, float | int | None]:
    """Score and leave the figures as a table on Prefect's page; return them by name.

    Args:
        gold: gold answers, projects or facts, one JSON object a line
        output: folder of the releases, of which the latest is scored
        documents: read these documents afresh and score that instead of a release
        model: another spaCy pipeline, for fresh documents
    """
    scores: Scores = score_fresh(gold, documents, model) if documents else score_release(gold, Path(output))
    for name, figure in scores.figures.items():
        get_run_logger().info("%s: %s", name, figure)
    rows = [{"figure": name, "value": figure} for name, figure in scores.figures.items()]
    create_table_artifact(rows, key="scores", description=f"Scores against {gold}")
    return scores.figures
