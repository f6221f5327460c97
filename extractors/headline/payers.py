"""The body that pays: chosen among those of the giver, and evidence that its country gives."""

from collections.abc import Callable, Hashable, Mapping

import numpy as np

from extractors.mentions import PartyMention

from .candidates import Field, View, body_field, may_pay
from .choose import Chosen, Floats, choose_or_none

_NO_BODY = -0.5  # log odds that a body must reach to be taken
_PUBLIC = 1.8
_SPEAKS = 4.0  # by cross-validation: 0.937 of actors without, 0.938 with 1 to 4

Payers = Mapping[Hashable, tuple[Field[PartyMention], Floats]]


def payers_of(view: View, givers: Field[PartyMention], log_odds: Callable[[Floats], Floats]) -> Payers:
    """Return, for None and each key of the candidates for giver, the bodies that may pay for it and their log odds."""
    countries = {party.country for party in view.scene.parties if may_pay(party, party.country)}
    fields: dict[Hashable, Field[PartyMention]] = {key: body_field(view, key) for key in {None, *countries}}
    payers = {key: (field, log_odds(field.rows)) for key, field in fields.items()}
    return {key: payers.get(key, payers[None]) for key in (None, *(one.key for one in givers.candidates))}


def giver_of(givers: Field[PartyMention], giver: Chosen) -> Hashable:
    """Return the country, region or body chosen as the giver; None where there is none."""
    return None if giver.place is None else givers.candidates[giver.place].key


def backed_givers(field: Field[PartyMention], odds: Floats, payers: Payers) -> Floats:
    """Return the log odds of givers, more for a country one of whose own bodies likely pays.

    "Ecuador signs a loan with China Development Bank" names China by its bank alone.
    """
    backing = np.array([_backing(one.key, payers) for one in field.candidates], dtype=np.float64)
    return odds + _SPEAKS * backing


def _backing(country: Hashable, payers: Payers) -> float:
    """Return how far the likeliest body of a country is beyond what a payer must reach."""
    bodies, odds = payers[country]
    own = [float(odd) for one, odd in zip(bodies.candidates, odds, strict=True) if one.best.country == country]
    return max(0.0, max(own, default=_NO_BODY) - _NO_BODY)


def choose_payer(bodies: Field[PartyMention], odds: Floats, giver: Chosen) -> Chosen:
    """Choose the body that pays, or none; the confidence goes by the giver's signals too.

    A ministry or an embassy that may have paid is the state as well, so it needs less to be taken.
    """
    public = np.array([one.best.type == "government" for one in bodies.candidates], dtype=np.float64)
    chosen = choose_or_none(odds + _PUBLIC * public if len(odds) else odds, _NO_BODY)
    taken = 0.0 if chosen.place is None else float(public[chosen.place])
    return Chosen(chosen.place, (*chosen.signals, taken, *giver.signals[:4]))
