"""Decide: all fields of a scene together, from the odds of their candidates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.mentions import AmountMention, PartyMention, YearMention

from .candidates import Field, View, amount_field, party_field, year_field
from .choose import Chosen, Floats, choose_one, choose_or_none, choose_pair
from .payers import Payers, backed_givers
from .priors import weighed_givers, weighed_sums


@dataclass(frozen=True)
class Fields:
    """The candidates of each field but the paying bodies, who depend on the giver."""

    giver: Field[PartyMention]
    receiver: Field[PartyMention]
    year: Field[YearMention]
    amount: Field[AmountMention]


@dataclass(frozen=True)
class Odds:
    """The log odds of the candidates of each field."""

    giver: Floats
    receiver: Floats
    year: Floats
    amount: Floats


@dataclass(frozen=True)
class Decision:
    """What was chosen in each field but the paying body, who depends on the giver."""

    giver: Chosen
    receiver: Chosen
    year: Chosen
    amount: Chosen


def fields_of(view: View) -> Fields:
    """Return the candidates of each field."""
    return Fields(party_field(view, "giver"), party_field(view, "receiver"), year_field(view), amount_field(view))


def decide(fields: Fields, odds: Odds, no_amount: float, payers: Payers) -> Decision:
    """Choose in each field; ``no_amount`` is the log odds that no sum is the act's."""
    givers = backed_givers(fields.giver, weighed_givers(fields.giver, odds.giver), payers)
    giver, receiver = choose_pair(fields.giver, givers, fields.receiver, odds.receiver)
    amounts = weighed_sums(fields.amount, odds.amount)
    return Decision(giver, receiver, choose_one(odds.year), choose_or_none(amounts, no_amount))


def amount_signals(
    odds: Floats, money: NDArray[np.floating], kind: NDArray[np.floating], gaps: tuple[int, int]
) -> Floats:
    """Return what tells whether any sum is the act's.

    The odds of the best three, what the text as a whole says (``money``, ``kind``) and where it says that it does not
    know (``gaps``, as ``unstated`` counts them).
    """
    best = np.sort(np.clip(odds, -12, 12))[::-1][:3]
    padded = np.concatenate([best, np.full(3 - len(best), -12.0)])
    apart = [padded[0] - padded[1], float(len(odds))]
    return np.concatenate([padded, apart, money[-1:], kind, gaps]).astype(np.float64)
