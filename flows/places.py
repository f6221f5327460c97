"""Where documents lie: a local path or any address that fsspec understands (``s3://bucket/folder``)."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

import fsspec
from fsspec.core import url_to_fs

from flows.errors import UsageError
from schemas.extras import MissingExtraError, extras_named

UNREADABLE = "unreadable"
LINK = "link"
_AT_ONCE = 64  # ranges asked for in one request, so that a store far away answers many at a time


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file in a file system; ``path`` is as that file system writes it."""

    fs: fsspec.AbstractFileSystem
    path: str

    @classmethod
    def of(cls, address: str) -> "Place":
        """Find the file system of a path or URL.

        Raises UsageError where no such file system is installed, MissingExtraError where an extra brings it.
        """
        try:
            with extras_named(address):
                fs, path = url_to_fs(address)
        except MissingExtraError:
            raise
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


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be listed: its name relative to the folder, its place, its size in bytes."""

    name: str
    place: Place
    size: int


@dataclass(frozen=True, slots=True)
class Unread:
    """What is there and cannot be read: ``name`` ends with ``/`` for a folder. ``reason`` is a code.

    ``within`` begins the ids of all documents that it may hold; None where it is a document itself.
    """

    name: str
    reason: str
    detail: str
    within: str | None = None

    def may_hold(self, document_id: str) -> bool:
        """Tell whether this may be, or hold, a document."""
        return document_id == self.name if self.within is None else document_id.startswith(self.within)


@dataclass(frozen=True, slots=True)
class Passed:
    """What is passed over, since it is no document."""

    name: str
    why: str


Entry = File | Unread | Passed


def printable(name: str) -> str:
    """Write a file's name as text, the same under every locale: bytes that are no UTF-8 are written out."""
    return os.fsencode(name).decode("utf-8", "surrogateescape").encode("utf-8", "backslashreplace").decode("utf-8")


def walk(place: Place, *, leave_out: Path | None = None) -> Iterator[Entry]:
    """List what lies below a folder, in any order.

    Args:
        place: the folder, local or elsewhere.
        leave_out: a folder that is no part of the input wherever it lies: the output.
    """
    if place.is_local:
        yield from _walk(Path(place.path), "", leave_out.resolve() if leave_out else None)
        return
    for name, inside, size in place.files():
        if any(part.startswith(".") for part in name.split("/")):
            yield Passed(name, "hidden")
        else:
            yield File(name, inside, size)


def _walk(folder: Path, prefix: str, leave_out: Path | None) -> Iterator[Entry]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=attrgetter("name"))
    except OSError as error:
        yield Unread(prefix, UNREADABLE, f"the folder cannot be listed: {error.strerror or error}", prefix)
        return
    for entry in entries:
        name = prefix + printable(entry.name)
        if entry.name.startswith("."):
            yield Passed(name, "hidden")
        elif entry.is_dir(follow_symlinks=False):
            if leave_out is not None and Path(entry.path).resolve() == leave_out:
                yield Passed(f"{name}/", "the output folder")
            else:
                yield from _walk(Path(entry.path), f"{name}/", leave_out)
        else:
            yield _other(entry, name)


def _other(entry: "os.DirEntry[str]", name: str) -> Entry:
    try:
        found = entry.stat()  # of what a link leads to
    except OSError as error:
        if entry.is_symlink():
            return Unread(name, LINK, f"a link that leads nowhere: {error.strerror or error}")
        return Unread(name, UNREADABLE, f"the file cannot be looked at: {error.strerror or error}")
    if stat.S_ISDIR(found.st_mode):
        return Unread(name, LINK, "a link to a folder is not followed: name the folder itself as an input")
    if not stat.S_ISREG(found.st_mode):
        kinds = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}
        return Passed(name, kinds.get(stat.S_IFMT(found.st_mode), "a device"))
    return File(name, Place(Place.of(entry.path).fs, entry.path), found.st_size)
