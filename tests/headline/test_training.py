import numpy as np
import pytest

pytest.importorskip("sklearn")

from extractors.evaluate.projects import same_body
from extractors.mentions import PartyMention
from extractors.training.choices.examples import actor_is_right, is_right, with_other_givers
from extractors.training.choices.fitting import fit_confidences, fit_contexts, fit_sharpness, fit_trees

UNNAMED = {"name": "Unspecified Chinese Government Institution"}


def gold(**own):
    return {"funders": [UNNAMED], "recipients": ["KEN"], "amount": None, "currency": None, "year": 2009, **own}


@pytest.mark.slow
def test_trees_tell_right_from_wrong_and_repeat_themselves():
    rows = np.random.RandomState(0).normal(size=(400, 3))
    labels = (rows[:, 1] > 0).astype(int).tolist()
    first, again = fit_trees(rows, labels, trees=20), fit_trees(rows, labels, trees=20)
    assert ((first.log_odds(rows) > 0) == np.array(labels, dtype=bool)).mean() > 0.95
    assert first.log_odds(rows).tolist() == again.log_odds(rows).tolist()


def test_contexts_weigh_the_words_that_tell():
    cases = [["R gave", "s x"], ["L to", "s x"]] * 20
    model = fit_contexts(cases, ("giver",), np.array([[1], [0]] * 20, dtype=np.int8))
    assert model.weights[model.index["R gave"], 0] > 0 > model.weights[model.index["L to"], 0]


def test_confidences_rise_with_the_signal_and_match_the_share_right():
    signals = [(float(one),) for one in np.linspace(-3, 3, 600)]
    right = (np.random.RandomState(1).uniform(size=600) < 1 / (1 + np.exp(-np.linspace(-3, 3, 600)))).tolist()
    found = fit_confidences(signals, right)
    assert found.of((-3.0,)) < found.of((0.0,)) < found.of((3.0,))
    assert np.mean([found.of(one) for one in signals]) == pytest.approx(np.mean(right), abs=0.03)


def test_sharpness_is_higher_where_scores_are_surer():
    scores = np.eye(3)[np.zeros(60, dtype=int)]
    assert fit_sharpness(scores, np.zeros(60, dtype=np.int64)) > 5


def test_every_third_document_gets_another_giver():
    documents = [({"title": "China helps", "text": "Chinese aid from Beijing, a Sino-Kenyan project."}, gold())] * 3
    [(place, copy, own)] = with_other_givers(documents)
    assert place == 0
    assert "China" not in copy["title"] + copy["text"]
    assert own["giver"] == "BRA"


def test_a_named_funder_is_not_exchanged():
    assert with_other_givers([({"title": "", "text": "China"}, gold(funders=[{"name": "A Bank"}]))]) == []


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("China's Exim Bank", "Export-Import Bank of China", True),
        ("CDB", "China Development Bank (CDB)", True),
        ("Bank of China", "China Development Bank", False),
    ],
)
def test_bodies_by_name(one, two, same):
    assert same_body(one, two) is same


def test_who_is_right_as_the_scorer_says():
    china = PartyMention(0, 5, "China", name="China", type="country", country="CHN")
    bank = PartyMention(0, 5, "CDB", name="China Development Bank (CDB)", type="organisation", country="CHN")
    named = gold(funders=[{"name": "China Development Bank (CDB)"}])
    assert actor_is_right(china, gold()) and not actor_is_right(bank, gold())
    assert actor_is_right(bank, named) and not actor_is_right(china, named)
    assert is_right("receiver", "KEN", gold()) and not is_right("receiver", ("group", "Africa"), gold())
    assert is_right("receiver", ("group", "Africa"), gold(recipients=["KEN", "UGA"]))


def test_a_sum_is_right_within_half_a_percent_in_its_currency():
    sum_of = ("USD", 1_004_000.0)
    assert is_right("amount", sum_of, gold(amount=1_000_000.0, currency="USD"))
    assert not is_right("amount", sum_of, gold(amount=1_000_000.0, currency="CNY"))
    assert not is_right("amount", sum_of, gold())
