"""JSON Lines in one canonical form, so that equal content gives equal bytes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from ledger.errors import LedgerError, one_line
from schemas import Model

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
