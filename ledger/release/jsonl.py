"""JSON Lines in a canonical form (equal content gives equal bytes), and how each file of a release is sorted."""

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
from ledger.errors import LedgerError, as_ledger_error
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

# Next line, line and paragraph separator: str.splitlines ends a line there, JSON Lines does not.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")

M = TypeVar("M", bound=Model)


def canonical(value: Any) -> str:
    """Return a JSON value as one line: keys sorted, no blanks, characters that end a line for some readers escaped."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _LINE_ENDS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def pretty(value: Any) -> str:
    """Return a JSON value as readable text: keys sorted, indented by two, a newline at the end."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def line_of(model: Model) -> str:
    """Return a model as a canonical line, without its newline."""
    return canonical(model.model_dump(mode="json"))


def read_models(path: Path, model: type[M]) -> Iterator[M]:
    """Yield the models of a JSON Lines file; unknown fields, which later minor versions of the schema add, are ignored.

    Raises:
        LedgerError: a line is not such a model (its number is given), or the file cannot be read.
    """
    with as_ledger_error(f"cannot read {path}"), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield model.model_validate_json(line, extra="ignore")
            except ValidationError as error:
                raise LedgerError(f"{path}, line {number}: {first_error(error)}") from error


def first_error(error: ValidationError) -> str:
    """Return the first error, with its place, on one line."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def key_of(line: bytes, key: str) -> str:
    """Return a string field of a JSON line without parsing the line; empty if it is not found.

    This is safe because a quotation mark inside a string is escaped, so that only a key can match.
    """
    found = re.search(rb'"%s": ?("(?:[^"\\]|\\.)*")' % key.encode(), line)
    return str(json.loads(found[1])) if found else ""


class JsonLines(Generic[M]):
    """The models of a JSON Lines file by index. Only the offsets of the lines are kept in memory.

    A file that does not exist counts as empty, as older releases lack newer files.
    """

    def __init__(self, path: Path, model: type[M], key: str = "document_id") -> None:
        """Open a file that is sorted by ``key``, a string field of its models."""
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
        """Return the models whose key has this value."""
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
    """The lines of a file: their model, the sort key, whether keys are unique, and the field with the document's id."""

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
"""The content of a release by file; if all these files equal the parent's, nothing changed."""
