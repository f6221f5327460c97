"""The documents of an input: listed with the digest of each, without holding any text, and fetched where they lie.

A JSON Lines corpus with the usual keys is read where it lies. All other corpora are copied to such lines first.
"""

import bz2
import gzip
import hashlib
import json
import lzma
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import IO, Any

from extractors.text import CORPORA, SUFFIXES, UnreadableError, read
from extractors.text.corpus import Columns, ColumnsError, document_of, read_rows
from flows.errors import InputError, UsageError
from flows.limits import MEMORY, within
from flows.places import UNREADABLE, File, Passed, Place, Unread, walk
from ledger.release.jsonl import read_models
from ledger.release.layout import DOCUMENTS, QUARANTINE
from schemas import Document, Quarantined, StoredDocument, digest_of

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
    places: dict[str, list[str]] = {}
    documents: dict[str, Found | Quarantined] = {}
    unread: list[Unread] = []
    passed: list[Passed] = []
    for one, at in _list(place, search):
        if isinstance(one, Passed):
            passed.append(one)
        elif isinstance(one, Unread):
            inside = None if one.within is None else search.prefix + one.within
            unread.append(replace(one, name=search.prefix + one.name, within=inside))
        else:
            name = search.prefix + one.id
            places.setdefault(name, []).append(at)
            documents[name] = replace(one, id=name) if isinstance(one, Found) else one.model_copy(update={"id": name})
    if twice := {name: found for name, found in places.items() if len(found) > 1}:
        raise InputError(_duplicates(twice))
    if not documents and not unread:
        raise InputError(f"no documents in {address}: it holds no {' '.join(SUFFIXES)}")
    in_order = sorted(documents.values(), key=attrgetter("id"))
    return Listing(
        found=tuple(one for one in in_order if isinstance(one, Found)),
        quarantined=tuple(one for one in in_order if isinstance(one, Quarantined)),
        unread=tuple(unread),
        passed=tuple(passed),
        origins={name: at for name, (at,) in places.items()},
    )


def _duplicates(twice: Mapping[str, Sequence[str]]) -> str:
    shown = [f"{name!r}: {_places(places)}" for name, places in list(twice.items())[:_NAMED]]
    more = f"; and {len(twice) - _NAMED:,} more" if len(twice) > _NAMED else ""
    head = "two documents have the id" if len(twice) == 1 else f"{len(twice):,} ids are those of several documents:"
    return f"{head} {'; '.join(shown)}{more}"


def _places(places: Sequence[str]) -> str:
    more = [f"{len(places) - _NAMED:,} more"] if len(places) > _NAMED else []
    return " and ".join([*places[:_NAMED], *more])


def _list(place: Place, search: Search) -> Iterator[tuple[Found | Quarantined | Unread | Passed, str]]:
    try:
        if not place.exists():
            raise UsageError(f"no such input: {place}")
        alone = place.is_file()
        if not alone and (kind := place.kind()):
            raise UsageError(f"{place} is {kind}, no file or folder")
        entries = [File(place.name, place, place.size())] if alone else walk(place, leave_out=search.leave_out)
    except OSError as error:
        yield Unread("", UNREADABLE, f"the input cannot be looked at: {error.strerror or error}", ""), str(place)
        return
    silent = 0
    for one in entries:
        if isinstance(one, File):
            try:
                if silent >= _UNANSWERED:
                    raise TimeoutError(_SILENT)
                yield from _of_file(one, search, alone=alone)
            except TimeoutError as error:
                silent += 1
                yield _unread(one, error)
        elif isinstance(one, Unread) and one.reason != UNREADABLE:
            yield Quarantined(id=one.name, reason=one.reason, detail=one.detail), one.name
        else:
            yield one, one.name


def _of_file(file: File, search: Search, *, alone: bool) -> Iterator[tuple[Found | Quarantined | Unread, str]]:
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
    return Unread(file.name, UNREADABLE, f"the file cannot be read: {error.strerror or error}", holds), str(file.place)


def is_corpus(name: str) -> bool:
    """Tell by its name whether a file holds many documents, packed or not."""
    return PurePosixPath(_unpacked(name)[0]).suffix.lower() in CORPORA


def _unpacked(name: str) -> tuple[str, Callable[[IO[bytes]], Any] | None]:
    """Return a file's name without the suffix of its packing, and what unpacks it."""
    unpack = PACKED.get(PurePosixPath(name).suffix.lower())
    return (name.rpartition(".")[0], unpack) if unpack else (name, None)


