"""``coopledger status``: the last runs and releases, the queue, the gates."""

from pathlib import Path

import typer

from flows.runs import Run, last_runs
from ledger.decisions import DecisionLog, build_queue
from ledger.decisions.queue import TIERS
from ledger.release.layout import Output
from ledger.release.read import open_release
from ledger.release.versions import read_versions
from schemas import ReleaseEntry

_SHOWN = 5
_ENDED_WELL = ("published", "unchanged")


def status(output: Path) -> None:
    """Print how an output folder stands. Raises LedgerError where it is not a ledger."""
    Output(output).check()
    for line in lines(output):
        typer.echo(line)


def lines(output: Path) -> list[str]:
    """Write how an output folder stands."""
    releases = read_versions(Output(output)).releases
    runs = last_runs(str(output), _SHOWN)
    told = ["runs", *(map(_run, runs) if runs else ["  none yet"])]
    told += ["releases", *(map(_release, releases[-_SHOWN:]) if releases else ["  none yet: coopledger run"])]
    return told + _queue(output, releases[-1].version if releases else None) + _gates(output)


def _run(run: Run) -> str:
    counts = f"; {run.read:,} documents read, {run.quarantined:,} quarantined" if run.outcome in _ENDED_WELL else ""
    detail = f": {run.detail}" if run.detail else ""
    return f"  {run.time}  {run.origin}  {run.outcome}{detail} ({run.seconds:.0f} s{counts})"


def _release(entry: ReleaseEntry) -> str:
    counts = entry.counts
    changes = f"+{counts.added} -{counts.removed} ~{counts.changed}"
    documents = f"{counts.documents:,} documents ({counts.quarantined:,} quarantined)"
    return f"  {entry.version}  {counts.records:,} records, {documents}, changes {changes}"


def _queue(output: Path, latest: str | None) -> list[str]:
    """Count what waits for the curators, by why it does."""
    if latest is None:
        return []
    release = open_release(output, latest)
    changes = None if release.manifest.parent is None else release.changes()
    examined = DecisionLog(Output(output).decisions).examine()
    log = examined.decisions
    damaged = [f"  decisions.jsonl, line {one.line} {one.what}" for one in examined.faults[:1]]
    queue = build_queue(release.frame(), log, release=latest, changes=changes, merged=release.merged())
    counts = queue["why"].value_counts()
    told = [f"{counts[why]:,} {why}" for why in TIERS if why in counts]
    return ["queue", f"  {', '.join(told) or 'empty'}; {len(log):,} decisions in the log", *damaged]


def _gates(output: Path) -> list[str]:
    report = output / "gate-report.html"
    return ["gates", f"  the last refusal: {report}" if report.is_file() else "  none refused a run"]
