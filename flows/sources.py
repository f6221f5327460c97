"""Discover: list the documents of an input with the digest of each, without holding any text."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO

from extractors.text import CORPORA, SUFFIXES
from extractors.text.corpus import Columns, ColumnsError, document_of, read_rows
from flows.errors import InputError, UsageError
from flows.limits import MEMORY, within
from flows.places import UNREADABLE, File, Passed, Place, Unread, walk
from ledger.release.jsonl import read_models
from ledger.release.layout import DOCUMENTS, QUARANTINE
from schemas import Document, Quarantined, digest_of

MAX_BYTES = 100 * 1024 * 1024
_BLOCK = 1024 * 1024
_NAMED = 10
COPY = ".corpus"
_COPIED = ("id", "title", "date", "source", "text")


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
    """What an input holds, each part sorted by id.

    ``quarantined`` cannot be read for what they are; of ``unread`` nothing can be said now, be it a file, a folder or a
    corpus. ``passed`` are no documents. ``origins`` says where each document was found.
    """

    found: tuple[Found, ...]
    quarantined: tuple[Quarantined, ...]
    unread: tuple[Unread, ...] = ()
    passed: tuple[Passed, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.found) + len(self.quarantined)

    def digests(self) -> dict[str, str]:
        """Map each document's id to the digest of its input; one that could not even be opened has none."""
        opened = {one.id: one.digest for one in self.found}
        return opened | {one.id: one.digest for one in self.quarantined if one.digest}


@dataclass(frozen=True, slots=True)
class Search:
    """How an input is listed: columns of its corpora, a prefix of all ids, what to leave out, a place for copies."""

    columns: Columns = Columns()
    prefix: str = ""
    leave_out: Path | None = None
    staging: str = ""


def discover(address: str, search: Search = Search()) -> Listing:
    """List the documents of a folder, a file or a corpus, local or at a URL that fsspec understands.

    Raises UsageError where there is nothing at the address or a corpus has no such columns, InputError where it holds
    no document or two of one id.
    """
    place = Place.of(address)
    if not place.exists():
        raise UsageError(f"no such input: {address}")
    listed = _Listed(search.prefix)
    for one, at in _list(place, search):
        listed.add(one, at)
    return listed.listing(address)


class _Listed:
    """What was listed so far, and the ids that came twice."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._at: dict[str, str] = {}
        self._twice: dict[str, list[str]] = {}
        self._found: list[Found] = []
        self._quarantined: list[Quarantined] = []
        self._unread: list[Unread] = []
        self._passed: list[Passed] = []

    def add(self, one: Found | Quarantined | Unread | Passed, at: str) -> None:
        """Take in a document, or what is none."""
        if isinstance(one, Passed):
            self._passed.append(one)
        elif isinstance(one, Unread):
            within = None if one.within is None else self._prefix + one.within
            self._unread.append(replace(one, name=self._prefix + one.name, within=within))
        elif (name := self._prefix + one.id) in self._at:
            self._twice.setdefault(name, [self._at[name]]).append(at)
        elif isinstance(one, Found):
            self._at[name] = at
            self._found.append(replace(one, id=name))
        else:
            self._at[name] = at
            self._quarantined.append(one.model_copy(update={"id": name}))

    def listing(self, address: str) -> Listing:
        """Return the whole. Raises InputError where there is no document, or ids came twice."""
        if self._twice:
            raise InputError(_duplicates(self._twice))
        if not self._at and not self._unread:
            raise InputError(f"no documents in {address}: it holds no {' '.join(SUFFIXES)}")
        return Listing(
            found=tuple(sorted(self._found, key=_id)),
            quarantined=tuple(sorted(self._quarantined, key=_id)),
            unread=tuple(self._unread),
            passed=tuple(self._passed),
            origins=dict(self._at),
        )


def _id(one: Found | Quarantined) -> str:
    return one.id


def _duplicates(twice: Mapping[str, Collection[str]]) -> str:
    shown = [f"{name!r}: {_places(list(places))}" for name, places in list(twice.items())[:_NAMED]]
    more = f"; and {len(twice) - _NAMED:,} more" if len(twice) > _NAMED else ""
    head = "two documents have the id" if len(twice) == 1 else f"{len(twice):,} ids are those of several documents:"
    return f"{head} {'; '.join(shown)}{more}"


def _places(places: Sequence[str]) -> str:
    more = [f"{len(places) - _NAMED:,} more"] if len(places) > _NAMED else []
    return " and ".join([*places[:_NAMED], *more])


def _list(place: Place, search: Search) -> Iterator[tuple[Found | Quarantined | Unread | Passed, str]]:
    if place.is_file():
        yield from _of_file(File(place.name, place, place.size()), search, alone=True)
        return
    for one in walk(place, leave_out=search.leave_out):
        if isinstance(one, File):
            yield from _of_file(one, search, alone=False)
        elif isinstance(one, Unread) and one.reason != UNREADABLE:
            yield Quarantined(id=one.name, reason=one.reason, detail=one.detail), one.name
        else:
            yield one, one.name


def _of_file(file: File, search: Search, *, alone: bool) -> Iterator[tuple[Found | Quarantined | Unread, str]]:
    """List the documents of a file; ``alone`` where it is the whole input, so that its columns must fit."""
    suffix = PurePosixPath(file.name).suffix.lower()
    try:
        if suffix in CORPORA:
            with within(MEMORY):
                yield from _of_corpus(file, search)
        else:
            yield _whole(file, _digest(file.place)), str(file.place)
    except ColumnsError as error:
        if alone:
            raise UsageError(str(error)) from error
        detail = f"{error}; name it as the input by itself"
        yield Quarantined(id=file.name, reason="columns", detail=detail, digest=_digest(file.place)), str(file.place)
    except MemoryError:
        detail = f"it takes more than {MEMORY >> 20:,} MiB of memory to read: split it"
        yield Quarantined(id=file.name, reason="too_large", detail=detail, digest=_digest(file.place)), str(file.place)
    except OSError as error:
        detail = f"the file cannot be read: {error.strerror or error}"
        holds = "" if suffix in CORPORA else None  # its documents may have any id
        yield Unread(file.name, UNREADABLE, detail, holds), str(file.place)


def _whole(file: File, digest: str) -> Found | Quarantined:
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in SUFFIXES:
        detail = f"no reader for {suffix or 'a file without a suffix'}; what is read: {' '.join(SUFFIXES)}"
        return Quarantined(id=file.name, reason="unsupported", detail=detail, digest=digest)
    if file.size > MAX_BYTES:
        detail = f"{file.size / 2**20:.0f} MiB; the most is {MAX_BYTES // 2**20} MiB: split it"
        return Quarantined(id=file.name, reason="oversized", detail=detail, digest=digest)
    return Found(file.name, digest, str(file.place), length=file.size)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A document of a corpus: what was read, where a worker finds it as a line, and where a person does."""

    read: Document | Quarantined
    address: str
    at: tuple[int, int]
    where: str


