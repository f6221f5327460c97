"""Corpora read line by line: where each document starts, so that a worker can fetch it again without the rest."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from extractors.text import read_csv, read_jsonl
from flows.places import Place
from schemas import Document, Quarantined


@dataclass(frozen=True, slots=True)
class Stretch:
    """The bytes of one document in a corpus: what was read from them, where they start, how many, their last line."""

    read: Document | Quarantined
    offset: int
    length: int
    line: int


class _Tracked:
    """Lines on their way to a parser, with the bytes handed out since the last document."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self._start = 0
        self._raw: list[bytes] = []
        self.number = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.number += 1
            self._raw.append(line)
            yield line

    def text(self) -> Iterator[str]:
        """Hand the lines out as text: UTF-8, or Windows-1252 for a line that is not."""
        return map(_text_of, self)

    def take(self) -> tuple[int, bytes]:
        """Return the offset and the bytes handed out since the last call."""
        offset, raw = self._start, b"".join(self._raw)
        self._start, self._raw = offset + len(raw), []
        return offset, raw


def _text_of(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _jsonl(name: str, lines: _Tracked) -> Iterator[Document | Quarantined]:
    return read_jsonl(name, lines)


def _csv(name: str, lines: _Tracked) -> Iterator[Document | Quarantined]:
    return read_csv(name, lines.text())


_READERS: dict[str, Callable[[str, _Tracked], Iterator[Document | Quarantined]]] = {".jsonl": _jsonl, ".csv": _csv}


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower()


def is_corpus(name: str) -> bool:
    """Tell by its suffix whether a file holds many documents."""
    return _suffix(name) in _READERS


def scan(name: str, lines: Iterable[bytes]) -> Iterator[Stretch]:
    """Read a corpus from the first line to the last, holding one document at a time.

    A line that cannot be read comes out quarantined under ``name:line``, with a digest of its bytes.
    """
    tracked = _Tracked(lines)
    for read in _READERS[_suffix(name)](name, tracked):
        offset, raw = tracked.take()
        if isinstance(read, Quarantined):
            read = read.model_copy(update={"digest": hashlib.sha256(raw).hexdigest()})
        yield Stretch(read, offset, len(raw), tracked.number)


def fetch(place: Place, ranges: list[tuple[int, int]]) -> Iterator[Document | Quarantined]:
    """Read the documents at the given ``(offset, length)`` of a corpus again, in the order given."""
    header = _header(place) if _suffix(place.name) == ".csv" else b""
    for (offset, _), raw in zip(ranges, place.read_ranges(ranges), strict=True):
        whole = header + raw if offset else raw
        lines = _Tracked(whole.split(b"\n")) if not header else _Tracked(whole.splitlines(keepends=True))
        yield next(_READERS[_suffix(place.name)](place.name, lines))


def _header(place: Place) -> bytes:
    with place.open() as stream:
        tracked = _Tracked(stream)
        next(csv.reader(tracked.text()), None)
        return tracked.take()[1]
