"""Where things lie in an output folder and in a release."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.errors import LedgerError, one_line

RECORDS, RECORDS_CSV, RECORDS_PARQUET = "records.jsonl", "records.csv", "records.parquet"
DOCUMENTS, UNCLAIMED, QUARANTINE = "documents.jsonl", "unclaimed.jsonl", "quarantine.jsonl"
MERGED, POSSIBLE = "merged.jsonl", "possible.jsonl"
DIFF, DIFF_PAGE, REPORT_PAGE = "diff.jsonl", "diff.html", "report.html"
MANIFEST, PACKAGE, SUMS, SCHEMA = "manifest.json", "datapackage.json", "SHA256SUMS", "schema"
CONTENT = (RECORDS, DOCUMENTS, UNCLAIMED, QUARANTINE, MERGED, POSSIBLE)
"""The files that hold what a release says: where these are the parent's, nothing changed."""
UNSUMMED = (MANIFEST, PACKAGE)
"""The two files with the run's time and host. SHA256SUMS leaves them out, so that it too is the same for equal inputs;
their digests stand in versions.json."""

_STAGING = ".staging-"
_OURS = ("versions.json", "decisions.jsonl", "releases", "gate-report.", "shares.json", "apart.json", "README.md")
WAIT_SECONDS = 600.0


class Output:
    """The paths of an output folder.

    ``versions`` lists the releases, ``decisions`` is the curators' log, ``releases`` the folder of what was published;
    ``gate_page`` (for a person) and ``gate_data`` say why gates refused the last run. The kernel lets go of ``lock``,
    the writers', when its holder dies.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.versions, self.decisions = root / "versions.json", root / "decisions.jsonl"
        self.releases, self.lock = root / "releases", root / ".lock"
        self.gate_page, self.gate_data = root / "gate-report.html", root / "gate-report.json"

    def release(self, version: str) -> Path:
        """Return the folder of a release."""
        return self.releases / version

    def staging(self, version: str) -> Path:
        """Return the folder in which a release is made, on the file system of the releases."""
        return self.root / f"{_STAGING}{version}"

    def leftovers(self) -> list[Path]:
        """List what a killed run left behind."""
        return sorted(path for path in self.root.glob(".*") if path.name.startswith((_STAGING, ".versions.json.")))

    def check(self) -> None:
        """Raise LedgerError if the folder holds other things and no ledger."""
        if self.root.exists() and not self.root.is_dir():
            raise LedgerError(f"{self.root} is a file, not an output folder")
        if not self.root.is_dir() or self.versions.is_file():
            return
        names = (path.name for path in self.root.iterdir())
        if strange := min((name for name in names if not name.startswith((".", *_OURS))), default=""):
            raise LedgerError(f"{self.root} is not a ledger: it has no versions.json, but holds {strange}")


@contextmanager
def writing(output: Output, *, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the writers' lock of an output folder (flock: it outlives no crash of its holder).

    Args:
        output: the folder; made if it is not there.
        wait: how many seconds to wait for another writer.

    Raises:
        LedgerError: another run kept the lock, the folder cannot be written, or it is not a ledger.
    """
    from filelock import FileLock, Timeout  # readers need no lock

    output.check()
    lock = FileLock(output.lock, thread_local=False)
    with one_line(f"cannot write to {output.root}"):
        output.root.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=wait, poll_interval=0.05)
        except Timeout as error:
            raise LedgerError(f"another run is writing to {output.root}") from error
    try:
        yield
    finally:
        lock.release()
