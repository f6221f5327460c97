"""Who watches a run: the terminal, Prefect's page, or nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flows.plan import Plan
from flows.shards import Done


class Watch:
    """Told of a run's progress; does nothing with it. Subclass to show it."""

    def planned(self, plan: Plan) -> None:
        """Take note of what will be read."""

    def finished(self, done: Done, of: int) -> None:
        """Take note of a finished shard, one of ``of``."""

    def stage(self, name: str) -> None:
        """Take note that the run has come to another stage."""


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
