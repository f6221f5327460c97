"""Countries that a text names by their money alone."""

import pytest

from extractors.headline.scene import country_of_currency


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("LRD", "LBR"),
        ("TZS", "TZA"),
        ("MUR", "MUS"),
        ("USD", None),
        ("EUR", None),
        ("XOF", None),
        ("ZAR", None),
        ("", None),
    ],
)
def test_a_currency_of_one_country_tells_it(code, country):
    assert country_of_currency(code) == country


def test_a_sum_names_a_country_that_nothing_else_names(scene):
    found = scene("Japan gave a village school 90,000 Liberian dollars in 2011.")
    [named] = [party for party in found.parties if party.source == "currency"]
    assert (named.text, named.name, named.country) == ("90,000 Liberian dollars", "Liberia", "LBR")
    assert found.places[named] == next(found.places[one] for one in found.amounts)


@pytest.mark.parametrize(
    "text",
    [
        "Japan gave a school in Monrovia 90,000 Liberian dollars in 2011.",
        "Japan gave a village school 90,000 dollars in 2011.",
        "The Japan-Liberia Friendship Hospital cost 90,000 Liberian dollars.",
    ],
)
def test_it_names_none_beside_the_country_and_none_by_money_used_abroad(scene, text):
    assert not [party for party in scene(text).parties if party.source == "currency"]
