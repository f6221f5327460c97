"""The fields of an act: from its own words, the names beside it, its heading, or the act it goes on about."""

import pytest

from tests.frames.reading import records


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Norway and Kenya signed an economic partnership agreement in 2012.", {"finance-trade"}),
        ("Norway and Kenya signed an economic cooperation pact in 2012.", set()),
        ("Finland lent Peru $9 million for the construction of a hospital.", {"health-medicine"}),
        ("Finland gave Peru a gift of teaching materials for its schools.", {"education-training"}),
        ("Italy granted Chad $2 million for sanitation in the north.", {"water"}),
        ("Spain lent Zambia $60 million for 160 rural telephone towers.", {"telecommunications"}),
        ("Oslo University and Makerere founded a joint university in 2015.", {"education-training"}),
    ],
)
def test_fields_are_of_what_is_done(text: str, fields: set[str]) -> None:
    assert [set(record.sector.fields) for record in records(text)] == [fields]


def test_the_fields_of_two_acts_of_a_sentence_are_kept_apart() -> None:
    text = "Norway gave Ghana $9 million for a railway, and Spain lent Togo $8 million for a vaccine plant."
    found = {record.actor.name: record.sector.fields for record in records(text)}
    assert found == {"Norway": ("rail-transport",), "Spain": ("health-medicine",)}


def test_an_act_that_goes_on_about_another_has_its_fields() -> None:
    text = "Togo bought a solar park from Spain in 2010. Norway lent Togo $40 million of the price."
    assert {record.sector.fields for record in records(text)} == {("energy-renewable",)}
