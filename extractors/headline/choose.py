"""Choose the value of each field by the log odds of its candidates, with the signals of its confidence.

The odds are adjusted by prior knowledge: who usually gives, that titles have slips, that a bank stands for its country.
"""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from extractors.headline.candidates import (
    BODY_COLUMN,
    KNOWN_GIVER_COLUMN,
    NOT_IN_BODY,
    ROUNDING,
    Field,
    FieldCandidate,
    View,
    amount_field,
    body_field,
    may_pay,
    party_field,
    year_field,
)
from extractors.mentions import AmountMention, Mention, PartyMention

M = TypeVar("M", bound=Mention)
Floats = NDArray[np.float64]
_LOWEST = -12.0  # log odds, where they are clipped
_NOT_A_DONOR = 2.0  # log odds that a country loses if it is no known donor
_SLIP = 5.0  # log odds that a sum loses if it may be a slip of the title
_LEAST_SUM = 1000  # a sum below it may itself have lost its scale: "US $211,781" read as 211
_NO_BODY = -0.5  # log odds that a body must exceed to be chosen
_GOVERNMENT = 1.8  # log odds that a government body gains as a payer
_BACKING = 4.0  # weight of a country's body; by cross-validation 0.937 of actors are right without, 0.938 with 1 to 4

Payers = Mapping[Hashable, tuple[Field[PartyMention], Floats]]


@dataclass(frozen=True)
class Chosen:
    """The index of the chosen candidate, or None, and the signals from which its confidence is computed."""

    index: int | None
    signals: tuple[float, ...]

    def candidate(self, field: Field[M]) -> FieldCandidate[M] | None:
        """Return the chosen candidate of ``field``."""
        return None if self.index is None else field.candidates[self.index]


def shares(odds: Floats) -> Floats:
    """Return the probabilities of candidates of which exactly one is right, from their log odds."""
    if not len(odds):
        return odds
    weights = np.exp(np.clip(odds, _LOWEST, -_LOWEST) - np.max(odds))
    found: Floats = weights / weights.sum()
    return found


def choose_one(odds: Floats) -> Chosen:
    """Choose the likeliest candidate; None where there are no candidates.

    The signals: best and second log odds, clipped, their distance, the probability of the best, whether it is the only
    candidate, whether there is none.
    """
    if not len(odds):
        return Chosen(None, (_LOWEST, _LOWEST, 0.0, 0.0, 0.0, 1.0))
    ordered: list[float] = np.sort(np.clip(odds, _LOWEST, -_LOWEST))[::-1].tolist()
    top, second = ordered[0], ordered[1] if len(ordered) > 1 else _LOWEST
    alone = float(len(odds) == 1)
    return Chosen(int(np.argmax(odds)), (top, second, min(top - second, 8.0), float(shares(odds).max()), alone, 0.0))


def choose_or_none(odds: Floats, none: float) -> Chosen:
    """Choose the likeliest candidate, unless it is likelier (log odds ``none``) that no candidate is right."""
    first = choose_one(odds)
    top = first.signals[0]
    chosen = first.index if first.index is not None and top > none else None
    return Chosen(chosen, (*first.signals, none, abs(top - none), float(chosen is None), none * (chosen is None)))


def choose_pair(
    givers: Field[PartyMention], giver_odds: Floats, receivers: Field[PartyMention], receiver_odds: Floats
) -> tuple[Chosen, Chosen]:
    """Choose giver and receiver together: the two different parties with the largest sum of log odds."""
    actor, partner = choose_one(giver_odds), choose_one(receiver_odds)
    if not len(giver_odds):
        return actor, partner
    total = giver_odds[:, None] + receiver_odds[None, :]
    same = [[one.key == other.key for other in receivers.candidates] for one in givers.candidates]
    total[np.array(same, dtype=bool)] = -np.inf
    if not np.isfinite(total).any():
        return actor, Chosen(None, partner.signals)
    one, two = divmod(int(np.argmax(total)), total.shape[1])
    return Chosen(one, actor.signals), Chosen(two, partner.signals)


def payers_of(view: View, givers: Field[PartyMention], log_odds: Callable[[Floats], Floats]) -> Payers:
    """Return the bodies that may pay and their log odds, for None and for the key of each giver candidate."""
    countries = {party.country for party in view.scene.parties if may_pay(party, party.country)}
    fields: dict[Hashable, Field[PartyMention]] = {key: body_field(view, key) for key in {None, *countries}}
    payers = {key: (field, log_odds(field.rows)) for key, field in fields.items()}
    return {key: payers.get(key, payers[None]) for key in (None, *(one.key for one in givers.candidates))}


def giver_of(givers: Field[PartyMention], giver: Chosen) -> Hashable:
    """Return the key of the chosen giver, a country, region or body; None where there is none."""
    chosen = giver.candidate(givers)
    return None if chosen is None else chosen.key


def apply_body_prior(field: Field[PartyMention], odds: Floats, payers: Payers) -> Floats:
    """Return the log odds of givers, raised for a country one of whose bodies likely pays.

    "Ecuador signs a loan with China Development Bank" names China by its bank alone.
    """
    backing = np.array([_backing_of(one.key, payers) for one in field.candidates], dtype=np.float64)
    return odds + _BACKING * backing


