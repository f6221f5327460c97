"""The last lines of a run: what was published, what changed, what could not be read, where to look."""

import typer

from flows.summary import Summary

_SHOWN = 10


def tell(summary: Summary) -> None:
    """Print how a run ended, on standard output."""
    for line in lines(summary):
        typer.echo(line)


def lines(summary: Summary) -> list[str]:
    """Write how a run ended."""
    if not summary.published:
        return [f"nothing changed: {summary.version} is the latest release ({summary.release})"]
    counts = summary.counts
    told = [
        f"published {summary.release}",
        f"documents    {counts.documents:,}: {counts.with_records:,} with records, {counts.without_records:,} without, "
        f"{counts.quarantined:,} quarantined",
        f"records      {counts.records:,}",
        *_changes(summary),
        *_quarantined(summary),
        *_scores(summary),
        f"report       {summary.report}",
    ]
    return told


def _changes(summary: Summary) -> list[str]:
    found = [f"{number:,} {cause}" for cause, number in sorted(summary.causes.items())]
    return [f"changes      {', '.join(found)}"] if found else []


def _quarantined(summary: Summary) -> list[str]:
    shown = [f"  {one.id}: {one.reason}: {one.detail}" for one in summary.quarantined[:_SHOWN]]
    more = len(summary.quarantined) - len(shown)
    rest = [f"  and {more:,} more in {summary.release}/quarantine.jsonl"] if more else []
    return ["quarantined", *shown, *rest] if shown else []


def _scores(summary: Summary) -> list[str]:
    found = [f"{name} {value:.3f}" for name, value in summary.scores.items() if isinstance(value, float)]
    return [f"scores       {', '.join(found)}"] if found else []
