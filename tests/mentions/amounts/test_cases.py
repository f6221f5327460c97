"""Every form of the notation, one line a case."""

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


@pytest.mark.parametrize(("group", "line"), ALL, ids=[f"{group}-{n}" for n, (group, _) in enumerate(ALL)])
def test_reads(group: str, line: str) -> None:
    text, expected = read(line)
    found = [one for one in _found(text) if group != "context" or one.start >= min(e.start for e in expected)]
    assert found == expected


def test_there_are_enough_cases() -> None:
    assert len(ALL) >= 400
