"""The documents of an input: listed with their digests, without keeping texts in memory, and fetched when needed.

A JSON Lines corpus with the usual keys is read in place. Any other corpus is copied to such a file first.
"""

import bz2
import gzip
import hashlib
import json
import lzma
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby, islice, repeat
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import IO, Any

from extractors.text import CORPORA, SUFFIXES, UnreadableError, read
from extractors.text.corpus import Columns, ColumnsError, document_of, read_rows
from flows.errors import InputError, UsageError, join_names
from flows.limits import MEMORY, memory_limited
from flows.places import UNREADABLE, File, Place, Skipped, Unread, special_kind, walk
from ledger.release.jsonl import read_models
from ledger.release.layout import DOCUMENTS, QUARANTINE
from schemas import Document, Model, Quarantined, StoredDocument, digest_of

CHANGED = "changed"
MAX_BYTES = 100 * 1024 * 1024
COPY_SUFFIX = ".corpus"
_COPIED_KEYS = {"id", "title", "date", "source", "text"}
_MAX_NAMES = 10
_RETRY_PAUSES = (0.0, 0.2, 1.0)  # seconds before each try
_MAX_TIMEOUTS = 3  # in a listing or a shard, after which no further request is made
PACKED: dict[str, Callable[[IO[bytes]], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_ARCHIVES = (".zip", ".tar", ".tgz", ".7z", ".rar", *PACKED)
_NO_ANSWER = "the disk or address does not answer"
_SMALL_BYTES = 2**20  # a smaller file is read whole
Raw = bytes | OSError


class Discovered(Model):
    """A document that can be read: its id, the SHA-256 digest of its input, and where it lies.

    ``address`` is a path or URL. A document of a corpus is the ``length`` bytes at ``offset``; for a whole file
    ``offset`` is -1 and ``length`` the file's size. ``stored`` marks a line of a release's own documents.
    """

    id: str
    digest: str
    address: str
    offset: int = -1
    length: int
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What an input contains; ``found`` and ``quarantined`` are sorted by id.

    The ``quarantined`` documents cannot be read because of what they are; the ``unread`` files, folders and corpora do
    not answer now; ``skipped`` is what is not a document. ``origins`` maps ids to where the documents were found.
    ``released`` marks the documents of a release: its quarantined ones are listed without another look at them.
    """

    found: tuple[Discovered, ...]
    quarantined: tuple[Quarantined, ...]
    unread: tuple[Unread, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    released: bool = False

    def documents(self) -> Iterator[Discovered | Quarantined]:
        """Yield all documents, readable or not."""
        yield from self.found
        yield from self.quarantined


@dataclass(frozen=True, slots=True)
class Search:
    """How to list an input: columns of its corpora, a prefix for all ids, a folder to skip, a folder for copies."""

    columns: Columns = Columns()
    prefix: str = ""
    exclude: Path | None = None
    staging: str = ""


def discover(address: str, search: Search = Search()) -> Listing:
    """List the documents of a folder, a file or a corpus, local or at a URL that fsspec understands.

    Raises UsageError if there is nothing at the address, or if the input is a corpus without such columns; InputError
    if there is no document, or if two have the same id.
    """
    places: dict[str, list[str]] = defaultdict(list)
    documents: dict[str, Discovered | Quarantined] = {}
    unread: list[Unread] = []
    skipped: list[Skipped] = []
    for one, origin in _list(Place.of(address), search):
        if isinstance(one, Skipped):
            skipped.append(one)
        elif isinstance(one, Unread):
            id_prefix = None if one.id_prefix is None else search.prefix + one.id_prefix
            unread.append(replace(one, name=search.prefix + one.name, id_prefix=id_prefix))
        else:
            name = search.prefix + one.id
            places[name].append(origin)
            documents[name] = one.model_copy(update={"id": name})
    if repeated := {name: found for name, found in places.items() if len(found) > 1}:
        raise InputError(_duplicates(repeated))
    if not documents and not unread:
        raise InputError(f"no documents in {address}: it holds no {' '.join(SUFFIXES)}")
    in_order = sorted(documents.values(), key=attrgetter("id"))
    return Listing(
        found=tuple(one for one in in_order if isinstance(one, Discovered)),
        quarantined=tuple(one for one in in_order if isinstance(one, Quarantined)),
        unread=tuple(unread),
        skipped=tuple(skipped),
        origins={name: origin for name, (origin,) in places.items()},
    )


def _duplicates(repeated: Mapping[str, Sequence[str]]) -> str:
    shown = [f"{name!r}: {join_names(places, ' and ')}" for name, places in islice(repeated.items(), _MAX_NAMES)]
    more = f"; and {len(repeated) - _MAX_NAMES:,} more" if len(repeated) > _MAX_NAMES else ""
    head = (
        "two documents have the id" if len(repeated) == 1 else f"{len(repeated):,} ids are those of several documents:"
    )
    return f"{head} {'; '.join(shown)}{more}"


def _list(place: Place, search: Search) -> Iterator[tuple[Discovered | Quarantined | Unread | Skipped, str]]:
    """Yield what is at a place, each with its origin: the place where it was found, as text."""
    try:
        info = place.info()
    except OSError as error:
        yield Unread("", f"the input cannot be looked at: {error.strerror or error}", ""), str(place)
        return
    if info is None:
        raise UsageError(f"no such input: {place}")
    if info["type"] not in ("file", "directory"):
        raise UsageError(f"{place} is {special_kind(info['mode'])}, no file or folder")
    alone = info["type"] == "file"
    timeouts = 0
    for one in [File(place.name, place, info["size"])] if alone else walk(place, exclude=search.exclude):
        if not isinstance(one, File):
            yield one, one.id if isinstance(one, Quarantined) else one.name
            continue
        try:
            if timeouts >= _MAX_TIMEOUTS:
                raise TimeoutError(_NO_ANSWER)
            yield from _list_file(one, search, alone=alone)
        except TimeoutError as error:
            timeouts += 1
            yield _unread(one, error)


def _list_file(file: File, search: Search, *, alone: bool) -> Iterator[tuple[Discovered | Quarantined | Unread, str]]:
    """Yield the documents of a file; if it is the whole input (``alone``), wrong columns raise UsageError."""
    try:
        if is_corpus(file.name):
            yield from memory_limited(_list_corpus(file, search), MEMORY)
        else:
            yield _list_whole(file), str(file.place)
    except ColumnsError as error:
        if alone:
            raise UsageError(str(error)) from error
        yield _quarantined(file, "columns", f"{error}; name it as the input by itself"), str(file.place)
    except MemoryError:
        detail = f"it takes more than {MEMORY >> 20:,} MiB of memory to read: split it"
        yield _quarantined(file, "too_large", detail), str(file.place)
    except TimeoutError:
        raise
    except OSError as error:
        yield _unread(file, error)


def _unread(file: File, error: OSError) -> tuple[Unread, str]:
    holds = "" if is_corpus(file.name) else None  # its documents may have any id
    return Unread(file.name, f"the file cannot be read: {error.strerror or error}", holds), str(file.place)


def is_corpus(name: str) -> bool:
    """Return, by its name, whether a file is a corpus (many documents in one file), compressed or not."""
    return PurePosixPath(_unpacked(name)[0]).suffix.lower() in CORPORA


def _unpacked(name: str) -> tuple[str, Callable[[IO[bytes]], Any] | None]:
    """Return a file's name without the suffix of its compression, and the function that decompresses it, if any."""
    unpack = PACKED.get(PurePosixPath(name).suffix.lower())
    return (name.rpartition(".")[0], unpack) if unpack else (name, None)


def _list_whole(file: File) -> Discovered | Quarantined:
    """Return a file that is one document; quarantined if no reader fits its suffix, or if it is too large."""
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in SUFFIXES:
        detail = f"no reader for {suffix or 'a file without a suffix'}; what is read: {' '.join(SUFFIXES)}"
        detail = "an archive: unpack it" if suffix in _ARCHIVES else detail
        return _quarantined(file, "unsupported", detail)
    if file.size > MAX_BYTES:
        detail = f"{file.size / 2**20:.0f} MiB; the most is {MAX_BYTES // 2**20} MiB: split it"
        return _quarantined(file, "oversized", detail)
    return Discovered(id=file.name, digest=_digest(file), address=str(file.place), length=file.size)


def _quarantined(file: File, reason: str, detail: str) -> Quarantined:
    return Quarantined(id=file.name, reason=reason, detail=detail, digest=_digest(file))


def _digest(file: File) -> str:
    if file.size < _SMALL_BYTES:
        return hashlib.sha256(file.place.read()).hexdigest()
    with file.place.open() as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _list_corpus(file: File, search: Search) -> Iterator[tuple[Discovered | Quarantined, str]]:
    """Yield the documents of a corpus in order, with one in memory at a time."""
    empty = True
    name, unpack = _unpacked(file.name)
    with ExitStack() as stack:
        stream = stack.enter_context(file.place.open())
        copy = Place.of(search.staging).join(f"{digest_of(str(file.place))}{COPY_SUFFIX}")
        lines: IO[bytes] | None = None
        for one in read_rows(name, unpack(stream) if unpack else stream, search.columns):
            empty, at = False, f"{file.place} {one.where}".rstrip()
            if isinstance(one.read, Quarantined):
                update = {"id": file.name + one.read.id.removeprefix(name), "digest": one.read.digest or _digest(file)}
                yield one.read.model_copy(update=update), at
                continue
            address, place = str(file.place), None if unpack else one.at
            if place is None:
                lines = lines or stack.enter_context(copy.open("wb"))
                address, place = str(copy), _copy_line(one.read, lines)
            offset, length = place
            yield Discovered(id=one.read.id, digest=one.read.digest, address=address, offset=offset, length=length), at
    if empty:
        yield _quarantined(file, "empty", "the corpus holds no document"), str(file.place)


def _copy_line(document: Document, lines: IO[bytes]) -> tuple[int, int]:
    """Append a document to the copy of its corpus; return offset and length of its line, in bytes."""
    row = document.model_dump(include=_COPIED_KEYS)
    row["text"] = document.text.removeprefix(f"{document.title}\n") if document.title else document.text
    line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
    start = lines.tell()
    lines.write(line)
    return start, len(line)


def list_release(folder: Path) -> Listing:
    """List the documents of a release, without keeping texts in memory; its quarantined ones stay quarantined."""
    found: list[Discovered] = []
    path, offset = folder / DOCUMENTS, 0
    with path.open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            if row["text"] is not None:
                place = Discovered(
                    id=row["id"], digest=row["digest"], address=str(path), offset=offset, length=len(line)
                )
                found.append(place.model_copy(update={"stored": True}))
            offset += len(line)
    return Listing(tuple(found), tuple(read_models(folder / QUARANTINE, Quarantined)), released=True)


def fetch(jobs: Iterable[Discovered]) -> Iterator[tuple[Discovered, Raw]]:
    """Yield each document's bytes, or the OSError: a corpus many at a time, single files until three timeouts."""
    timeouts = 0
    for (address, inside), group in groupby(jobs, key=_corpus_of):
        part = list(group)
        fetched: Iterable[Raw | None] = repeat(None)
        if inside:
            with suppress(OSError):
                fetched = _fetch_ranges(address, part)
        for job, raw in zip(part, fetched, strict=False):
            if raw is None:
                raw = _fetch_one(job) if timeouts < _MAX_TIMEOUTS else TimeoutError(_NO_ANSWER)
                timeouts += isinstance(raw, TimeoutError)
            yield job, raw


def _corpus_of(job: Discovered) -> tuple[str, bool]:
    """Return the address of a document, and whether it is that of a corpus."""
    return (job.address, job.offset >= 0)


def _fetch_ranges(address: str, part: Sequence[Discovered]) -> list[bytes]:
    return list(Place.of(address).read_ranges([(job.offset, job.length) for job in part]))


def _fetch_one(job: Discovered) -> Raw:
    """Fetch the bytes of one document; retry after an error that may pass."""
    error: Raw = b""
    for pause in _RETRY_PAUSES:
        time.sleep(pause)
        try:
            return Place.of(job.address).read() if job.offset < 0 else _fetch_ranges(job.address, [job])[0]
        except (FileNotFoundError, PermissionError, TimeoutError) as lasting:
            return lasting
        except OSError as passing:
            error = passing
    return error


def read_document(job: Discovered, raw: Raw) -> Document | Quarantined:
    """Parse a document from its fetched bytes; one that is missing or has changed since is quarantined."""
    if isinstance(raw, OSError):
        detail = f"the file cannot be read: {raw.strerror or raw}"
        return Quarantined(id=job.id, reason=UNREADABLE, detail=detail)
    try:
        document = _parsed(job, raw)
    except (ValueError, UnreadableError):  # e.g. a line that is no longer at its offset
        document = None
    if document is None or (document.digest is not None and document.digest != job.digest):
        detail = "it changed while it was being read: the next run reads it"
        return Quarantined(id=job.id, reason=CHANGED, detail=detail)
    return document


def _parsed(job: Discovered, raw: bytes) -> Document | Quarantined:
    if job.stored:
        stored = StoredDocument.model_validate_json(raw)
        return Document.model_validate(stored.model_dump(exclude={"state"}))
    one = next(read(job.id, raw)) if job.offset < 0 else document_of(json.loads(raw.decode("utf-8-sig")))
    return one.model_copy(update={"id": job.id})
