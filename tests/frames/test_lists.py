"""Lists, slides and chronologies, and the acts that their lines tell."""

import pytest

from tests.frames.acts import cases, told


@pytest.mark.parametrize(("text", "acts"), cases("lines.txt"))
def test_lines_tell_acts(text: str, acts: list[str]) -> None:
    assert told(text) == acts
