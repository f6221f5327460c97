"""Files that are on the disk before anybody is told of them, and their digests as ``sha256sum -c`` reads them."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ledger.errors import one_line
from ledger.release.layout import SUMS, UNSUMMED
from schemas import ReleaseEntry

_SEPARATOR = "  "


def sync(path: Path) -> None:
    """Flush a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def new_text(path: Path) -> Iterator[TextIO]:
    """Open a new UTF-8 file with newlines as given, and flush it to the disk at the end."""
    with path.open("x", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    """Write a new file and flush it to the disk."""
    with new_text(path) as file:
        file.write(text)


def replace_text(path: Path, text: str) -> None:
    """Replace a file in one step: whoever reads it sees the old text or the new one."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, data: bytes) -> None:
    """Replace a file in one step by one that is on the disk."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with fresh.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


def publish_folder(staged: Path, final: Path) -> None:
    """Flush a folder of finished files and give it its final name in one step."""
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
    """Write the digests of all files but those that name the run's time and host (see ``UNSUMMED``)."""
    names = [name for name in files_of(folder) if name not in UNSUMMED and name != SUMS]
    write_text(folder / SUMS, _written({name: sha256_of(folder / name) for name in names}))


def _written(sums: dict[str, str]) -> str:
    return "".join(f"{digest}{_SEPARATOR}{name}\n" for name, digest in sums.items())


def _read_sums(folder: Path) -> dict[str, str]:
    """Map each listed file to its SHA-256; a list that was altered, be it by a blank, maps itself to nothing."""
    with one_line(f"cannot read {folder / SUMS}"):
        text = (folder / SUMS).read_bytes().decode("utf-8", "replace")
    pairs = [line.split(_SEPARATOR, 1) for line in text.split("\n") if _SEPARATOR in line]
    sums = {name: digest for digest, name in pairs}
    return sums if _written(sums) == text else sums | {SUMS: ""}


def damaged_files(folder: Path, entry: ReleaseEntry | None = None) -> list[str]:
    """List the files of a release that are gone, changed or not of it.

    Args:
        folder: the release.
        entry: what the list of releases says of it; it has the digests of the files that SHA256SUMS leaves out.
    """
    if not (folder / SUMS).is_file():
        return [SUMS]
    known = entry.digests if entry else {}
    sums = _read_sums(folder) | {name: known[name] for name in UNSUMMED if name in known}
    present = set(files_of(folder))
    wrong = {name for name in sums if name not in present or sha256_of(folder / name) != sums[name]}
    return sorted(wrong | (present - sums.keys() - {SUMS, *UNSUMMED}))
