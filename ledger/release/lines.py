"""JSON Lines in one canonical form, so that equal content gives equal bytes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from ledger.errors import LedgerError, one_line
from schemas import Model

M = TypeVar("M", bound=Model)


def canonical(value: Any) -> str:
    """Write a JSON value on one line: keys sorted, no blanks, text as it is."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


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
