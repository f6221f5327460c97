"""Who gives, where the words leave it open: a country known to give, unless a body does."""

import numpy as np
import pytest

from extractors.mentions import PartyMention
from extractors.relations.headline.candidates import Candidate, Field, known_giver_column
from extractors.relations.headline.decide import weighed_givers


def field(known, *keys):
    mentions = [PartyMention(at, at + 1, "x", name=str(key), type="country") for at, key in enumerate(keys)]
    rows = np.zeros((len(keys), known_giver_column() + 1))
    rows[:, -1] = [key in known for key in keys]
    return Field(tuple(Candidate(key, (one,), one, 0.0) for key, one in zip(keys, mentions, strict=True)), rows)


@pytest.mark.parametrize(
    ("keys", "likeliest"),
    [
        (("KEN", "JPN"), 1),
        (("KEN", "UGA"), 0),
        ((("body", "World Bank"), "JPN"), 0),
        ((("group", "Africa"), "JPN"), 0),
        (("JPN", "BRA"), 0),
    ],
)
def test_known_givers_come_before_other_countries_only(keys, likeliest):
    odds = weighed_givers(field({"JPN", "BRA"}, *keys), np.array([0.5, 0.0]))
    assert int(np.argmax(odds)) == likeliest


def test_clear_words_outweigh_what_is_known():
    assert int(np.argmax(weighed_givers(field({"JPN"}, "KEN", "JPN"), np.array([3.0, -3.0])))) == 0


def test_nobody_is_weighed_where_nobody_is():
    assert len(weighed_givers(field(set()), np.zeros(0))) == 0
