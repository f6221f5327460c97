"""Sectors and fields of acts, over all codes and from all places that may tell them."""

from pathlib import Path

import pytest

from schemas import crs_sectors
from tests.frames.reading import records

_SENTENCES = [
    tuple(line.split("\t", 1))
    for line in (Path(__file__).parent / "sectors.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("code", "text"), _SENTENCES)
def test_the_sector_is_of_what_is_done(code: str, text: str) -> None:
    assert [record.sector.code for record in records(text)[:1]] == [code]


def test_the_sentences_cover_all_sectors() -> None:
    assert {code for code, _ in _SENTENCES} == set(crs_sectors())


@pytest.mark.parametrize(
    ("text", "sectors"),
    [
        (
            "France lent Kenya €80 million for a solar plant in 2015. "
            "Germany is co-financing the project with a grant of €10 million to Kenya.",
            ["230", "230"],
        ),
        ("Ports\n\nJapan lent Togo $40 million in 2011.", ["210"]),
        ("Italy granted Chad €2 million in 2010. The grant pays for boreholes in the north.", ["140"]),
        (
            "Finland lent Peru $9m for communications satellites. Spain gave Peru $3 million for the satellites.",
            ["220", "220"],
        ),
        (
            "Oman bought a solar power plant from Spain in 2014. Norway lent Oman $40 million for the plant.",
            ["230", "230"],
        ),
        ("Peru bought a cement plant from Spain in 2014. Norway built a plant in Peru for tyres.", ["320", "320"]),
        ("Norway lent Kenya $9 million for a hospital. Spain lent Kenya $3 million of the price.", ["120", "120"]),
        ("Iceland's Nordic Geothermal dropped out of the Rift project in Kenya in 2016.", ["230"]),
        ("Norway and Kenya signed an economic cooperation pact, under which a navy school will open.", ["150"]),
        ("Norway and Kenya signed an economic cooperation pact.", ["998"]),
        ("Norway lent Ghana $9 million for a hospital, and Spain lent Togo $8 million for a railway.", ["120", "210"]),
    ],
)
def test_the_sector_comes_from_the_act_told_before_the_heading_or_what_follows(text: str, sectors: list[str]) -> None:
    assert sorted(record.sector.code for record in records(text)) == sorted(sectors)


def test_the_name_of_who_does_it_is_no_evidence() -> None:
    (record,) = records("The Export-Import Bank of China lent Ghana $60 million for fishing boats in 2012.")
    assert record.sector.code != "240"
