"""Tables of many makes, and the acts that their rows tell."""

import pytest

from tests.frames.acts import cases, told


@pytest.mark.parametrize(("text", "acts"), cases("tables.txt"))
def test_rows_tell_acts(text: str, acts: list[str]) -> None:
    assert told(text) == acts
