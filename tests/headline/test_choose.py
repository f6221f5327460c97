import numpy as np
import pytest

from extractors.headline.candidates import Field, FieldCandidate
from extractors.headline.choose import choose_one, choose_or_none, choose_pair, shares
from extractors.mentions import PartyMention


def field(*countries):
    mentions = [PartyMention(at, at + 1, "x", name=country, type="country") for at, country in enumerate(countries)]
    candidates = [FieldCandidate(one.name, (one,), one, 0.0) for one in mentions]
    return Field(tuple(candidates), np.zeros((len(countries), 1)))


@pytest.mark.parametrize(("odds", "place"), [([0.5, 2.0, -1.0], 1), ([-5.0], 0), ([], None)])
def test_the_likeliest_is_chosen(odds, place):
    assert choose_one(np.array(odds)).index == place


@pytest.mark.parametrize(("odds", "none", "place"), [([1.0], 0.0, 0), ([1.0], 2.0, None), ([], -9.0, None)])
def test_none_is_chosen_where_it_is_likelier(odds, none, place):
    assert choose_or_none(np.array(odds), none).index == place


def test_giver_and_receiver_are_two():
    both = field("KEN", "JPN")
    giver, receiver = choose_pair(both, np.array([1.0, 0.9]), both, np.array([3.0, -2.0]))
    assert (giver.index, receiver.index) == (1, 0)


def test_a_giver_alone_has_no_receiver():
    giver, receiver = choose_pair(field("JPN"), np.array([1.0]), field("JPN"), np.array([1.0]))
    assert giver.index == 0
    assert receiver.index is None


def test_no_candidates_no_choice():
    giver, receiver = choose_pair(field(), np.zeros(0), field(), np.zeros(0))
    assert giver.index is None
    assert receiver.index is None


def test_shares_add_up_to_one():
    assert shares(np.array([1.0, 2.0, 3.0])).sum() == pytest.approx(1)
    assert len(shares(np.zeros(0))) == 0
