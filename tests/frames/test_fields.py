"""Year, amount, status and evidence of an act."""

import pytest

from tests.frames.reading import read, records


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Norway lent Tanzania $40 million in 2011.", (2011, 2011)),
        ("Since 2014 Norway has run a training centre in Tanzania.", (2014, None)),
        ("Norway lent Tanzania $40 million.", None),
        ("Norway plans to build a dam in Tanzania by 2049.", None),
    ],
)
def test_the_year_is_the_acts_own(text: str, year: tuple[int, int | None] | None) -> None:
    found = records(text)[:1]
    assert [(r.year.start, r.year.end) for r in found if r.year] == ([year] if year else [])


@pytest.mark.parametrize(
    ("text", "value", "unit", "per"),
    [
        ("Norway lent Tanzania $40 million.", 40e6, "USD", None),
        ("Norway gives Tanzania 3 million kroner a year for schools.", 3e6, "NOK", "year"),
        ("Denmark trained 120 Kenyan engineers.", 120, "person", None),
    ],
)
def test_the_amount_is_what_is_given(text: str, value: float, unit: str, per: str | None) -> None:
    amount = records(text)[0].amount
    assert amount is not None
    assert (amount.value, amount.unit, amount.per) == (value, unit, per)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Japan pledged $500 million to Myanmar.", "pledged"),
        ("Mongolia and Kazakhstan signed a customs agreement.", "committed"),
        ("The Philippines and Australia are cooperating on typhoon forecasting.", "implementing"),
        ("Italy donated 30 ambulances to Albania.", "completed"),
        ("Russia has suspended its cooperation with CERN.", "suspended"),
        ("The contract with Siemens was cancelled by Greece in 2015.", "cancelled"),
    ],
)
def test_the_status_is_the_latest(text: str, status: str) -> None:
    assert records(text)[0].status == status


def test_partners_of_one_act_share_its_id() -> None:
    found = records("Mongolia signed agreements with Kazakhstan and Laos.")
    assert len(found) == 2
    assert len({record.act_id for record in found}) == 1


def test_every_span_quotes_and_what_is_denied_is_unclaimed() -> None:
    text = "Norway lent Tanzania $40 million in 2011. Tanzania has not received $5 million from Denmark."
    found, left = read(text)
    assert [record.misquotes(text) for record in found] == [[]]
    assert {(one.span.text, one.reason) for one in left} >= {("$5 million", "negated"), ("Denmark", "negated")}


def test_a_cue_stands_in_the_provenance() -> None:
    found = records("Hungary will offer 200 scholarships to Jordanian students.")
    assert [p.cue.text for p in found[0].provenance if p.cue] == ["will"]