def _backing_of(country: Hashable, payers: Payers) -> float:
    """Return by how much the likeliest body of a country exceeds the log odds of a payer; 0 where it does not."""
    bodies, odds = payers[country]
    own = [float(odd) for one, odd in zip(bodies.candidates, odds, strict=True) if one.best.country == country]
    return max(0.0, max(own, default=_NO_BODY) - _NO_BODY)


def choose_payer(bodies: Field[PartyMention], odds: Floats, giver: Chosen) -> Chosen:
    """Choose the body that pays, or none; the signals include those of the giver.

    A ministry or an embassy that may have paid is also the state, so lower log odds suffice for it.
    """
    public = np.array([one.best.type == "government" for one in bodies.candidates], dtype=np.float64)
    chosen = choose_or_none(odds + _GOVERNMENT * public if len(odds) else odds, _NO_BODY)
    is_public = 0.0 if chosen.index is None else float(public[chosen.index])
    return Chosen(chosen.index, (*chosen.signals, is_public, *giver.signals[:4]))


def apply_donor_prior(field: Field[PartyMention], odds: Floats) -> Floats:
    """Return the log odds of givers, lowered for countries that are no known donors where a known donor is mentioned.

    The trees are trained with known donors hidden in part of the examples, so that they learn from the text who gives;
    this is the prior where the text leaves it open. The odds of bodies and regions do not change.
    """
    if not len(odds):
        return odds
    known = field.rows[:, KNOWN_GIVER_COLUMN]
    others = np.array([isinstance(one.key, str) for one in field.candidates]) & (known == 0)
    return odds - _NOT_A_DONOR * others if known.any() else odds


def apply_title_prior(field: Field[AmountMention], odds: Floats) -> Floats:
    """Return the log odds of sums, lowered where only the title has a figure in this currency or scale.

    A title is written last, and a currency or scale of its own is more often a slip than not; such titles are too few
    to train trees on. (Of twelve training notes whose title and text differ in scale, coders follow the text in seven,
    the title in three.)
    """
    in_body = [one.key for one, row in zip(field.candidates, field.rows, strict=True) if row[BODY_COLUMN] < NOT_IN_BODY]
    slips = [
        row[BODY_COLUMN] == NOT_IN_BODY and any(_same_figure(one.key, other) for other in in_body)
        for one, row in zip(field.candidates, field.rows, strict=True)
    ]
    return odds - _SLIP * np.array(slips, dtype=np.float64) if any(slips) else odds


def _same_figure(one: Hashable, other: Hashable) -> bool:
    """Return whether two sums are one figure in two currencies, or in two scales ("3.7 million", "3.7 billion")."""
    if not (isinstance(one, tuple) and isinstance(other, tuple)):
        return False
    if one[0] != other[0]:
        return _near(one[1], other[1])
    power = round(math.log10(one[1] / other[1]))
    return power != 0 and other[1] >= _LEAST_SUM and _near(one[1], other[1] * 10.0**power)


def _near(one: float, other: float) -> bool:
    return bool(abs(one - other) <= ROUNDING * max(one, other))


@dataclass(frozen=True)
class Decided(Generic[M]):
    """The candidate chosen for a field, or None, and the signals from which its confidence is computed."""

    candidate: FieldCandidate[M] | None
    signals: tuple[float, ...]


FIELDS = ("giver", "receiver", "year", "amount")
"""The fields chosen first in a scene; the paying body depends on the giver and is chosen after them."""
Fields = Mapping[str, Field[Any]]
Odds = Mapping[str, Floats]
Decision = Mapping[str, Decided[Any]]


def fields_of(view: View) -> Fields:
    """Return the candidates of each field."""
    parties = {name: party_field(view, name) for name in ("giver", "receiver")}
    return {**parties, "year": year_field(view), "amount": amount_field(view)}


def decide(fields: Fields, odds: Odds, no_amount: float, payers: Payers) -> Decision:
    """Choose each field and then ``payer``, the paying body; ``no_amount`` is the log odds that no sum is the act's."""
    givers = apply_body_prior(fields["giver"], apply_donor_prior(fields["giver"], odds["giver"]), payers)
    giver, receiver = choose_pair(fields["giver"], givers, fields["receiver"], odds["receiver"])
    amounts = apply_title_prior(fields["amount"], odds["amount"])
    bodies, body_odds = payers[giver_of(fields["giver"], giver)]
    chosen: dict[str, tuple[Field[Any], Chosen]] = {
        "giver": (fields["giver"], giver),
        "receiver": (fields["receiver"], receiver),
        "year": (fields["year"], choose_one(odds["year"])),
        "amount": (fields["amount"], choose_or_none(amounts, no_amount)),
        "payer": (bodies, choose_payer(bodies, body_odds, giver)),
    }
    return {name: Decided(one.candidate(field), one.signals) for name, (field, one) in chosen.items()}


def amount_signals(
    odds: Floats, money: NDArray[np.floating], kind: NDArray[np.floating], gaps: tuple[int, int]
) -> Floats:
    """Return the features by which the trees decide whether any sum is the act's.

    They are the log odds of the best three sums, the scores of the whole text for ``money`` and ``kind``, and the
    number of sentences that say what is not known (``gaps``, from ``count_unstated``).
    """
    best = np.sort(np.clip(odds, -12, 12))[::-1][:3]
    padded = np.concatenate([best, np.full(3 - len(best), -12.0)])
    apart = [padded[0] - padded[1], float(len(odds))]
    return np.concatenate([padded, apart, money[-1:], kind, gaps]).astype(np.float64)