def _of_corpus(file: File, search: Search) -> Iterator[tuple[Found | Quarantined, str]]:
    empty = True
    for one in stretches(file.name, file.place, search.columns, search.staging):
        empty = False
        yield _of_stretch(one, file.place), f"{file.place} {one.where}"
    if empty:
        detail = "the corpus holds no document"
        yield Quarantined(id=file.name, reason="empty", detail=detail, digest=_digest(file.place)), str(file.place)


def _of_stretch(one: Stretch, place: Place) -> Found | Quarantined:
    if isinstance(one.read, Quarantined):
        return one.read if one.read.digest else one.read.model_copy(update={"digest": _digest(place)})
    return Found(one.read.id, one.read.digest, one.address, *one.at)


def _digest(place: Place) -> str:
    digest = hashlib.sha256()
    with place.open() as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def stretches(name: str, place: Place, columns: Columns, staging: str) -> Iterator[Stretch]:
    """Read a corpus from its first document to its last, holding one at a time.

    Args:
        name: what documents without an id of their own are named after.
        place: the corpus.
        columns: names of its columns, where they are others.
        staging: folder for copies.

    Raises:
        ColumnsError: it has no columns that documents could come from.
    """
    with ExitStack() as stack:
        copy = _Copy(stack, Place.of(staging).join(f"{digest_of(str(place))}{COPY}"))
        for one in read_rows(name, stack.enter_context(place.open()), columns):
            if isinstance(one.read, Quarantined):
                yield Stretch(one.read, str(place), (0, 0), one.where)
            elif one.at:
                yield Stretch(one.read, str(place), one.at, one.where)
            else:
                yield Stretch(one.read, str(copy.place), copy.add(one.read), one.where)


class _Copy:
    """The copy of a corpus as JSON Lines."""

    def __init__(self, stack: ExitStack, place: Place) -> None:
        self.place, self._stack = place, stack
        self._stream: IO[bytes] | None = None
        self._end = 0

    def add(self, document: Document) -> tuple[int, int]:
        """Write a document; return where its line stands."""
        row = document.model_dump(include=set(_COPIED))
        row["text"] = document.text.removeprefix(f"{document.title}\n") if document.title else document.text
        line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        if self._stream is None:
            self.place.fs.makedirs(self.place.path.rsplit("/", 1)[0], exist_ok=True)
            self._stream = self._stack.enter_context(self.place.open("wb"))
        self._stream.write(line)
        start, self._end = self._end, self._end + len(line)
        return start, len(line)


def fetch(line: bytes) -> Document:
    """Read the document of a line. Raises UnreadableError or ValueError where the line holds none."""
    return document_of(json.loads(line.decode("utf-8-sig")))


def stored(folder: Path) -> Listing:
    """List the documents of a release, without holding any text; those it could not read stay quarantined."""
    found: list[Found] = []
    address, offset = str(folder / DOCUMENTS), 0
    with (folder / DOCUMENTS).open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            if row["text"] is not None:
                found.append(Found(row["id"], row["digest"], address, offset, len(line), stored=True))
            offset += len(line)
    return Listing(tuple(found), tuple(read_models(folder / QUARANTINE, Quarantined)))
