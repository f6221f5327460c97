"""What candidates look like from the outside."""

import pytest

from extractors.headline.candidates import amount_field, make_view, party_field
from extractors.headline.model import context_features, shipped

PACKAGE = "France gave Chad a package of $90 million: a loan of $60 million and a grant of $30 million."


@pytest.mark.parametrize(
    ("text", "wholes", "parts"),
    [
        (PACKAGE, {90e6}, {60e6, 30e6}),
        ("Spain lent Peru $25 million, and Italy $40 million, for a dam of $65 million.", {65e6}, {25e6, 40e6}),
        ("Japan gave Togo €5 million and ¥7 million.", set(), set()),
        ("India gave Nepal $5 million, then $8 million, then $20 million.", set(), set()),
    ],
)
def test_parts_and_wholes_are_told(scene, text, wholes, parts):
    field = amount_field(make_view(scene(text), shipped().contexts))
    told = {one.key[1]: (row[-2], row[-1]) for one, row in zip(field.candidates, field.rows, strict=True)}
    assert {value for value, (whole, _) in told.items() if whole} == wholes
    assert {value for value, (_, part) in told.items() if part} == parts


def test_a_forum_receives_but_does_not_give(scene):
    view = make_view(scene("Under the Pacific Islands Forum, Japan trained Fijian nurses."), shipped().contexts)
    keys = {name: [one.key for one in party_field(view, name).candidates] for name in ("giver", "receiver")}
    assert keys["giver"] == ["JPN", "FJI"]
    assert ("body", "Pacific Islands Forum") in keys["receiver"]


def test_words_of_a_sentence_are_weighed_in_its_order_so_that_the_sum_is_the_same_in_each_process(scene):
    found = scene("In 2009 Japan gave Laos a loan for a school and a loan for a road.")
    place = found.places[found.parties[0]]
    weighed = [one.removeprefix("s ") for one in context_features(found, place) if one.startswith("s ")]
    assert weighed == list(dict.fromkeys(found.words[0]))
