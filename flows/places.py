"""Where documents lie: a local path or any address that fsspec understands (``s3://bucket/folder``).

No disk and no address is waited for without end: what does not answer raises TimeoutError, which is an OSError.
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
from schemas import Quarantined
from schemas.extras import MissingExtraError, requires_extra

UNREADABLE = "unreadable"
LINK = "link"
_AT_ONCE = 64  # ranges asked for in one request, so that a store far away answers many at a time
_BLOCK = 2**20
_LEDGER = {"versions.json", "releases"}  # what an output folder holds
_LEFT = {"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx"}  # what systems put beside a person's files
_ANSWER_SECONDS = 120.0  # how long an answer may take; most file systems give up sooner by themselves
_asking = threading.local()
T = TypeVar("T")


def answered(ask: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Ask a file system for something, and wait no longer than ``_ANSWER_SECONDS``. Raises TimeoutError then.

    A thread beside this one asks, since nothing else can be done in one that waits for a disk: it is left behind where
    no answer comes.
    """
    if not hasattr(_asking, "queue"):
        _asking.queue = SimpleQueue()
        threading.Thread(target=_ask_each, args=(_asking.queue,), daemon=True).start()
    answer: Future[T] = Future()
    _asking.queue.put((partial(ask, *arguments, **named), answer))
    try:
        return answer.result(_ANSWER_SECONDS)
    except TimeoutError as error:
        if answer.done():
            raise
        del _asking.queue
        raise TimeoutError(f"no answer in {_ANSWER_SECONDS:g} s") from error


def _ask_each(queue: "SimpleQueue[tuple[Callable[[], Any], Future[Any]]]") -> None:
    while True:
        ask, answer = queue.get()
        try:
            answer.set_result(ask())
        except (OSError, MemoryError) as error:
            answer.set_exception(error)
        except Exception as error:  # of a library that speaks with a store
            answer.set_exception(OSError(f"{type(error).__name__}: {error}"))
        del ask, answer  # what was answered is not kept until the next question


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
        """Return whether this is on a file system of this machine."""
        return "file" in self.fs.protocol

    def join(self, *parts: str) -> "Place":
        """Return the place of something inside this folder."""
        return Place(self.fs, "/".join((self.path, *parts)))

    def info(self) -> dict[str, Any] | None:
        """Return what the file system says of what is here, None if nothing is. Raises OSError if it cannot tell."""
        try:
            return dict(answered(self.fs.info, self.path))
        except FileNotFoundError as error:
            if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError):
                raise OSError(f"no answer: {error.__cause__}") from error  # fsspec's word for a server that is away
            return None

    def exists(self) -> bool:
        """Return whether there is a file or folder here. Raises OSError where that cannot be told."""
        return self.info() is not None

    def is_file(self) -> bool:
        """Return whether this is a file."""
        return (self.info() or {}).get("type") == "file"

    def files(self) -> Iterator[tuple[str, "Place", int]]:
        """List the files below this folder, sorted by relative name: name with ``/``, place, size in bytes."""
        self.fs.invalidate_cache()
        found: dict[str, dict[str, Any]] = answered(self.fs.find, self.path, detail=True)
        start = len(self.path) + 1
        for path in sorted(found):
            yield path[start:], Place(self.fs, path), int(found[path]["size"] or 0)

    @contextmanager
    def open(self, mode: str = "rb") -> Iterator[IO[bytes]]:
        """Open the file here to read it, or a new one to write it (``wb``)."""
        if mode == "wb":
            self.make_folder()
        with answered(self.fs.open, self.path, mode) as stream:
            yield stream if mode == "wb" else io.BufferedReader(_Patient(stream), _BLOCK)

    def read(self) -> bytes:
        """Read the whole file."""
        return bytes(answered(self.fs.cat_file, self.path))

    def json_lines(self) -> Iterator[tuple[str, Any]]:
        """Read JSON, one value a line, each with the line's name. Raises InputError, which says the line."""
        for number, line in enumerate(self.read().splitlines(), start=1):
            if line.strip():
                name = f"{self}, line {number}"
                try:
                    yield name, json.loads(line)
                except ValueError as error:
                    raise InputError(f"{name}: {error}") from error

    def read_ranges(self, ranges: list[tuple[int, int]]) -> Iterator[bytes]:
        """Read stretches of the file, each ``(offset, length)`` in bytes, in the order given."""
        for first in range(0, len(ranges), _AT_ONCE):
            part = ranges[first : first + _AT_ONCE]
            starts, ends = [offset for offset, _ in part], [offset + length for offset, length in part]
            paths = [self.path] * len(part)
            yield from answered(self.fs.cat_ranges, paths, starts, ends, on_error="raise")

    def make_folder(self) -> None:
        """Make the folder that a file here lies in."""
        self.fs.makedirs(self.path.rsplit("/", 1)[0], exist_ok=True)

    def write_whole(self, data: bytes) -> None:
        """Write a file so that a reader sees all of it or none: beside it first, then under its name."""
        beside = f"{self.path}.part"
        try:
            self.make_folder()
            self.fs.pipe_file(beside, data)
            self.fs.mv(beside, self.path)
        except OSError as error:
            if error.errno is None or error.filename is not None:
                raise
            raise OSError(error.errno, error.strerror, self.path) from error  # a full disk names no file

    def remove(self) -> None:
        """Remove the file or folder here, if it is there."""
        if self.exists():
            self.fs.rm(self.path, recursive=True)

    def __str__(self) -> str:
        return self.path if self.is_local else str(self.fs.unstrip_protocol(self.path))


