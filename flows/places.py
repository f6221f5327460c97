"""Where documents lie: a local path or any URL that fsspec understands (``s3://bucket/folder``).

No call waits forever for a disk or a server: one that does not answer raises TimeoutError, which is an OSError.
"""

import io
import json
import os
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import attrgetter
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, TypeVar

import fsspec
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from flows.errors import InputError, UsageError
from ledger.release.layout import sync
from schemas import Quarantined
from schemas.extras import MissingExtraError, requires_extra

UNREADABLE = "unreadable"
LINK = "link"
_RANGES_PER_REQUEST = 64  # so that a remote store answers many at a time
_BLOCK_BYTES = 2**20
_OUTPUT_ENTRIES = {"versions.json", "releases"}  # what an output folder holds
_JUNK = {"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx"}  # which operating systems add to folders
_ANSWER_SECONDS = 120.0  # how long a call may take; most file systems give up sooner
_caller = threading.local()
T = TypeVar("T")


def call_with_timeout(function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Call a function of a file system. Raises TimeoutError after ``_ANSWER_SECONDS``.

    The call runs in a helper thread of the calling thread, because a thread that waits for a disk cannot be stopped.
    A helper that gets no answer is abandoned, and the next call starts another.
    """
    if not hasattr(_caller, "queue"):
        _caller.queue = SimpleQueue()
        threading.Thread(target=_answer_calls, args=(_caller.queue,), daemon=True).start()
    answer: Future[T] = Future()
    _caller.queue.put((partial(function, *arguments, **named), answer))
    try:
        return answer.result(_ANSWER_SECONDS)
    except TimeoutError as error:
        if answer.done():
            raise
        del _caller.queue
        raise TimeoutError(f"no answer in {_ANSWER_SECONDS:g} s") from error


def _answer_calls(queue: "SimpleQueue[tuple[Callable[[], Any], Future[Any]]]") -> None:
    """Make the calls in a queue, one after the other, and set their results; runs in a helper thread."""
    while True:
        function, answer = queue.get()
        try:
            answer.set_result(function())
        except (OSError, MemoryError) as error:
            answer.set_exception(error)
        except Exception as error:  # raised by the client library of a remote store
            answer.set_exception(OSError(f"{type(error).__name__}: {error}"))
        del function, answer  # so that the result can be freed before the next call


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file in a file system; ``path`` is in the form of that file system."""

    fs: fsspec.AbstractFileSystem
    path: str

    @classmethod
    def of(cls, address: str) -> "Place":
        """Make the place of a path or URL.

        Raises UsageError if its file system is unknown, MissingExtraError if an extra that is not installed brings it.
        """
        try:
            with requires_extra(address):
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
        """Whether this is in a file system of this machine."""
        return "file" in self.fs.protocol

    def join(self, *parts: str) -> "Place":
        """Return the place of a file or folder inside this folder."""
        return Place(self.fs, "/".join((self.path, *parts)))

    def info(self) -> dict[str, Any] | None:
        """Return fsspec's information on the file or folder, None if it does not exist. Raises OSError if unknown."""
        try:
            return dict(call_with_timeout(self.fs.info, self.path))
        except FileNotFoundError as error:
            if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError):
                raise OSError(f"no answer: {error.__cause__}") from error  # how fsspec reports an unreachable server
            return None

    def exists(self) -> bool:
        """Return whether the file or folder exists. Raises OSError if that is unknown."""
        return self.info() is not None

    def is_file(self) -> bool:
        """Return whether this is a file."""
        return (self.info() or {}).get("type") == "file"

    def files(self) -> Iterator[tuple[str, "Place", int]]:
        """Yield the files below this folder, sorted by relative name: name with ``/``, place, size in bytes."""
        self.fs.invalidate_cache()
        found: dict[str, dict[str, Any]] = call_with_timeout(self.fs.find, self.path, detail=True)
        start = len(self.path) + 1
        for path in sorted(found):
            yield path[start:], Place(self.fs, path), int(found[path]["size"] or 0)

    @contextmanager
    def open(self, mode: str = "rb") -> Iterator[IO[bytes]]:
        """Open the file for reading, or a new file for writing (mode ``wb``)."""
        if mode == "wb":
            self.make_folder()
        with call_with_timeout(self.fs.open, self.path, mode) as stream:
            yield stream if mode == "wb" else io.BufferedReader(_TimedReader(stream), _BLOCK_BYTES)

    def read(self) -> bytes:
        """Read the whole file."""
        return bytes(call_with_timeout(self.fs.cat_file, self.path))

    def json_lines(self) -> Iterator[tuple[str, Any]]:
        """Yield the JSON value of each line, with the line's name for messages. Raises InputError, which names it."""
        for number, line in enumerate(self.read().splitlines(), start=1):
            if line.strip():
                name = f"{self}, line {number}"
                try:
                    yield name, json.loads(line)
                except ValueError as error:
                    raise InputError(f"{name}: {error}") from error

    def read_ranges(self, ranges: list[tuple[int, int]]) -> Iterator[bytes]:
        """Yield the bytes of ranges of the file, each ``(offset, length)`` in bytes, in the order given."""
        for first in range(0, len(ranges), _RANGES_PER_REQUEST):
            part = ranges[first : first + _RANGES_PER_REQUEST]
            starts, ends = [offset for offset, _ in part], [offset + length for offset, length in part]
            paths = [self.path] * len(part)
            yield from call_with_timeout(self.fs.cat_ranges, paths, starts, ends, on_error="raise")

    def make_folder(self) -> None:
        """Make the parent folder of this file."""
        self.fs.makedirs(self.path.rsplit("/", 1)[0], exist_ok=True)

    def write_whole(self, data: bytes) -> None:
        """Write a file atomically: under a temporary name first, on disk, then moved to its own."""
        temporary = f"{self.path}.part"
        try:
            self.make_folder()
            self.fs.pipe_file(temporary, data)
            if self.is_local:
                sync(Path(temporary))
            self.fs.mv(temporary, self.path)
            if self.is_local:
                sync(Path(self.path).parent)
        except OSError as error:
            if error.errno is None or error.filename is not None:
                raise
            raise OSError(error.errno, error.strerror, self.path) from error  # that of a full disk has no name

    def remove(self) -> None:
        """Remove the file or folder, if it exists."""
        if self.exists():
            self.fs.rm(self.path, recursive=True)

    def __str__(self) -> str:
        return self.path if self.is_local else str(self.fs.unstrip_protocol(self.path))


