"""Who is meant: descriptions, officials, speakers, those who act together, names that capitals join or part."""

import pytest

from tests.frames.acts import cases, told


@pytest.mark.parametrize(("text", "acts"), cases("reference.txt"))
def test_whom_the_words_mean_acts(text: str, acts: list[str]) -> None:
    assert told(text) == acts
