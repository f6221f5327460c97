"""What lies in a folder: files to read, and all else with the reason why it is not read.

A local folder is walked here, since what a file system library follows or passes over in silence has to be told.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.places import Place

UNREADABLE = "unreadable"
LINK = "link"


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
            entries = sorted(listed, key=_name)
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


def _name(entry: "os.DirEntry[str]") -> str:
    return entry.name


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
        return Passed(name, _kind(found.st_mode))
    return File(name, Place(Place.of(entry.path).fs, entry.path), found.st_size)


def _kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")
