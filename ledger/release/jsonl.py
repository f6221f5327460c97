"""JSON Lines in one canonical form, so that equal content gives equal bytes; how each file is sorted."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from ledger.errors import LedgerError, one_line
from ledger.release.layout import DOCUMENTS, MERGED, POSSIBLE, QUARANTINE, RECORDS, UNCLAIMED
from schemas import (
    Change,
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
    return _LINE_ENDS.sub(_escaped, text) if _LINE_ENDS.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def pretty(value: Any) -> str:
    """Write a JSON value for people too: keys sorted, indented by two, a newline at the end."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def line_of(model: Model) -> str:
    """Write a model as a canonical line, without its newline."""
    return canonical(model.model_dump(mode="json"))


def read_models(path: Path, model: type[M]) -> Iterator[M]:
    """Read a JSON Lines file model by model.

    Raises:
        LedgerError: a line that is not such a model, with its number, or a file that cannot be read.
    """
    with one_line(f"cannot read {path}"), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield model.model_validate_json(line)
            except ValidationError as error:
                raise LedgerError(f"{path}, line {number}: {first_error(error)}") from error


def first_error(error: ValidationError) -> str:
    """Say the first thing that is wrong in a line of text."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A file's lines: their model, the key by which they rise, and whether no two have the same key."""

    model: type[Model]
    key: Callable[[Any], Key]
    distinct: bool = True


def by_rank(record: CooperationRecord) -> Key:
    """Sort records by document, rank and id."""
    return record.document_id, record.rank, record.record_id


def by_id(one: StoredDocument | Quarantined) -> Key:
    """Sort documents by id."""
    return (one.id,)


def by_place(one: Unclaimed) -> Key:
    """Sort leftover mentions by document and place."""
    return one.document_id, one.span.start, one.span.end, one.mention, one.reason, one.detail or ""


def by_evidence(one: PossibleRecord) -> Key:
    """Sort possible records by document and place."""
    return one.document_id, one.evidence.start, one.evidence.end, one.rank, record_id_of(one)


def by_change(change: Change) -> Key:
    """Sort the changes of a document by record."""
    return (change.record_id,)


def by_outcome(merged: Merged) -> Key:
    """Sort outcomes of decisions by document, record and field."""
    return merged.document_id, merged.record_id, merged.field, merged.decision_id


KEYS: dict[str, Kind] = {
    RECORDS: Kind(CooperationRecord, by_rank),
    DOCUMENTS: Kind(StoredDocument, by_id),
    UNCLAIMED: Kind(Unclaimed, by_place, distinct=False),
    POSSIBLE: Kind(PossibleRecord, by_evidence, distinct=False),
    QUARANTINE: Kind(Quarantined, by_id),
    MERGED: Kind(Merged, by_outcome, distinct=False),
}
