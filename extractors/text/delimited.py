"""CSV as people have it: any usual delimiter, encoding, byte order mark and end of line."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO, Any

from extractors.text.columns import REQUIRED, plain
from extractors.text.decode import encoding_of

_CELL = 16 * 1024 * 1024  # characters in one cell
_SAMPLE = 65_536  # bytes by which encoding and delimiter are told
_DELIMITERS = ",;\t|"
_MENDED = "coopledger.cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_MENDED, _as_cp1252)  # for the odd cell in a file that is UTF-8 otherwise


def read_delimited(stream: IO[bytes]) -> Iterator[tuple[int, list[str], str]]:
    """Yield each row: the number of its last line, its cells, and why it cannot be read where it has none."""
    sample = stream.read(_SAMPLE)
    encoding = encoding_of(sample)
    errors = _MENDED if encoding == "utf-8-sig" else "replace"
    text = io.TextIOWrapper(io.BufferedReader(_Joined(sample, stream)), encoding, errors=errors, newline="")
    csv.field_size_limit(_CELL)
    reader = csv.reader(text, delimiter=_delimiter(sample, encoding), strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield reader.line_num, [], str(error)
            continue
        if cells is None:
            return
        yield reader.line_num, cells, ""


class _Joined(io.RawIOBase):
    """A stream with what was read from its beginning put back."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start, self._rest = start, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._start[: len(buffer)] or self._rest.read(len(buffer))
        self._start = self._start[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _delimiter(sample: bytes, encoding: str) -> str:
    """Tell the delimiter by the header that it gives: the one with a corpus's columns, else with the most of them."""
    text = sample.decode(encoding, errors="replace").lstrip("\r\n")

    def rank(delimiter: str) -> tuple[int, int]:
        header = _header(text, delimiter)
        return len({plain(cell) for cell in header} & set(REQUIRED)), len(header)

    return max(_DELIMITERS, key=rank)


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []
