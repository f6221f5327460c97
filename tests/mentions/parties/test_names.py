import pycountry
import pytest

from extractors.mentions.parties import compound_members, country_of, find_parties
from extractors.mentions.parties.entries import COUNTRY_NAMES, rows


def test_every_iso_country_has_a_row_and_is_found() -> None:
    assert {c.alpha_3 for c in pycountry.countries} <= set(COUNTRY_NAMES)
    for code, name in COUNTRY_NAMES.items():
        assert [m.country for m in find_parties(f"They went to {name}.")] == [code], name


def test_tables_speak_iso() -> None:
    codes = set(COUNTRY_NAMES)
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
        ("the Bank  of China", "Bank of China (BOC)"),
    ],
)
def test_the_canonical_name(text: str, name: str) -> None:
    assert [mention.name for mention in find_parties(text, capitals=True)] == [name]


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
    left, right = ([mention.name for mention in find_parties(name)] for name in (a, b))
    assert (left == right) is same


def test_a_country_is_not_its_bodies() -> None:
    china, bank = find_parties("China paid; the Bank of China lent.")
    assert china.name != bank.name
    assert find_parties("The PRC agreed")[0].name == china.name


def test_parts_of_a_compound_keep_their_offsets() -> None:
    text = "New China-EU talks"
    left, right = compound_members(find_parties(text)[0])
    assert (left.name, right.name) == ("China", "European Union")
    assert text[left.start : left.end] == "China"
    assert text[right.start : right.end] == "EU"
