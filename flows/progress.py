"""Who watches a run: the terminal, Prefect's page, or nobody."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from flows.plan import Plan
from flows.shards import Done
from flows.summary import Summary


class Watch:
    """Told of a run's progress; does nothing with it. Subclass to show it."""

    def planned(self, plan: Plan) -> None:
        """Take note of what will be read."""

    def finished(self, done: Done, of: int) -> None:
        """Take note of a finished shard, one of ``of``."""

    def stage(self, name: str) -> None:
        """Take note that the run has come to another stage."""

    def ended(self, summary: Summary) -> None:
        """Take note of what the run came to; only a server can fail after that."""


_watch: ContextVar[Watch] = ContextVar("watch", default=Watch())  # noqa: B039 - it has no state


def watch() -> Watch:
    """Return who watches the present run."""
    return _watch.get()


@contextmanager
def watched_by(one: Watch) -> Iterator[None]:
    """Let ``one`` watch the runs made inside."""
    token = _watch.set(one)
    try:
        yield
    finally:
        _watch.reset(token)


class Progress(Watch):
    """Shows progress on standard error."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        self._bar = Bar(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task: TaskID = self._bar.add_task("looking", total=None)
        self._started = time.monotonic()
        self._read, self._total = 0, 0
        self.summary: Summary | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def planned(self, plan: Plan) -> None:
        """Show what will be read."""
        self._started, self._total = time.monotonic(), plan.to_read
        self._bar.update(self._task, description="reading", total=plan.to_read or None)
        self._say(plan.line())

    def finished(self, done: Done, of: int) -> None:
        """Show a finished shard."""
        self._read += done.documents
        self._bar.update(self._task, completed=self._read)
        if not self._console.is_terminal:
            rate = self._read / max(time.monotonic() - self._started, 0.001)
            self._say(f"{done.line(of)}; {self._read:,} of {self._total:,} documents, {rate:.0f} a second")

    def stage(self, name: str) -> None:
        """Show the stage on the bar."""
        self._bar.update(self._task, description=name)

    def ended(self, summary: Summary) -> None:
        """Keep the summary."""
        self.summary = summary

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False)
