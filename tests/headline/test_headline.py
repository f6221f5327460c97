"""What the shipped model makes of notes written for these tests, about givers and receivers it was not trained on."""

import pytest

NOTES = [
    (
        "World Bank lends Kenya $50 million for roads\nIn March 2012 the World Bank signed an agreement with Kenya "
        "for a $50 million loan to rehabilitate 120 km of roads. The works were completed in 2015.",
        ("World Bank", "KEN", 2012, 50e6, "210", "loan"),
    ),
    (
        "Japan donates ambulances to Zambia\nOn 3 May 2010 the Japanese ambassador handed over six ambulances worth "
        "40 million yen to the hospital in Lusaka.",
        ("Japan", "ZMB", 2010, 40e6, "120", "grant"),
    ),
    (
        "Brazil cancels the debt of Tanzania\nIn 2013, Brazil cancelled $237 million of debt owed by Tanzania.",
        ("Brazil", "TZA", 2013, 237e6, "600", "debt_relief"),
    ),
    (
        "China Exim Bank finances a dam in Laos\nIn June 2009, the Export-Import Bank of China signed a loan agreement "
        "of 300 million yuan with Laos for a hydropower station. It is built by a Chinese company.",
        ("Export-Import Bank of China", "LAO", 2009, 300e6, "230", "loan"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), NOTES)
def test_the_headline_of_a_note(read, text, expected):
    found = read(text)
    assert found is not None
    actor, country, year, amount, sector, kind = expected
    assert found.actor.name == actor
    assert found.partner is not None and found.partner.country == country
    assert found.year is not None and found.year.first == year
    assert found.amount is not None and found.amount.value == amount
    assert (found.sector.value, found.kind.value) == (sector, kind)


def test_an_amount_or_year_that_is_not_there_is_none(read):
    found = read("Norway sends teachers to Nepal\nNorway sent teachers to a school in Nepal.")
    assert found is not None
    assert found.year is None
    assert found.amount is None


def test_nobody_no_headline(read):
    assert read("Nothing of note happened, and nobody came.") is None


def test_confidences_are_shares_and_the_record_is_less_sure_than_any_field(read):
    found = read(NOTES[0][0])
    assert set(found.confidence) == {"actor", "partner", "year", "amount", "sector", "record"}
    assert all(0 <= one <= 1 for one in found.confidence.values())


def test_evidence_and_mentions_quote_the_text(read):
    text = NOTES[0][0]
    found = read(text)
    start, end = found.evidence
    assert "signed an agreement with Kenya" in text[start:end]
    for mention in (found.actor, found.partner, found.year, found.amount):
        assert text[mention.start : mention.end] == mention.text


def test_counts_are_offered_where_there_is_no_money(read):
    found = read("India trains officers\nIn 2014, India trained 40 officers from Ghana.")
    assert [(count.value, count.unit) for count in found.counts] == [(40.0, "person")]


def test_reading_twice_gives_the_same(read):
    assert read(NOTES[1][0]) == read(NOTES[1][0])
