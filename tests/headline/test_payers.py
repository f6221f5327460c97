"""Bodies that pay, and the countries that they speak for."""

import numpy as np
import pytest

from extractors.headline.candidates import Field, FieldCandidate, make_view, party_field
from extractors.headline.choose import Chosen, apply_body_prior, choose_payer, giver_of, payers_of
from extractors.headline.model import shipped
from extractors.mentions import PartyMention

BANK = PartyMention(0, 4, "Bank", name="National Bank", type="organisation", country="KOR")


def field(*mentions):
    keys = [one.country if one.type == "country" else one.name for one in mentions]
    candidates = tuple(FieldCandidate(key, (one,), one, 0.0) for key, one in zip(keys, mentions, strict=True))
    return Field(candidates, np.zeros((len(mentions), 1)))


def country(code):
    return PartyMention(5, 6, "x", name=code, type="country", country=code)


@pytest.mark.parametrize(("payer", "giver"), [(2.0, "KOR"), (-3.0, "ECU")])
def test_a_body_that_likely_pays_speaks_for_its_country(payer, giver):
    givers = field(country("ECU"), country("KOR"))
    payers = {"ECU": (field(), np.zeros(0)), "KOR": (field(BANK), np.array([payer]))}
    odds = apply_body_prior(givers, np.array([1.0, -1.0]), payers)
    assert giver_of(givers, Chosen(int(np.argmax(odds)), ())) == giver


def test_a_body_of_no_country_speaks_for_none():
    fund = PartyMention(0, 4, "Fund", name="Green Fund", type="organisation")
    payers = {"ECU": (field(fund), np.array([5.0]))}
    assert apply_body_prior(field(country("ECU")), np.array([1.0]), payers).tolist() == [1.0]


def test_nobody_gives_where_nobody_is():
    assert len(apply_body_prior(field(), np.zeros(0), {})) == 0
    assert giver_of(field(), Chosen(None, ())) is None


def test_each_giver_has_its_own_bodies(scene):
    view = make_view(scene("Peru signs with Korea Eximbank and the Green Climate Fund."), shipped().contexts)
    payers = payers_of(view, party_field(view, "giver"), shipped().trees["payer"].log_odds)
    names = {key: [one.best.name for one in bodies.candidates] for key, (bodies, _) in payers.items()}
    assert names["PER"] == names[None] == ["Green Climate Fund"]
    assert names["KOR"] == ["Export-Import Bank of Korea", "Green Climate Fund"]


def test_a_ministry_needs_less_to_be_taken_than_a_firm():
    ministry = PartyMention(0, 4, "M", name="Ministry of Works", type="government", country="KOR")
    firm = PartyMention(0, 4, "F", name="Firm", type="company", country="KOR")
    giver = Chosen(0, (0.0, 0.0, 0.0, 0.0))
    assert choose_payer(field(ministry), np.array([-1.5]), giver).index == 0
    assert choose_payer(field(firm), np.array([-1.5]), giver).index is None
