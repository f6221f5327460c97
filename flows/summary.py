"""What a run came to, in a form that the terminal, Prefect's page and a caller can use."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from flows.plan import Plan
from ledger.release.jsonl import read_models
from ledger.release.layout import DIFF, QUARANTINE, REPORT_PAGE
from ledger.release.publish import NothingChanged, Published
from ledger.release.versions import read_manifest
from schemas import Change, Counts, Model, Quarantined


class Summary(Model):
    """The outcome of a run: ``published`` is False where nothing changed, and the release is then the last one.

    ``unread`` lists what could not be read this time, so that what the ledger holds of it stays as it was; ``refused``
    counts records that no release could hold; ``passed`` says what in the input was passed over.
    """

    published: bool
    version: str
    release: str
    report: str
    read: int
    unchanged: int
    counts: Counts
    causes: dict[str, int]
    quarantined: tuple[Quarantined, ...]
    unread: tuple[Quarantined, ...] = ()
    refused: int = 0
    passed: tuple[str, ...] = ()
    scores: dict[str, Any] = {}

    @property
    def status(self) -> int:
        """The exit status: 0, or 3 as long as there is anything that could not be read."""
        return 3 if self.quarantined or self.unread or self.refused else 0

    def markdown(self) -> str:
        """Write it as a page."""
        if not self.published:
            return f"# Nothing changed\n\nThe latest release is {self.version}."
        counts = "\n".join(f"| {name.replace('_', ' ')} | {value:,} |" for name, value in self.counts)
        changes = "\n".join(f"| {cause} | {number:,} |" for cause, number in sorted(self.causes.items()))
        return (
            f"# Release {self.version}\n\n`{self.release}`\n\n| count | |\n| --- | ---: |\n{counts}\n\n"
            f"| change (cause) | |\n| --- | ---: |\n{changes}\n"
        )


def summary_of(
    outcome: Published | NothingChanged, work: Plan, *, unread: tuple[Quarantined, ...] = (), refused: int = 0
) -> Summary:
    """Sum up what was published, or that nothing was."""
    folder = outcome.path
    manifest = read_manifest(folder)
    return Summary(
        published=isinstance(outcome, Published),
        version=outcome.version,
        release=str(folder),
        report=str(folder / REPORT_PAGE),
        read=work.to_read,
        unchanged=len(work.unchanged),
        counts=manifest.counts,
        causes=causes(folder) if isinstance(outcome, Published) else {},
        quarantined=tuple(read_models(folder / QUARANTINE, Quarantined)),
        unread=unread,
        refused=refused,
        passed=tuple(f"{one.name} ({one.why})" for one in work.passed),
        scores=manifest.scores,
    )


def causes(folder: Path) -> dict[str, int]:
    """Count the changes of a release by what kind they are and what caused them."""
    return dict(Counter(f"{one.change} ({one.reason or one.cause})" for one in read_models(folder / DIFF, Change)))


def top_changes(folder: Path, most: int) -> list[dict[str, str]]:
    """Return the first changes of a release for a table, those that matter most to a reader before mere moves."""
    order = {"removed": 0, "changed": 1, "added": 2, "moved": 3}
    found: dict[str, list[Change]] = {name: [] for name in order}
    for change in read_models(folder / DIFF, Change):
        if len(found[change.change]) < most:
            found[change.change].append(change)
    return [_row(change) for name in order for change in found[name]][:most]


def _row(change: Change) -> dict[str, str]:
    record = change.after or change.before or {}
    return {
        "change": change.change,
        "cause": change.reason or change.cause,
        "record": change.record_id,
        "document": str(record.get("document_id", "")),
        "actor": str((record.get("actor") or {}).get("name", "")),
        "partner": str((record.get("partner") or {}).get("name", "")),
        "fields": "; ".join(f"{field.name}: {field.before} → {field.after}" for field in change.fields),
    }


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