def changed_since(place: Place, since: float) -> bool:
    """Return whether a local file, or anything in a local folder, was changed at or after a time (seconds since 1970).

    Only the files' times are looked at. A place that is remote, or that does not answer, counts as changed.
    """
    try:
        return not place.is_local or call_with_timeout(_changed_since, Path(place.path), since)
    except OSError:
        return True


def _changed_since(path: Path, since: float) -> bool:
    below = (Path(folder) / one for folder, folders, files in os.walk(path) for one in (*folders, *files))
    times = (one.lstat() for one in chain([path], below))
    return any(max(one.st_mtime, one.st_ctime) >= since for one in times)


class _TimedReader(io.RawIOBase):
    """A file open for reading, each block of which is read with a timeout."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, block: Any) -> int:
        data = call_with_timeout(self._stream.read, len(block))
        block[: len(data)] = data
        return len(data)


@dataclass(frozen=True, slots=True)
class File:
    """A listed file: its name relative to the folder, its place, its size in bytes."""

    name: str
    place: Place
    size: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or folder that exists but cannot be read now; the ``name`` of a folder ends with ``/``.

    The ids of all documents that it may hold begin with ``id_prefix``, which is None if it is itself one document.
    """

    name: str
    detail: str
    id_prefix: str | None = None

    def may_hold(self, document_id: str) -> bool:
        """Return whether this may be, or contain, the document of that id."""
        return document_id == self.name if self.id_prefix is None else document_id.startswith(self.id_prefix)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is skipped because it is not a document, and why."""

    name: str
    why: str


Entry = File | Unread | Skipped | Quarantined


def printable(name: str) -> str:
    """Return a file's name as text, the same under every locale: bytes that are not UTF-8 are escaped."""
    return os.fsencode(name).decode("utf-8", "surrogateescape").encode("utf-8", "backslashreplace").decode("utf-8")


