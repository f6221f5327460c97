"""Numbers in digits and in words."""

import re
from pathlib import Path

import pytest

from extractors.mentions.amounts import find_numbers

LINES = (Path(__file__).parent / "numbers.txt").read_text(encoding="utf-8").splitlines()
_MARK = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")


@pytest.mark.parametrize("line", LINES)
def test_reads(line: str) -> None:
    text = _MARK.sub(r"\1", line)
    found = [(text[one.start : one.end], one.value) for one in find_numbers(text)]
    assert found == [(surface, pytest.approx(float(value))) for surface, value in _MARK.findall(line)]
