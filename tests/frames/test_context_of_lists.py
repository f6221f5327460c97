"""Headings, bullets and tables lend an act what its line leaves out."""

import pytest

from tests.frames.reading import records

DECK = """Peru's partners

Peru-Chile S&T

- Accord signed 1984
- Joint committee

2

Member of:
- CERN
- ITER (since 2011)
"""
TABLE = """Loans

| Lender | Borrower | Amount | Year |
|---|---|---|---|
| KfW | Ghana | €20 million | 2012 |
| Total | | €20 million | |
"""
STATISTICS = "Papers\n\n| | Brazil | China |\n|---|---|---|\n| Brazil | | 0.52 |\n| China | 0.43 | |\n"


def told(text: str) -> set[tuple[str, str | None, int | None]]:
    return {
        (r.actor.name, r.partner.name if r.partner else None, r.year.start if r.year else None) for r in records(text)
    }


def test_a_heading_gives_bullets_their_parties() -> None:
    assert {("Peru", "Chile", 1984), ("Peru", "Chile", None)} <= told(DECK)


def test_a_lead_in_says_what_is_joined() -> None:
    joined = {act for act in told(DECK) if act[1] not in {"Chile"}}
    assert {year for _, _, year in joined} == {None, 2011}
    assert {actor for actor, _, _ in joined} == {"Peru"}


@pytest.mark.parametrize(("text", "count"), [(TABLE, 1), (STATISTICS, 0)])
def test_only_rows_with_two_sides_are_acts(text: str, count: int) -> None:
    assert len(told(text)) == count
