"""The year of an act: texts, and who acts in them when, in the order of the text ("-" for no year)."""

import pytest

from schemas import CooperationRecord, Year
from tests.frames.reading import records
from tests.frames.rows import rows


def _shown(year: Year | None) -> str:
    if year is None:
        return "-"
    return str(year.start) if year.start == year.end else f"{year.start}-{year.end or ''}"


def _place(record: CooperationRecord) -> int:
    return record.evidence.start


@pytest.mark.parametrize(("text", "acts"), rows("years.tsv"))
def test_an_act_has_the_year_in_which_it_was_made(text: str, acts: list[tuple[str, str]]) -> None:
    found = sorted(records(text), key=_place)
    told = [(actor, [_shown(r.year) for r in found if actor in r.actor.name][:1]) for actor, _ in acts]
    assert told == [(actor, [year]) for actor, year in acts]
