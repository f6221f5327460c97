"""Corpora as inputs: where each document stands, so that a worker can fetch it without the rest.

A JSON Lines corpus with the usual keys is read where it lies. All others are copied to such lines first.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from extractors.text.columns import Columns, ColumnsError
from extractors.text.corpus import document_of, read_rows
from flows.places import Place
from schemas import Document, Quarantined, digest_of

__all__ = ["COPY", "ColumnsError", "Stretch", "fetch", "stretches"]
COPY = ".corpus"
_COPIED = ("id", "title", "date", "source", "text")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A document of a corpus: what was read, where a worker finds it as a line, and where a person does."""

    read: Document | Quarantined
    address: str
    at: tuple[int, int]
    where: str


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
