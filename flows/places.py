"""Where documents lie: a local path or any address that fsspec understands (``s3://bucket/folder``)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import fsspec
from fsspec.core import url_to_fs

from flows.errors import UsageError

_AT_ONCE = 64  # ranges asked for in one request, so that a store far away answers many at a time


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file in a file system; ``path`` is as that file system writes it."""

    fs: fsspec.AbstractFileSystem
    path: str

    @classmethod
    def of(cls, address: str) -> "Place":
        """Find the file system of a path or URL. Raises UsageError where no such file system is installed."""
        try:
            fs, path = url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise UsageError(f"cannot open {address}: {error}") from error
        return cls(fs, path.rstrip("/") or path)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def is_local(self) -> bool:
        """Tell whether this is on a file system of this machine."""
        return "file" in self.fs.protocol

    def join(self, *parts: str) -> "Place":
        """Return the place of something inside this folder."""
        return Place(self.fs, "/".join((self.path, *parts)))

    def exists(self) -> bool:
        """Tell whether there is a file or folder here."""
        return bool(self.fs.exists(self.path))

    def is_file(self) -> bool:
        """Tell whether this is a file."""
        return bool(self.fs.isfile(self.path))

    def size(self) -> int:
        """Return the file's size in bytes."""
        return int(self.fs.size(self.path))

    def files(self) -> Iterator[tuple[str, "Place", int]]:
        """List the files below this folder, sorted by relative name: name with ``/``, place, size in bytes."""
        self.fs.invalidate_cache()
        found: dict[str, dict[str, Any]] = self.fs.find(self.path, detail=True)
        start = len(self.path) + 1
        for path in sorted(found):
            yield path[start:], Place(self.fs, path), int(found[path]["size"] or 0)

    @contextmanager
    def open(self, mode: str = "rb") -> Iterator[IO[Any]]:
        """Open the file here."""
        with self.fs.open(self.path, mode) as stream:
            yield stream

    def read(self) -> bytes:
        """Read the whole file."""
        return bytes(self.fs.cat_file(self.path))

    def read_ranges(self, ranges: list[tuple[int, int]]) -> Iterator[bytes]:
        """Read stretches of the file, each ``(offset, length)`` in bytes, in the order given."""
        for first in range(0, len(ranges), _AT_ONCE):
            part = ranges[first : first + _AT_ONCE]
            starts, ends = [offset for offset, _ in part], [offset + length for offset, length in part]
            yield from self.fs.cat_ranges([self.path] * len(part), starts, ends, on_error="raise")

    def write_whole(self, data: bytes) -> None:
        """Write a file so that a reader sees all of it or none: beside it first, then under its name."""
        self.fs.makedirs(self.path.rsplit("/", 1)[0], exist_ok=True)
        beside = f"{self.path}.part"
        self.fs.pipe_file(beside, data)
        self.fs.mv(beside, self.path)

    def remove(self) -> None:
        """Remove the file or folder here, if it is there."""
        if self.exists():
            self.fs.rm(self.path, recursive=True)

    def __str__(self) -> str:
        return self.path if self.is_local else str(self.fs.unstrip_protocol(self.path))
