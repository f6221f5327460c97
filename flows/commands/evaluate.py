"""``coopledger evaluate``."""

import json
from pathlib import Path

import typer

from extractors.evaluate import Scores


def evaluate(
    gold: str,
    output: Path,
    *,
    release: str | None,
    documents: str | None,
    model: str | None,
    errors: int,
    as_json: bool,
) -> None:
    """Print the scores of a release, or of documents read afresh, and the most confident errors of each field."""
    from flows.scoring import score_fresh, score_release

    scores = score_fresh(gold, documents, model) if documents else score_release(gold, output, release)
    if as_json:
        typer.echo(json.dumps(scores.figures))
        return
    for name, figure in scores.figures.items():
        typer.echo(f"{name:28} {'-' if figure is None else f'{figure:.4f}' if isinstance(figure, float) else figure}")
    for line in worst(scores, errors):
        typer.echo(line)


def worst(scores: Scores, most: int) -> list[str]:
    """Write the most confident errors of each field, with the words they were read from."""
    told = []
    for name in dict.fromkeys(miss.field for miss in scores.misses):
        found = scores.worst(name, most)
        told += [f"\n{name}: the surest errors"] if found else []
        for miss in found:
            quote = " ".join(miss.quote.split())[:200]
            told.append(f"  {miss.document_id}: {miss.got} (gold: {miss.expected}; {miss.confidence:.2f}) “{quote}”")
    return told
