"""Discover: list the documents of an input with the digest of each, without holding any text."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from extractors.text import CORPORA, SUFFIXES
from flows.corpora import scan
from flows.errors import InputError, UsageError
from flows.places import Place
from schemas import Quarantined

MAX_BYTES = 100 * 1024 * 1024
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A document that can be read: its id, its input's digest, and where it lies.

    ``address`` is a path or URL. A document of a corpus is the ``length`` bytes at ``offset`` of it; for a whole file
    ``offset`` is -1 and ``length`` the file's size. ``stored`` marks a line of a release's own documents.
    """

    id: str
    digest: str
    address: str
    offset: int = -1
    length: int = 0
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What an input holds: documents to read, and those that cannot be, each sorted by id."""

    found: tuple[Found, ...]
    quarantined: tuple[Quarantined, ...]

    def __len__(self) -> int:
        return len(self.found) + len(self.quarantined)

    def digests(self) -> dict[str, str]:
        """Map each document's id to the digest of its input; one that could not even be opened has none."""
        opened = {one.id: one.digest for one in self.found}
        return opened | {one.id: one.digest for one in self.quarantined if one.digest}


def discover(address: str) -> Listing:
    """List the documents of a folder, a file or a corpus, local or at a URL that fsspec understands.

    Raises UsageError where there is nothing at the address, InputError where it holds no document or two of one id.
    """
    place = Place.of(address)
    if not place.exists():
        raise UsageError(f"no such input: {address}")
    seen: dict[str, str] = {}
    found: list[Found] = []
    quarantined: list[Quarantined] = []
    for one, at in _list(place):
        if one.id in seen:
            raise InputError(f"two documents have the id {one.id!r}: {seen[one.id]} and {at}")
        seen[one.id] = at
        if isinstance(one, Found):
            found.append(one)
        else:
            quarantined.append(one)
    if not seen:
        raise InputError(f"no documents in {address}: it holds no {' '.join(SUFFIXES)}")
    return Listing(tuple(sorted(found, key=_id)), tuple(sorted(quarantined, key=_id)))


def _id(one: Found | Quarantined) -> str:
    return one.id


def _list(place: Place) -> Iterator[tuple[Found | Quarantined, str]]:
    if place.is_file():
        yield from _of_file(place.name, place, place.size())
        return
    for name, inside, size in place.files():
        if not any(part.startswith(".") for part in name.split("/")):
            yield from _of_file(_printable(name), inside, size)


def _printable(name: str) -> str:
    """Write out the bytes of a file name that is no UTF-8, since an id must be text."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _of_file(name: str, place: Place, size: int) -> Iterator[tuple[Found | Quarantined, str]]:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in CORPORA:
        yield from _of_corpus(name, place)
        return
    try:
        digest = _digest(place)
    except PermissionError:
        detail = "the file may not be read: give this user the right to read it"
        yield Quarantined(id=name, reason="unreadable", detail=detail), name
        return
    yield _whole(name, place, size, digest), name


def _whole(name: str, place: Place, size: int, digest: str) -> Found | Quarantined:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        detail = f"no reader for {suffix or 'a file without a suffix'}; what is read: {' '.join(SUFFIXES)}"
        return Quarantined(id=name, reason="unsupported", detail=detail, digest=digest)
    if size > MAX_BYTES:
        detail = f"{size / 2**20:.0f} MiB; the most is {MAX_BYTES // 2**20} MiB: split it"
        return Quarantined(id=name, reason="oversized", detail=detail, digest=digest)
    return Found(name, digest, str(place), length=size)


def _of_corpus(name: str, place: Place) -> Iterator[tuple[Found | Quarantined, str]]:
    empty = True
    with place.open() as stream:
        for one in scan(name, stream):
            empty = False
            at = f"{name} line {one.line}"
            if isinstance(one.read, Quarantined):
                yield one.read, at
            else:
                yield Found(one.read.id, one.read.digest, str(place), one.offset, one.length), at
    if empty:
        yield Quarantined(id=name, reason="empty", detail="the corpus holds no line", digest=_digest(place)), name


def _digest(place: Place) -> str:
    digest = hashlib.sha256()
    with place.open() as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
