"""What is known beforehand: who gives where the words leave it open, and which currency where title and text differ."""

import numpy as np
import pytest

from extractors.headline.candidates import BODY_COLUMN, KNOWN_GIVER_COLUMN, NOT_IN_BODY, Field, FieldCandidate
from extractors.headline.choose import apply_donor_prior, apply_title_prior
from extractors.mentions import AmountMention, PartyMention


def field(known, *keys):
    mentions = [PartyMention(at, at + 1, "x", name=str(key), type="country") for at, key in enumerate(keys)]
    rows = np.zeros((len(keys), KNOWN_GIVER_COLUMN + 1))
    rows[:, -1] = [key in known for key in keys]
    return Field(tuple(FieldCandidate(key, (one,), one, 0.0) for key, one in zip(keys, mentions, strict=True)), rows)


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
    odds = apply_donor_prior(field({"JPN", "BRA"}, *keys), np.array([0.5, 0.0]))
    assert int(np.argmax(odds)) == likeliest


def test_clear_words_outweigh_what_is_known():
    assert int(np.argmax(apply_donor_prior(field({"JPN"}, "KEN", "JPN"), np.array([3.0, -3.0])))) == 0


def test_nobody_is_weighed_where_nobody_is():
    assert len(apply_donor_prior(field(set()), np.zeros(0))) == 0


SUMS = {
    "Title alone, the text says yuan": ([(("USD", 3e7), False), (("CNY", 3e7), True)], ("CNY", 3e7)),
    "nearly the same figure": ([(("CNY", 68.4e6), False), (("USD", 68392600.0), True)], ("USD", 68392600.0)),
    "both currencies in the text": ([(("USD", 3e7), True), (("CNY", 3e7), True)], ("USD", 3e7)),
    "another scale": ([(("XAF", 3.7e6), False), (("XAF", 3.7e9), True)], ("XAF", 3.7e9)),
    "a text without scale": ([(("XAF", 3.7e6), False), (("XAF", 3.7), True)], ("XAF", 3.7e6)),
    "a rounded figure": ([(("USD", 3e6), False), (("USD", 3.1e6), True)], ("USD", 3e6)),
    "another figure": ([(("USD", 3e7), False), (("CNY", 2e8), True)], ("USD", 3e7)),
    "the title alone": ([(("USD", 3e7), False)], ("USD", 3e7)),
}


@pytest.mark.parametrize(("sums", "likeliest"), SUMS.values(), ids=SUMS)
def test_a_currency_or_scale_that_only_the_title_gives_is_a_slip(sums, likeliest):
    mentions = [
        AmountMention(at, at + 1, "x", kind="money", value=key[1], unit=key[0]) for at, (key, _) in enumerate(sums)
    ]
    rows = np.zeros((len(sums), BODY_COLUMN + 1))
    rows[:, BODY_COLUMN] = [1 if told else NOT_IN_BODY for _, told in sums]
    candidates = tuple(FieldCandidate(key, (one,), one, 0.0) for (key, _), one in zip(sums, mentions, strict=True))
    odds = apply_title_prior(Field(candidates, rows), np.linspace(1.0, 0.5, len(sums)))
    assert candidates[int(np.argmax(odds))].key == likeliest


def test_no_sums_no_slip():
    assert len(apply_title_prior(Field((), np.zeros((0, 1))), np.zeros(0))) == 0
