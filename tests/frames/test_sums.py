"""Sums and counts told after their act belong to it; those of others do not."""

import pytest

from tests.frames.acts import cases, told


@pytest.mark.parametrize(("text", "acts"), cases("sums.txt"))
def test_what_is_told_after_an_act_is_its_amount(text: str, acts: list[str]) -> None:
    assert sorted(told(text)) == sorted(acts)
