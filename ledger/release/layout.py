"""The names of files in an output folder and in a release, and functions that write files and flush them to disk."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ledger.errors import LedgerError, as_ledger_error
from schemas import ReleaseEntry

RECORDS, RECORDS_CSV, RECORDS_PARQUET = "records.jsonl", "records.csv", "records.parquet"
DOCUMENTS, UNCLAIMED, QUARANTINE = "documents.jsonl", "unclaimed.jsonl", "quarantine.jsonl"
MERGED, POSSIBLE = "merged.jsonl", "possible.jsonl"
DIFF, DIFF_PAGE, REPORT_PAGE = "diff.jsonl", "diff.html", "report.html"
MANIFEST, PACKAGE, SUMS, SCHEMA = "manifest.json", "datapackage.json", "SHA256SUMS", "schema"
NOT_IN_SUMS = (MANIFEST, PACKAGE)
"""The files with the run's time and host. SHA256SUMS leaves them out, so equal inputs give equal sums;
versions.json has their digests."""

_STAGING = ".staging-"
_OUR_NAMES = ("versions.json", "decisions.jsonl", "releases", "gate-report.", "shares.json", "apart.json", "README.md")
WAIT_SECONDS = 600.0


class Output:
    """The paths of an output folder.

    ``versions`` lists the releases, ``decisions`` is the curators' log, ``releases`` the folder of published releases;
    ``gate_page`` (for people) and ``gate_data`` say why gates refused the last run. ``lock`` is the writers' lock,
    which the kernel releases when its holder dies.
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
        """Return the folder in which a release is written, on the same file system as the releases."""
        return self.root / f"{_STAGING}{version}"

    def leftovers(self) -> list[Path]:
        """List the temporary files and folders that a killed run left behind."""
        return sorted(path for path in self.root.glob(".*") if path.name.startswith((_STAGING, ".versions.json.")))

    def check(self) -> None:
        """Raise LedgerError if the path is a file, or a folder with other files and no ledger."""
        if self.root.exists() and not self.root.is_dir():
            raise LedgerError(f"{self.root} is a file, not an output folder")
        if not self.root.is_dir() or self.versions.is_file():
            return
        names = (path.name for path in self.root.iterdir())
        if strange := min((name for name in names if not name.startswith((".", *_OUR_NAMES))), default=""):
            raise LedgerError(f"{self.root} is not a ledger: it has no versions.json, but holds {strange}")


@contextmanager
def write_lock(output: Output, *, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the writers' lock of an output folder (a flock: the kernel releases it if the holder crashes).

    Args:
        output: the folder, which is created if need be.
        wait: seconds to wait for another writer.

    Raises:
        LedgerError: another run held the lock throughout, or the folder is not writable or not a ledger.
    """
    from filelock import FileLock, Timeout  # readers need no lock

    output.check()
    lock = FileLock(output.lock, thread_local=False)
    with as_ledger_error(f"cannot write to {output.root}"):
        output.root.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=wait, poll_interval=0.05)
        except Timeout as error:
            raise LedgerError(f"another run is writing to {output.root}") from error
    try:
        yield
    finally:
        lock.release()


_SEPARATOR = "  "


def sync(path: Path) -> None:
    """Flush a file or a folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def open_new_text(path: Path) -> Iterator[TextIO]:
    """Create a UTF-8 file, with newlines as given, and flush it to disk at the end."""
    with path.open("x", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    """Create a file with this text and flush it to disk."""
    with open_new_text(path) as file:
        file.write(text)


def replace_text(path: Path, text: str) -> None:
    """Replace a file's text atomically: a reader sees the old text or the new one."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, data: bytes) -> None:
    """Replace a file's content atomically, once the new content is on disk."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with fresh.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


def publish_folder(staged: Path, final: Path) -> None:
    """Flush a folder of finished files and rename it atomically to its final name."""
    for folder in [path for path in staged.rglob("*") if path.is_dir()]:
        sync(folder)
    sync(staged)
    staged.rename(final)
    sync(final.parent)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path) -> list[str]:
    """List the files of a release, relative to it, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS: the digests of all files except ``NOT_IN_SUMS``."""
    names = [name for name in files_of(folder) if name not in NOT_IN_SUMS and name != SUMS]
    write_text(folder / SUMS, _sums_text({name: sha256_of(folder / name) for name in names}))


def _sums_text(sums: dict[str, str]) -> str:
    return "".join(f"{digest}{_SEPARATOR}{name}\n" for name, digest in sums.items())


def _read_sums(folder: Path) -> dict[str, str]:
    """Map each listed file to its SHA-256; if the list was altered in any way, SHA256SUMS itself maps to ``""``."""
    with as_ledger_error(f"cannot read {folder / SUMS}"):
        text = (folder / SUMS).read_bytes().decode("utf-8", "replace")
    pairs = [line.split(_SEPARATOR, 1) for line in text.split("\n") if _SEPARATOR in line]
    sums = {name: digest for digest, name in pairs}
    return sums if _sums_text(sums) == text else sums | {SUMS: ""}


def damaged_files(folder: Path, entry: ReleaseEntry | None = None) -> list[str]:
    """List the files of a release that are missing, changed or not part of it.

    Args:
        folder: the release.
        entry: its entry in versions.json, which has the digests of the files that SHA256SUMS leaves out.
    """
    if not (folder / SUMS).is_file():
        return [SUMS]
    known = entry.digests if entry else {}
    sums = _read_sums(folder) | {name: known[name] for name in NOT_IN_SUMS if name in known}
    present = set(files_of(folder))
    wrong = {name for name in sums if name not in present or sha256_of(folder / name) != sums[name]}
    return sorted(wrong | (present - sums.keys() - {SUMS, *NOT_IN_SUMS}))
