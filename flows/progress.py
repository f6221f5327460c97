"""The events of a run, which the terminal and Prefect's page show, and the summary at its end."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from flows.errors import join_names
from flows.plan import Plan
from flows.shards import ShardSummary
from ledger.release.layout import REPORT_PAGE
from ledger.release.publish import NothingChanged, Published
from ledger.release.read import Release
from schemas import Counts, Model, Quarantined

_LISTED = 10


class Summary(Model):
    """The outcome of a run: if nothing changed, ``published`` is False and the release is the last one.

    ``unread`` lists what could not be read this time and is kept as in the last release; ``refused`` counts records
    that were dropped as invalid; ``passed`` lists what in the input was skipped, with the reason.
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
        """The exit status: 0, or 3 if anything is quarantined, could not be read or was refused."""
        return 3 if self.quarantined or self.unread or self.refused else 0

    def lines(self) -> list[str]:
        """Return the summary as lines for the terminal."""
        bad = [
            *_listed("unreadable now; what the ledger holds of them stays as it was", self.unread, ""),
            *_listed("quarantined", self.quarantined, f" in {self.release}/quarantine.jsonl"),
        ]
        if not self.published:
            return [f"nothing changed: {self.version} is the latest release ({self.release})", *bad]
        counts, scores = self.counts, [(name, one) for name, one in self.scores.items() if isinstance(one, float)]
        documents = f"{counts.with_records:,} with records, {counts.without_records:,} without"
        lines = {
            "documents": f"{counts.documents:,}: {documents}, {counts.quarantined:,} quarantined",
            "records": f"{counts.records:,}",
            "changes": ", ".join(f"{number:,} {cause}" for cause, number in sorted(self.causes.items())),
            "refused": f"{self.refused:,} records that do not quote their document" if self.refused else "",
        }
        last = {
            "passed over": join_names(self.passed),
            "scores": ", ".join(f"{name} {value:.3f}" for name, value in scores),
            "report": self.report,
        }
        return [f"published {self.release}", *_rows(lines), *bad, *_rows(last)]

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


def _rows(lines: dict[str, str]) -> list[str]:
    return [f"{name:12} {words}" for name, words in lines.items() if words]


def _listed(head: str, documents: Sequence[Quarantined], where: str) -> list[str]:
    shown = [f"  {one.id}: {one.reason}: {one.detail}" for one in documents[:_LISTED]]
    more = len(documents) - len(shown)
    return [head, *shown, *([f"  and {more:,} more{where}"] if more else [])] if shown else []


def summary_of(
    outcome: Published | NothingChanged, work: Plan, *, unread: tuple[Quarantined, ...] = (), refused: int = 0
) -> Summary:
    """Make the summary of a run from its outcome and its plan."""
    release = Release(outcome.path)
    published = isinstance(outcome, Published)
    changes = release.changes() if published else ()
    return Summary(
        published=published,
        version=outcome.version,
        release=str(release.path),
        report=str(release.path / REPORT_PAGE),
        read=work.to_read,
        unchanged=len(work.unchanged),
        counts=release.manifest.counts,
        causes=dict(Counter(f"{one.change} ({one.reason or one.cause})" for one in changes)),
        quarantined=tuple(release.quarantined()),
        unread=unread,
        refused=refused,
        passed=tuple(f"{one.name} ({one.why})" for one in work.skipped),
        scores=release.manifest.scores,
    )


Event: TypeAlias = Plan | ShardSummary | str | Summary
"""An event of a run: its plan, a finished shard, the name of the stage that begins, its summary."""

_listeners: ContextVar[tuple[Callable[[Event], None], ...]] = ContextVar("listeners", default=())


def notify(event: Event) -> None:
    """Call every listener with an event of the current run."""
    for listener in _listeners.get():
        listener(event)


@contextmanager
def listening(listener: Callable[[Event], None]) -> Iterator[None]:
    """Call ``listener`` with each event of the runs inside, after the listeners of outer contexts."""
    token = _listeners.set((*_listeners.get(), listener))
    try:
        yield
    finally:
        _listeners.reset(token)


class RunProgress(Bar):
    """Shows progress on standard error; keeps the summary: once it is set, an error can only be the server's."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        super().__init__(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self.add_task("looking", total=None)
        self._started, self._read = time.monotonic(), 0
        self._work: Plan | None = None
        self.summary: Summary | None = None

    def show(self, event: Event) -> None:
        """Show an event of the run."""
        match event:
            case Plan():
                self._started, self._work = time.monotonic(), event
                self.update(self._task, description="reading", total=event.to_read or None)
                self.console.print(event.line(), markup=False)
            case ShardSummary():
                self._read += event.documents
                self.update(self._task, completed=self._read)
                if self._work and not self.console.is_terminal:
                    rate = self._read / max(time.monotonic() - self._started, 0.001)
                    read = f"{self._read:,} of {self._work.to_read:,} documents, {rate:.0f} a second"
                    self.console.print(f"{event.line(len(self._work.shards))}; {read}", markup=False)
            case Summary():
                self.summary = event
            case stage:
                self.update(self._task, description=stage)