def walk(place: Place, *, exclude: Path | None = None) -> Iterator[Entry]:
    """Yield the files below a folder, in any order, and what is skipped or cannot be read.

    Args:
        place: the folder, local or remote.
        exclude: a local folder to skip, wherever it lies: the output.
    """
    if place.is_local:
        yield from _walk(Path(place.path), "", exclude.resolve() if exclude else None)
        return
    try:
        for name, inside, size in place.files():
            why = next(filter(None, map(_skip_reason, name.split("/"))), None)
            yield Skipped(name, why) if why else File(name, inside, size)
    except OSError as error:
        yield _unlisted("", error)


def _walk(folder: Path, prefix: str, exclude: Path | None) -> Iterator[Entry]:
    try:
        entries = call_with_timeout(_list_folder, folder, prefix, exclude)
    except OSError as error:
        yield _unlisted(prefix, error)
        return
    for entry in entries:
        if isinstance(entry, Path):
            yield from _walk(entry, f"{prefix}{printable(entry.name)}/", exclude)
        else:
            yield entry


def _unlisted(prefix: str, error: OSError) -> Unread:
    return Unread(prefix, f"the folder cannot be listed: {error.strerror or error}", prefix)


def _list_folder(folder: Path, prefix: str, exclude: Path | None) -> list[Entry | Path]:
    """Return the entries of one folder; its subfolders are returned as paths, to be listed one by one."""
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=attrgetter("name"))
    if {one.name for one in entries} >= _OUTPUT_ENTRIES:
        return [Skipped(prefix or ".", "an output folder")]
    whole, fs = folder.resolve(), LocalFileSystem()
    return [_entry(one, prefix + printable(one.name), fs, excluded=whole / one.name == exclude) for one in entries]


def _entry(entry: "os.DirEntry[str]", name: str, fs: LocalFileSystem, *, excluded: bool) -> Entry | Path:
    """Return an entry of a local folder as it is listed; a subfolder as a path."""
    if why := _skip_reason(entry.name):
        return Skipped(name, why)
    if entry.is_dir(follow_symlinks=False):
        return Skipped(f"{name}/", "an output folder") if excluded else Path(entry.path)
    try:
        found = entry.stat()  # follows a link
    except OSError as error:
        said = error.strerror or error
        if entry.is_symlink():
            return Quarantined(id=name, reason=LINK, detail=f"a link that leads nowhere: {said}")
        return Unread(name, f"the file cannot be looked at: {said}")
    if stat.S_ISDIR(found.st_mode):
        detail = "a link to a folder is not followed: name the folder itself as an input"
        return Quarantined(id=name, reason=LINK, detail=detail)
    if odd := special_kind(found.st_mode):
        return Skipped(name, odd)
    return File(name, Place(fs, entry.path), found.st_size)


def special_kind(mode: int) -> str | None:
    """Return what a thing is that is neither a file nor a folder, by its mode; None for a file or a folder."""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}.get(stat.S_IFMT(mode), "a device")


def _skip_reason(name: str) -> str | None:
    """Return why a file or folder of this name is skipped, whatever it contains; None if it is not."""
    if name.startswith("."):
        return "hidden"
    left = name.casefold() in _JUNK or name.startswith("~$") or name.endswith("~")  # Office's lock, a backup
    return "left by a program" if left else None
