"""What goes wrong in a ledger, each as one line that a person can act on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import CoopledgerError


class LedgerError(CoopledgerError):
    """Something a person has to mend; nothing was published."""


class UnknownGateError(LedgerError, ValueError):
    """There is no gate of that name."""


class GateFailed(LedgerError):  # noqa: N818 (a gate that fails is an outcome)
    """One or more gates refused the release; ``report`` is the page that shows why."""

    def __init__(self, failed: tuple[str, ...], report: Path) -> None:
        self.failed, self.report = failed, report
        super().__init__(f"not published, gate failed: {', '.join(failed)} (see {report})")


@contextmanager
def one_line(doing: str) -> Iterator[None]:
    """Turn an error of the operating system (full disk, read-only folder) into a LedgerError of one line."""
    try:
        yield
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise LedgerError(f"{doing}: {error.strerror or error}{place}") from error
