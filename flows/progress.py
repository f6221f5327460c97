"""What is reported of a run as it goes on: to the terminal, to Prefect's page, and at its end in a summary."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from flows.errors import named
from flows.plan import Plan
from flows.shards import Done
from ledger.release.layout import REPORT_PAGE
from ledger.release.publish import NothingChanged, Published
from ledger.release.read import Release
from schemas import Counts, Model, Quarantined

_LISTED = 10


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

    def lines(self) -> list[str]:
        """Write it for the terminal: what was published, what changed, what could not be read, where to look."""
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
            "passed over": named(self.passed),
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
    """Sum up what was published, or that nothing was."""
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
        passed=tuple(f"{one.name} ({one.why})" for one in work.passed),
        scores=release.manifest.scores,
    )


Event: TypeAlias = Plan | Done | str | Summary
"""Of a run: what it will read, each shard as it is finished, the stage that it comes to, its summary."""

_listeners: ContextVar[tuple[Callable[[Event], None], ...]] = ContextVar("listeners", default=())


def notify(event: Event) -> None:
    """Pass an event on to all who listen to the present run."""
    for listener in _listeners.get():
        listener(event)


@contextmanager
def listening(listener: Callable[[Event], None]) -> Iterator[None]:
    """Let ``listener`` hear of the runs made inside, after those who listen already."""
    token = _listeners.set((*_listeners.get(), listener))
    try:
        yield
    finally:
        _listeners.reset(token)


class RunProgress(Bar):
    """Shows progress on standard error; keeps the summary, after which only a server can fail."""

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
            case Done():
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
