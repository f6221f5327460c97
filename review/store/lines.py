"""Lines of a large file out of their order: where each starts is kept, not what it holds."""

import json
import re
from bisect import bisect_left
from functools import partial
from pathlib import Path

import numpy as np

_BLOCK = 1 << 24
_NEWLINE = 10


class Lines:
    """A JSON Lines file whose lines are read one by one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts = _starts(path)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < len(self):
            raise IndexError(number)
        with self._path.open("rb") as file:
            file.seek(int(self._starts[number]))
            return file.readline()

    def of(self, key: str, value: str) -> list[bytes]:
        """Return the lines whose ``key`` is ``value``, where the file is sorted by that key.

        The key is read without parsing the line: inside a string of JSON its quotation marks would be escaped.
        """
        wanted = re.compile(rb'"%s":("(?:[^"\\]|\\.)*")' % key.encode())
        key_of = partial(self._key, wanted)
        found = []
        for number in range(bisect_left(range(len(self)), value, key=key_of), len(self)):
            if key_of(number) != value:
                break
            found.append(self[number])
        return found

    def _key(self, wanted: re.Pattern[bytes], number: int) -> str:
        found = wanted.search(self[number])
        return str(json.loads(found[1])) if found else ""


def _starts(path: Path) -> np.ndarray:
    """Return the offset in bytes at which each line of a file starts."""
    ends, place = [np.array([-1], dtype=np.int64)], 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            ends.append(np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == _NEWLINE) + place)
            place += len(block)
    starts = np.concatenate(ends) + 1
    return starts[starts < place]
