"""Readers of corpora: one document a line of ``.jsonl``, or a row of ``.csv``."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from extractors.text.decode import decode
from extractors.text.documents import make_document
from extractors.text.errors import UnreadableError
from schemas import Document, Quarantined

_OPTIONAL = ("title", "date", "source")
_CELL = 16 * 1024 * 1024  # characters in one cell of a CSV corpus


def read_jsonl(name: str, lines: Iterable[bytes]) -> Iterator[Document | Quarantined]:
    """Read a JSON Lines corpus, one line at a time; a bad line is quarantined under its number."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _guarded(name, number, _parse_json, line)


def read_csv(name: str, lines: Iterable[str]) -> Iterator[Document | Quarantined]:
    """Read a CSV corpus with a header, one row at a time; a bad row is quarantined under its line's number."""
    csv.field_size_limit(_CELL)
    rows = csv.DictReader(lines, strict=True)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield _bad_line(name, rows.line_num, str(error))
            continue
        if row is None:
            return
        yield _guarded(name, rows.line_num, dict, row)


def read_corpus(name: str, data: bytes) -> Iterator[Document | Quarantined]:
    """Read a whole corpus held in memory, by its suffix."""
    if name.lower().endswith(".csv"):
        return read_csv(name, io.StringIO(decode(data), newline=""))
    return read_jsonl(name, data.splitlines())


def _parse_json(line: bytes) -> dict[str, Any]:
    row = json.loads(line.decode("utf-8-sig"))
    if not isinstance(row, dict):
        raise ValueError("not an object with id and text")
    return row


def _guarded(name: str, number: int, parse: Any, raw: Any) -> Document | Quarantined:
    try:
        return _document(parse(raw))
    except UnreadableError as error:
        return Quarantined(id=f"{name}:{number}", reason=error.reason, detail=f"line {number}: {error.detail}")
    except ValueError as error:
        return _bad_line(name, number, str(error))


def _bad_line(name: str, number: int, detail: str) -> Quarantined:
    return Quarantined(id=f"{name}:{number}", reason="malformed_line", detail=f"line {number} cannot be read: {detail}")


def _document(row: dict[str, Any]) -> Document:
    missing = [key for key in ("id", "text") if row.get(key) in (None, "")]
    if missing:
        raise ValueError(f"no {' and no '.join(missing)}")
    wrong = [key for key in ("text", *_OPTIONAL) if not isinstance(row.get(key), str | None)]
    if wrong:
        raise ValueError(f"{' and '.join(wrong)} must be text")
    optional = {key: row.get(key) or None for key in _OPTIONAL}
    return make_document(str(row["id"]), row["text"], **optional)
