"""JSON Lines in one canonical form, so that equal content gives equal bytes; how each file of a release is sorted."""

import json
import os
import re
import weakref
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from pydantic import ValidationError

from ledger.diff import release_order
from ledger.errors import LedgerError, one_line
from ledger.release.layout import DOCUMENTS, MERGED, POSSIBLE, QUARANTINE, RECORDS, UNCLAIMED
from schemas import (
    CooperationRecord,
    Merged,
    Model,
    PossibleRecord,
    Quarantined,
    StoredDocument,
    Unclaimed,
    record_id_of,
)

# Next line, line and paragraph separator: lines end there for str.splitlines (Python), not for JSON Lines.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")

M = TypeVar("M", bound=Model)


def canonical(value: Any) -> str:
    """Write a JSON value on one line: keys sorted, no blanks, nothing in it that some readers take for a line's end."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _LINE_ENDS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def pretty(value: Any) -> str:
    """Write a JSON value for people too: keys sorted, indented by two, a newline at the end."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def line_of(model: Model) -> str:
    """Write a model as a canonical line, without its newline."""
    return canonical(model.model_dump(mode="json"))


def read_models(path: Path, model: type[M]) -> Iterator[M]:
    """Read a JSON Lines file model by model; fields that a later minor version of the schema added are passed over.

    Raises:
        LedgerError: a line that is not such a model, with its number, or a file that cannot be read.
    """
    with one_line(f"cannot read {path}"), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield model.model_validate_json(line, extra="ignore")
            except ValidationError as error:
                raise LedgerError(f"{path}, line {number}: {first_error(error)}") from error


def first_error(error: ValidationError) -> str:
    """Say the first thing that is wrong in a line of text."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def key_of(line: bytes, key: str) -> str:
    """Read a text of a JSON object without parsing it: inside a string the quotation marks of its key are escaped."""
    found = re.search(rb'"%s": ?("(?:[^"\\]|\\.)*")' % key.encode(), line)
    return str(json.loads(found[1])) if found else ""


class JsonLines(Generic[M]):
    """The models of a JSON Lines file by their place in it: where each line starts is kept, not what it holds.

    A file that is not there holds none: an older release lacks newer files.
    """

    def __init__(self, path: Path, model: type[M], key: str = "document_id") -> None:
        """Open a file that is sorted by ``key``, a field of its models whose value is a text."""
        self._model, self._key, self._starts = model, key, np.zeros(1, dtype=np.int64)
        if path.is_file():
            self._file = os.open(path, os.O_RDONLY)
            weakref.finalize(self, os.close, self._file)
            with path.open("rb") as file:
                self._starts = np.fromiter(accumulate(map(len, file), initial=0), dtype=np.int64)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> M:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._model.model_validate_json(self._line(number), extra="ignore")

    def of(self, value: str) -> list[M]:
        """Return the models whose key has a value."""
        found, number = [], bisect_left(range(len(self)), value, key=self._key_of)
        while number < len(self) and self._key_of(number) == value:
            found.append(self[number])
            number += 1
        return found

    def _line(self, number: int) -> bytes:
        start, end = self._starts[number : number + 2].tolist()
        return os.pread(self._file, end - start, start)

    def _key_of(self, number: int) -> str:
        return key_of(self._line(number), self._key)


@dataclass(frozen=True, slots=True)
class LineKind:
    """A file's lines: their model, the key by which they rise, whether no two have the same, and a document's id."""

    model: type[Model]
    key: Callable[[Any], Any]
    distinct: bool = True
    document: str = "document_id"


def _by_place(one: Unclaimed) -> tuple[Any, ...]:
    return one.document_id, one.span.start, one.span.end, one.mention, one.reason, one.detail or ""


def _by_evidence(one: PossibleRecord) -> tuple[Any, ...]:
    return one.document_id, one.evidence.start, one.evidence.end, one.rank, record_id_of(one)


LINE_KINDS: dict[str, LineKind] = {
    RECORDS: LineKind(CooperationRecord, release_order),
    DOCUMENTS: LineKind(StoredDocument, attrgetter("id"), document="id"),
    UNCLAIMED: LineKind(Unclaimed, _by_place, distinct=False),
    POSSIBLE: LineKind(PossibleRecord, _by_evidence, distinct=False),
    QUARANTINE: LineKind(Quarantined, attrgetter("id"), document="id"),
    MERGED: LineKind(Merged, attrgetter("document_id", "record_id", "field", "decision_id"), distinct=False),
}
"""The files that hold what a release says, and how each is sorted: where these are the parent's, nothing changed."""