def touched(place: Place, since: float) -> bool:
    """Return by times alone, in a moment, whether anything in a file or folder of this machine is newer than a time.

    Of other places, and of what does not answer, that cannot be told: they count as newer.
    """
    try:
        return not place.is_local or answered(_touched, Path(place.path), since)
    except OSError:
        return True


def _touched(path: Path, since: float) -> bool:
    within = (Path(folder) / one for folder, folders, files in os.walk(path) for one in (*folders, *files))
    times = (one.lstat() for one in chain([path], within))
    return any(max(one.st_mtime, one.st_ctime) >= since for one in times)


class _Patient(io.RawIOBase):
    """A file that is read; each block of it is waited for no longer than other answers."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, block: Any) -> int:
        data = answered(self._stream.read, len(block))
        block[: len(data)] = data
        return len(data)


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be listed: its name relative to the folder, its place, its size in bytes."""

    name: str
    place: Place
    size: int


@dataclass(frozen=True, slots=True)
class Unread:
    """What is there and cannot be read now: ``name`` ends with ``/`` for a folder.

    ``within`` begins the ids of all documents that it may hold; None where it is a document itself.
    """

    name: str
    detail: str
    within: str | None = None

    def may_hold(self, document_id: str) -> bool:
        """Return whether this may be, or hold, a document."""
        return document_id == self.name if self.within is None else document_id.startswith(self.within)


@dataclass(frozen=True, slots=True)
class Passed:
    """What is passed over, since it is no document."""

    name: str
    why: str


Entry = File | Unread | Passed | Quarantined


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
    try:
        for name, inside, size in place.files():
            why = next(filter(None, map(_why_passed, name.split("/"))), None)
            yield Passed(name, why) if why else File(name, inside, size)
    except OSError as error:
        yield _unlisted("", error)


def _walk(folder: Path, prefix: str, leave_out: Path | None) -> Iterator[Entry]:
    try:
        entries = answered(_look, folder, prefix, leave_out)
    except OSError as error:
        yield _unlisted(prefix, error)
        return
    for entry in entries:
        if isinstance(entry, Path):
            yield from _walk(entry, f"{prefix}{printable(entry.name)}/", leave_out)
        else:
            yield entry


def _unlisted(prefix: str, error: OSError) -> Unread:
    return Unread(prefix, f"the folder cannot be listed: {error.strerror or error}", prefix)


def _look(folder: Path, prefix: str, leave_out: Path | None) -> list[Entry | Path]:
    """List a folder, its own folders as paths; what is in those may not answer."""
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=attrgetter("name"))
    if {one.name for one in entries} >= _LEDGER:
        return [Passed(prefix or ".", "an output folder")]
    whole, fs = folder.resolve(), LocalFileSystem()
    return [_entry(one, prefix + printable(one.name), fs, left_out=whole / one.name == leave_out) for one in entries]


def _entry(entry: "os.DirEntry[str]", name: str, fs: LocalFileSystem, *, left_out: bool) -> Entry | Path:
    if why := _why_passed(entry.name):
        return Passed(name, why)
    if entry.is_dir(follow_symlinks=False):
        return Passed(f"{name}/", "an output folder") if left_out else Path(entry.path)
    try:
        found = entry.stat()  # of what a link leads to
    except OSError as error:
        said = error.strerror or error
        if entry.is_symlink():
            return Quarantined(id=name, reason=LINK, detail=f"a link that leads nowhere: {said}")
        return Unread(name, f"the file cannot be looked at: {said}")
    if stat.S_ISDIR(found.st_mode):
        detail = "a link to a folder is not followed: name the folder itself as an input"
        return Quarantined(id=name, reason=LINK, detail=detail)
    if odd := kind(found.st_mode):
        return Passed(name, odd)
    return File(name, Place(fs, entry.path), found.st_size)


def kind(mode: int) -> str | None:
    """Say what is neither a file nor a folder, by its mode."""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    return {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}.get(stat.S_IFMT(mode), "a device")


def _why_passed(name: str) -> str | None:
    """Say why what has this name is no document, whatever it holds."""
    if name.startswith("."):
        return "hidden"
    left = name.casefold() in _LEFT or name.startswith("~$") or name.endswith("~")  # Office's lock, a copy of before
    return "left by a program" if left else None
