"""Confidences of fields: by where the value stands, from a table that has a rate for each place."""

import pytest

from extractors.relations.confidence import _rate
from tests.frames.reading import records


def test_what_stands_in_the_clause_is_surer_than_what_is_taken_from_before() -> None:
    text = "In 2014 Norway opened a hospital in Malawi. It lent Malawi $9 million for the building."
    first, second = sorted(records(text), key=lambda record: record.evidence.start)
    assert first.confidence.year is not None
    assert second.confidence.year is not None  # the year of the sentence before
    assert first.confidence.year > second.confidence.year


def test_fields_that_are_not_given_have_no_confidence() -> None:
    (record,) = records("Norway lent Malawi a fishing boat.")
    assert record.amount is None
    assert record.confidence.amount is None
    assert record.confidence.year is None


@pytest.mark.parametrize("field", ["actor", "partner", "year", "money", "count", "share"])
def test_each_place_has_a_rate(field: str) -> None:
    rates = [_rate(field, place) for place in ("clause", "sentence", "beyond")]
    assert rates == sorted(rates, reverse=True)
    assert all(0 < rate < 1 for rate in rates)


def test_a_sector_that_leads_clearly_is_surer() -> None:
    assert _rate("sector", "clause", 0.4) < _rate("sector", "clause", 0.6) < _rate("sector", "clause", 1.0)
    assert _rate("sector", "beyond", 0.4) < _rate("sector", "beyond", 1.0)
