"""What a run came to, in a form that the terminal, Prefect's page and a caller can use."""

from collections import Counter
from pathlib import Path
from typing import Any

from flows.plan import Plan
from ledger.release.layout import DIFF, QUARANTINE, REPORT_PAGE
from ledger.release.lines import read_models
from ledger.release.manifest import read_manifest
from ledger.release.publish import NothingChanged, Published
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
