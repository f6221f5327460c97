"""The documents of an input: listed with the digest of each, without holding any text, and fetched where they lie.

A JSON Lines corpus with the usual keys is read where it lies. All other corpora are copied to such lines first.
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
from flows.errors import InputError, UsageError, named
from flows.limits import MEMORY, within
from flows.places import UNREADABLE, File, Passed, Place, Unread, kind, walk
from ledger.release.jsonl import read_models
from ledger.release.layout import DOCUMENTS, QUARANTINE
from schemas import Document, Model, Quarantined, StoredDocument, digest_of

CHANGED = "changed"
MAX_BYTES = 100 * 1024 * 1024
COPY = ".corpus"
_COPIED = {"id", "title", "date", "source", "text"}
_NAMED = 10
_PAUSES = (0.0, 0.2, 1.0)  # seconds before each try
_UNANSWERED = 3  # requests of a listing or a shard, after which nothing more is asked for in vain
PACKED: dict[str, Callable[[IO[bytes]], Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_ARCHIVES = (".zip", ".tar", ".tgz", ".7z", ".rar", *PACKED)
_SILENT = "the disk or address does not answer"
_SMALL = 2**20  # bytes of a file that is read at once
Raw = bytes | OSError


class Discovered(Model):
    """A document that can be read: its id, its input's digest, and where it lies.

    ``address`` is a path or URL. A document of a corpus is the ``length`` bytes at ``offset`` of it; for a whole file
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
    """What an input holds, each part sorted by id.

    ``quarantined`` cannot be read for what they are; of ``unread`` nothing can be said now, be it a file, a folder or a
    corpus. ``passed`` are no documents. ``origins`` says where each document was found.
    """

    found: tuple[Discovered, ...]
    quarantined: tuple[Quarantined, ...]
    unread: tuple[Unread, ...] = ()
    passed: tuple[Passed, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    def documents(self) -> Iterator[Discovered | Quarantined]:
        """Return the documents, be they readable or not."""
        yield from self.found
        yield from self.quarantined


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
    places: dict[str, list[str]] = defaultdict(list)
    documents: dict[str, Discovered | Quarantined] = {}
    unread: list[Unread] = []
    passed: list[Passed] = []
    for one, at in _list(Place.of(address), search):
        if isinstance(one, Passed):
            passed.append(one)
        elif isinstance(one, Unread):
            inside = None if one.within is None else search.prefix + one.within
            unread.append(replace(one, name=search.prefix + one.name, within=inside))
        else:
            name = search.prefix + one.id
            places[name].append(at)
            documents[name] = one.model_copy(update={"id": name})
    if twice := {name: found for name, found in places.items() if len(found) > 1}:
        raise InputError(_duplicates(twice))
    if not documents and not unread:
        raise InputError(f"no documents in {address}: it holds no {' '.join(SUFFIXES)}")
    in_order = sorted(documents.values(), key=attrgetter("id"))
    return Listing(
        found=tuple(one for one in in_order if isinstance(one, Discovered)),
        quarantined=tuple(one for one in in_order if isinstance(one, Quarantined)),
        unread=tuple(unread),
        passed=tuple(passed),
        origins={name: at for name, (at,) in places.items()},
    )


def _duplicates(twice: Mapping[str, Sequence[str]]) -> str:
    shown = [f"{name!r}: {named(places, ' and ')}" for name, places in islice(twice.items(), _NAMED)]
    more = f"; and {len(twice) - _NAMED:,} more" if len(twice) > _NAMED else ""
    head = "two documents have the id" if len(twice) == 1 else f"{len(twice):,} ids are those of several documents:"
    return f"{head} {'; '.join(shown)}{more}"


def _list(place: Place, search: Search) -> Iterator[tuple[Discovered | Quarantined | Unread | Passed, str]]:
    try:
        info = place.info()
    except OSError as error:
        yield Unread("", f"the input cannot be looked at: {error.strerror or error}", ""), str(place)
        return
    if info is None:
        raise UsageError(f"no such input: {place}")
    if info["type"] not in ("file", "directory"):
        raise UsageError(f"{place} is {kind(info['mode'])}, no file or folder")
    alone = info["type"] == "file"
    silent = 0
    for one in [File(place.name, place, info["size"])] if alone else walk(place, leave_out=search.leave_out):
        if not isinstance(one, File):
            yield one, one.id if isinstance(one, Quarantined) else one.name
            continue
        try:
            if silent >= _UNANSWERED:
                raise TimeoutError(_SILENT)
            yield from _of_file(one, search, alone=alone)
        except TimeoutError as error:
            silent += 1
            yield _unread(one, error)


def _of_file(file: File, search: Search, *, alone: bool) -> Iterator[tuple[Discovered | Quarantined | Unread, str]]:
    """List the documents of a file; ``alone`` where it is the whole input, so that its columns must fit."""
    try:
        if is_corpus(file.name):
            with within(MEMORY):
                yield from _of_corpus(file, search)
        else:
            yield _whole(file), str(file.place)
    except ColumnsError as error:
        if alone:
            raise UsageError(str(error)) from error
        yield _refused(file, "columns", f"{error}; name it as the input by itself"), str(file.place)
    except MemoryError:
        detail = f"it takes more than {MEMORY >> 20:,} MiB of memory to read: split it"
        yield _refused(file, "too_large", detail), str(file.place)
    except TimeoutError:
        raise
    except OSError as error:
        yield _unread(file, error)


def _unread(file: File, error: OSError) -> tuple[Unread, str]:
    holds = "" if is_corpus(file.name) else None  # its documents may have any id
    return Unread(file.name, f"the file cannot be read: {error.strerror or error}", holds), str(file.place)


def is_corpus(name: str) -> bool:
    """Return by its name whether a file holds many documents, packed or not."""
    return PurePosixPath(_unpacked(name)[0]).suffix.lower() in CORPORA


def _unpacked(name: str) -> tuple[str, Callable[[IO[bytes]], Any] | None]:
    """Return a file's name without the suffix of its packing, and what unpacks it."""
    unpack = PACKED.get(PurePosixPath(name).suffix.lower())
    return (name.rpartition(".")[0], unpack) if unpack else (name, None)


def _whole(file: File) -> Discovered | Quarantined:
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in SUFFIXES:
        detail = f"no reader for {suffix or 'a file without a suffix'}; what is read: {' '.join(SUFFIXES)}"
        detail = "an archive: unpack it" if suffix in _ARCHIVES else detail
        return _refused(file, "unsupported", detail)
    if file.size > MAX_BYTES:
        detail = f"{file.size / 2**20:.0f} MiB; the most is {MAX_BYTES // 2**20} MiB: split it"
        return _refused(file, "oversized", detail)
    return Discovered(id=file.name, digest=_digest(file), address=str(file.place), length=file.size)


def _refused(file: File, reason: str, detail: str) -> Quarantined:
    return Quarantined(id=file.name, reason=reason, detail=detail, digest=_digest(file))


def _digest(file: File) -> str:
    if file.size < _SMALL:
        return hashlib.sha256(file.place.read()).hexdigest()
    with file.place.open() as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _of_corpus(file: File, search: Search) -> Iterator[tuple[Discovered | Quarantined, str]]:
    """List the documents of a corpus from the first to the last, holding one at a time."""
    empty = True
    name, unpack = _unpacked(file.name)
    with ExitStack() as stack:
        stream = stack.enter_context(file.place.open())
        copy = Place.of(search.staging).join(f"{digest_of(str(file.place))}{COPY}")
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
                address, place = str(copy), _copied(one.read, lines)
            offset, length = place
            yield Discovered(id=one.read.id, digest=one.read.digest, address=address, offset=offset, length=length), at
    if empty:
        yield _refused(file, "empty", "the corpus holds no document"), str(file.place)


def _copied(document: Document, lines: IO[bytes]) -> tuple[int, int]:
    """Write a document to the copy of its corpus; return where its line stands."""
    row = document.model_dump(include=_COPIED)
    row["text"] = document.text.removeprefix(f"{document.title}\n") if document.title else document.text
    line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
    start = lines.tell()
    lines.write(line)
    return start, len(line)


def stored(folder: Path) -> Listing:
    """List the documents of a release, without holding any text; those it could not read stay quarantined."""
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
    return Listing(tuple(found), tuple(read_models(folder / QUARANTINE, Quarantined)))


def raws(jobs: Iterable[Discovered]) -> Iterator[tuple[Discovered, Raw]]:
    """Fetch the bytes of documents, those of one corpus many at a time; what does not answer is not asked forever."""
    silent = 0
    for (address, inside), group in groupby(jobs, key=_home):
        part = list(group)
        fetched: Iterable[Raw | None] = repeat(None)
        if inside:
            with suppress(OSError):
                fetched = _ranges(address, part)
        for job, raw in zip(part, fetched, strict=False):
            if raw is None:
                raw = _raw(job) if silent < _UNANSWERED else TimeoutError(_SILENT)
                silent += isinstance(raw, TimeoutError)
            yield job, raw


def _home(job: Discovered) -> tuple[str, bool]:
    return (job.address, job.offset >= 0)


def _ranges(address: str, part: Sequence[Discovered]) -> list[bytes]:
    return list(Place.of(address).read_ranges([(job.offset, job.length) for job in part]))


def _raw(job: Discovered) -> Raw:
    """Fetch the bytes of one document; what may pass is tried again."""
    error: Raw = b""
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            return Place.of(job.address).read() if job.offset < 0 else _ranges(job.address, [job])[0]
        except (FileNotFoundError, PermissionError, TimeoutError) as lasting:
            return lasting
        except OSError as passing:
            error = passing
    return error


def document_in(job: Discovered, raw: Raw) -> Document | Quarantined:
    """Read the document in the bytes that were fetched; one that is away or changed meanwhile is quarantined."""
    if isinstance(raw, OSError):
        detail = f"the file cannot be read: {raw.strerror or raw}"
        return Quarantined(id=job.id, reason=UNREADABLE, detail=detail)
    try:
        one = _parsed(job, raw)
    except (ValueError, UnreadableError):  # a line that is no longer where it was
        one = None
    if one is None or (one.digest is not None and one.digest != job.digest):
        detail = "it changed while it was being read: the next run reads it"
        return Quarantined(id=job.id, reason=CHANGED, detail=detail)
    return one


def _parsed(job: Discovered, raw: bytes) -> Document | Quarantined:
    if job.stored:
        stored = StoredDocument.model_validate_json(raw)
        return Document.model_validate(stored.model_dump(exclude={"state"}))
    one = next(read(job.id, raw)) if job.offset < 0 else document_of(json.loads(raw.decode("utf-8-sig")))
    return one.model_copy(update={"id": job.id})
