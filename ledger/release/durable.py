"""Files and folders that are on the disk before anybody is told of them."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_BLOCK = 1 << 20


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
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    write_text(fresh, text)
    fresh.replace(path)
    sync(path.parent)


def replace_bytes(path: Path, data: bytes) -> None:
    """Replace a file in one step by one that is on the disk."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
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
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
