"""The ledger's errors. Each message is one line that tells a person what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import CoopledgerError


class LedgerError(CoopledgerError):
    """A problem in a ledger that a person has to correct; nothing was published."""


class UnknownGateError(LedgerError, ValueError):
    """There is no gate of that name."""


class GateFailed(LedgerError):  # noqa: N818 (a gate that fails is an outcome)
    """One or more gates refused the release; ``report`` is the page that shows why."""

    def __init__(self, failed: tuple[str, ...], report: Path) -> None:
        self.failed, self.report = failed, report
        super().__init__(f"not published, gate failed: {', '.join(failed)} (see {report})")


@contextmanager
def as_ledger_error(doing: str) -> Iterator[None]:
    """Raise an OSError (full disk, read-only folder) as a LedgerError of one line that starts with ``doing``."""
    try:
        yield
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise LedgerError(f"{doing}: {error.strerror or error}{place}") from error