def _whole(file: File) -> Found | Quarantined:
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix not in SUFFIXES:
        detail = f"no reader for {suffix or 'a file without a suffix'}; what is read: {' '.join(SUFFIXES)}"
        detail = "an archive: unpack it" if suffix in _ARCHIVES else detail
        return _refused(file, "unsupported", detail)
    if file.size > MAX_BYTES:
        detail = f"{file.size / 2**20:.0f} MiB; the most is {MAX_BYTES // 2**20} MiB: split it"
        return _refused(file, "oversized", detail)
    return Found(file.name, _digest(file), str(file.place), length=file.size)


def _refused(file: File, reason: str, detail: str) -> Quarantined:
    return Quarantined(id=file.name, reason=reason, detail=detail, digest=_digest(file))


def _digest(file: File) -> str:
    if file.size < _SMALL:
        return hashlib.sha256(file.place.read()).hexdigest()
    with file.place.open() as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _of_corpus(file: File, search: Search) -> Iterator[tuple[Found | Quarantined, str]]:
    """List the documents of a corpus from the first to the last, holding one at a time."""
    empty = True
    with ExitStack() as stack:
        copy = _Copy(stack, Place.of(search.staging).join(f"{digest_of(str(file.place))}{COPY}"))
        name, unpack = _unpacked(file.name)
        stream = stack.enter_context(file.place.open())
        for one in read_rows(name, unpack(stream) if unpack else stream, search.columns):
            empty, at = False, f"{file.place} {one.where}".rstrip()
            if isinstance(one.read, Quarantined):
                update = {"id": file.name + one.read.id.removeprefix(name), "digest": one.read.digest or _digest(file)}
                yield one.read.model_copy(update=update), at
            elif one.at and not unpack:
                yield Found(one.read.id, one.read.digest, str(file.place), *one.at), at
            else:
                yield Found(one.read.id, one.read.digest, str(copy.place), *copy.add(one.read)), at
    if empty:
        yield _refused(file, "empty", "the corpus holds no document"), str(file.place)


class _Copy:
    """The copy of a corpus as JSON Lines."""

    def __init__(self, stack: ExitStack, place: Place) -> None:
        self.place, self._stack = place, stack
        self._stream: IO[bytes] | None = None
        self._end = 0

    def add(self, document: Document) -> tuple[int, int]:
        """Write a document; return where its line stands."""
        row = document.model_dump(include=_COPIED)
        row["text"] = document.text.removeprefix(f"{document.title}\n") if document.title else document.text
        line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        if self._stream is None:
            self.place.fs.makedirs(self.place.path.rsplit("/", 1)[0], exist_ok=True)
            self._stream = self._stack.enter_context(self.place.open("wb"))
        self._stream.write(line)
        start, self._end = self._end, self._end + len(line)
        return start, len(line)


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


def raws(jobs: Iterable[Found]) -> Iterator[tuple[Found, Raw]]:
    """Fetch the bytes of documents, those of one corpus many at a time; what does not answer is not asked forever."""
    silent = 0
    for (address, offset), group in groupby(jobs, key=_home):
        part = list(group)
        try:
            fetched: list[Raw] = _ranges(address, part) if offset else []
        except OSError:
            fetched = []
        if fetched:
            yield from zip(part, fetched, strict=True)
            continue
        for job in part:
            raw = _raw(job) if silent < _UNANSWERED else TimeoutError(_SILENT)
            silent += isinstance(raw, TimeoutError)
            yield job, raw


def _home(job: Found) -> tuple[str, bool]:
    return (job.address, job.offset >= 0)


def _ranges(address: str, part: Sequence[Found]) -> list[Raw]:
    return list(Place.of(address).read_ranges([(job.offset, job.length) for job in part]))


def _raw(job: Found) -> Raw:
    """Fetch the bytes of one document; what may pass is tried again."""
    error: Raw = b""
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            place = Place.of(job.address)
            return place.read() if job.offset < 0 else _ranges(job.address, [job])[0]
        except (FileNotFoundError, PermissionError, TimeoutError) as lasting:
            return lasting
        except OSError as passing:
            error = passing
    return error


def document_in(job: Found, raw: Raw) -> Document | Quarantined:
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


def _parsed(job: Found, raw: bytes) -> Document | Quarantined:
    if job.stored:
        stored = StoredDocument.model_validate_json(raw)
        return Document.model_validate(stored.model_dump(exclude={"state"}))
    one = next(read(job.id, raw)) if job.offset < 0 else document_of(json.loads(raw.decode("utf-8-sig")))
    return one.model_copy(update={"id": job.id})
