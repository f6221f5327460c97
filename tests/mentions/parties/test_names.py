import pycountry
import pytest

from extractors.mentions.parties import country_of, find_parties, normalise_name, parts, same_name, same_party
from extractors.mentions.parties.entries import country_names, rows


def test_every_iso_country_has_a_row_and_is_found() -> None:
    assert {c.alpha_3 for c in pycountry.countries} <= set(country_names())
    for code, name in country_names().items():
        assert [m.country for m in find_parties(f"They went to {name}.")] == [code], name


def test_tables_speak_iso() -> None:
    codes = set(country_names())
    for table, column in (("bodies.csv", "country"), ("leaders.csv", "country")):
        assert {row[column] for row in rows(table)} - {""} <= codes
    for table, column in (("regions.csv", "members"), ("twins.csv", "countries"), ("places_extra.csv", "countries")):
        assert {code for row in rows(table) for code in row[column].split("|")} - {""} <= codes


def test_bodies_are_listed_once() -> None:
    names = [row["name"] for row in rows("bodies.csv")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the PRC", "China"),
        ("China Eximbank", "Export-Import Bank of China"),
        ("JICA", "Japan International Cooperation Agency"),
        ("Acme  Widgets", "Acme Widgets"),
    ],
)
def test_normalise_name(text: str, name: str) -> None:
    assert normalise_name(text) == name


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Zambian", "ZMB"),
        ("ZMB", "ZMB"),
        ("Lusaka", "ZMB"),
        ("Embrapa", "BRA"),
        ("Bank of Ghana", "GHA"),
        ("Acme", None),
    ],
)
def test_country_of(name: str, country: str | None) -> None:
    assert country_of(name) == country


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("China Eximbank", "Export-Import Bank of China", True),
        ("China Ministry of Commerce", "Ministry of Commerce of China", True),
        ("Ministry of Health", "Ministry of Finance", False),
        ("Huawei", "ZTE", False),
    ],
)
def test_same_name(a: str, b: str, same: bool) -> None:
    assert same_name(a, b) is same


def test_a_country_is_not_its_bodies() -> None:
    china, bank = find_parties("China paid; the Bank of China lent.")
    assert not same_party(china, bank)
    assert same_party(china, find_parties("The PRC agreed")[0])


def test_parts_of_a_compound_keep_their_offsets() -> None:
    text = "New China-EU talks"
    left, right = parts(find_parties(text)[0])
    assert (left.name, right.name) == ("China", "European Union")
    assert text[left.start : left.end] == "China"
    assert text[right.start : right.end] == "EU"
