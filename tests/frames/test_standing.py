"""The status of an act: texts, and who acts in them with what status, in the order of the text."""

import pytest

from schemas import CooperationRecord
from tests.frames.reading import records
from tests.frames.rows import rows


def _place(record: CooperationRecord) -> int:
    return record.evidence.start


@pytest.mark.parametrize(("text", "acts"), rows("statuses.tsv"))
def test_the_status_is_the_latest_that_the_text_tells(text: str, acts: list[tuple[str, str]]) -> None:
    found = sorted(records(text), key=_place)
    told = [(actor, [str(r.status) for r in found if actor in r.actor.name][:1]) for actor, _ in acts]
    assert told == [(actor, [status]) for actor, status in acts]
