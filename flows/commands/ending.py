"""The last lines of a run: what was published, what changed, what could not be read, where to look."""

from collections.abc import Sequence

import typer

from flows.summary import Summary
from schemas import Quarantined

_SHOWN = 10


def tell(summary: Summary) -> None:
    """Print how a run ended, on standard output."""
    for line in lines(summary):
        typer.echo(line)


def lines(summary: Summary) -> list[str]:
    """Write how a run ended."""
    if not summary.published:
        first = f"nothing changed: {summary.version} is the latest release ({summary.release})"
        return [first, *_unread(summary), *_quarantined(summary)]
    counts = summary.counts
    told = [
        f"published {summary.release}",
        f"documents    {counts.documents:,}: {counts.with_records:,} with records, {counts.without_records:,} without, "
        f"{counts.quarantined:,} quarantined",
        f"records      {counts.records:,}",
        *_changes(summary),
        *_refused(summary),
        *_unread(summary),
        *_quarantined(summary),
        *_passed(summary),
        *_scores(summary),
        f"report       {summary.report}",
    ]
    return told


def _changes(summary: Summary) -> list[str]:
    found = [f"{number:,} {cause}" for cause, number in sorted(summary.causes.items())]
    return [f"changes      {', '.join(found)}"] if found else []


def _refused(summary: Summary) -> list[str]:
    return [f"refused      {summary.refused:,} records that do not quote their document"] if summary.refused else []


def _unread(summary: Summary) -> list[str]:
    head = "unreadable now; what the ledger holds of them stays as it was"
    return _listed(head, summary.unread, "and {:,} more")


def _quarantined(summary: Summary) -> list[str]:
    return _listed("quarantined", summary.quarantined, f"and {{:,}} more in {summary.release}/quarantine.jsonl")


def _passed(summary: Summary) -> list[str]:
    shown = ", ".join(summary.passed[:_SHOWN])
    more = f" and {len(summary.passed) - _SHOWN:,} more" if len(summary.passed) > _SHOWN else ""
    return [f"passed over  {shown}{more}"] if shown else []


def _listed(head: str, documents: Sequence[Quarantined], rest: str) -> list[str]:
    shown = [f"  {one.id}: {one.reason}: {one.detail}" for one in documents[:_SHOWN]]
    more = len(documents) - len(shown)
    return [head, *shown, *([f"  {rest.format(more)}"] if more else [])] if shown else []


def _scores(summary: Summary) -> list[str]:
    found = [f"{name} {value:.3f}" for name, value in summary.scores.items() if isinstance(value, float)]
    return [f"scores       {', '.join(found)}"] if found else []
