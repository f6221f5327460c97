"""Decide: all fields of a scene together, from the odds of their candidates."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.mentions import AmountMention, PartyMention, YearMention

from .candidates import (
    BODY_COLUMN,
    NOT_IN_BODY,
    ROUNDED,
    Field,
    View,
    amount_field,
    body_field,
    known_giver_column,
    party_field,
    year_field,
)
from .choose import Chosen, Floats, choose_one, choose_or_none, choose_pair

_NO_BODY = -0.5
_PUBLIC = 1.8
_UNLIKELY = 2.0
_SLIP = 3.0


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
    """What was chosen in each field; ``payer`` is a place among the bodies, or none for the giver itself."""

    giver: Chosen
    receiver: Chosen
    year: Chosen
    amount: Chosen


def fields_of(view: View) -> Fields:
    """Return the candidates of each field."""
    return Fields(party_field(view, "giver"), party_field(view, "receiver"), year_field(view), amount_field(view))


def decide(fields: Fields, odds: Odds, no_amount: float) -> Decision:
    """Choose in each field; ``no_amount`` is the log odds that no sum is the act's."""
    givers = weighed_givers(fields.giver, odds.giver)
    giver, receiver = choose_pair(fields.giver, givers, fields.receiver, odds.receiver)
    amounts = weighed_sums(fields.amount, odds.amount)
    return Decision(giver, receiver, choose_one(odds.year), choose_or_none(amounts, no_amount))


def weighed_givers(field: Field[PartyMention], odds: Floats) -> Floats:
    """Return the log odds of givers, less for countries not known to give where a known giver is mentioned too.

    Trees are taught with known givers hidden in part of the examples, so that they read who gives in the text; where
    the text leaves it open, this is what is known beforehand. Bodies and regions are as likely as before.
    """
    if not len(odds):
        return odds
    known = field.rows[:, known_giver_column()]
    others = np.array([isinstance(one.key, str) for one in field.candidates]) & (known == 0)
    return odds - _UNLIKELY * others if known.any() else odds


def weighed_sums(field: Field[AmountMention], odds: Floats) -> Floats:
    """Return the log odds of sums, less where the title alone has a figure that the text has in another currency.

    A title is written last and its currency is a slip more often than not; such titles are too few to teach trees.
    """
    told = [one.key for one, row in zip(field.candidates, field.rows, strict=True) if row[BODY_COLUMN] < NOT_IN_BODY]
    slips = [
        row[BODY_COLUMN] == NOT_IN_BODY and any(_same_figure(one.key, other) for other in told)
        for one, row in zip(field.candidates, field.rows, strict=True)
    ]
    return odds - _SLIP * np.array(slips, dtype=np.float64) if any(slips) else odds


def _same_figure(one: Hashable, other: Hashable) -> bool:
    if not (isinstance(one, tuple) and isinstance(other, tuple)) or one[0] == other[0]:
        return False
    return bool(abs(one[1] - other[1]) <= ROUNDED * max(abs(one[1]), abs(other[1])))


def choose_payer(bodies: Field[PartyMention], odds: Floats, giver: Chosen) -> Chosen:
    """Choose the body that pays, or none; the confidence goes by the giver's signals too.

    A ministry or an embassy that may have paid is the state as well, so it needs less to be taken.
    """
    public = np.array([one.best.type == "government" for one in bodies.candidates], dtype=np.float64)
    chosen = choose_or_none(odds + _PUBLIC * public if len(odds) else odds, _NO_BODY)
    taken = 0.0 if chosen.place is None else float(public[chosen.place])
    return Chosen(chosen.place, (*chosen.signals, taken, *giver.signals[:4]))


def payers_of(view: View, fields: Fields, giver: Chosen) -> Field[PartyMention]:
    """Return the bodies that may pay for the giver chosen."""
    key = None if giver.place is None else fields.giver.candidates[giver.place].key
    return body_field(view, key)


def amount_signals(odds: Floats, money: NDArray[np.floating], kind: NDArray[np.floating]) -> Floats:
    """Return what tells whether any sum is the act's: the odds of the best three, and what the text as a whole says."""
    best = np.sort(np.clip(odds, -12, 12))[::-1][:3]
    padded = np.concatenate([best, np.full(3 - len(best), -12.0)])
    return np.concatenate([padded, [padded[0] - padded[1], float(len(odds))], money[-1:], kind]).astype(np.float64)
