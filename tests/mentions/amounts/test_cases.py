"""Every form of the notation, one line a case, one test a file of them."""

import pytest

from extractors.mentions.amounts import find_amounts
from tests.mentions.amounts.markup import Expected, lines, read

ALL = lines()


def _found(text: str) -> list[Expected]:
    found = []
    for mention in find_amounts(text):
        found.append(Expected.of(mention))
        found += [Expected.of(one, stated=True) for one in mention.stated]
    return found


@pytest.mark.parametrize("group", sorted({group for group, _ in ALL}))
def test_reads(group: str) -> None:
    wrong = {}
    for text, expected in (read(line) for of, line in ALL if of == group):
        found = [one for one in _found(text) if group != "context" or one.start >= min(e.start for e in expected)]
        if found != expected:
            wrong[text] = (found, expected)
    assert wrong == {}


def test_there_are_enough_cases() -> None:
    assert len(ALL) >= 400
