"""Choose: from the log odds of the candidates to the value of each field, and to what its confidence goes by."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.mentions import PartyMention

from .candidates import Field

Floats = NDArray[np.float64]
_NEVER = -12.0


@dataclass(frozen=True)
class Chosen:
    """The place of the candidate chosen, or None, and the signals by which its confidence is reckoned."""

    place: int | None
    signals: tuple[float, ...]


def share(odds: Floats) -> Floats:
    """Return the shares of candidates of which one is right, from their log odds."""
    if not len(odds):
        return odds
    weights = np.exp(np.clip(odds, _NEVER, -_NEVER) - np.max(odds))
    found: Floats = weights / weights.sum()
    return found


def _best(odds: Floats) -> tuple[float, float, float]:
    """Return the best and second log odds, bounded, and the share of the best."""
    if not len(odds):
        return _NEVER, _NEVER, 0.0
    ordered = np.sort(np.clip(odds, _NEVER, -_NEVER))[::-1]
    second = float(ordered[1]) if len(ordered) > 1 else _NEVER
    return float(ordered[0]), second, float(share(odds).max())


def choose_one(odds: Floats) -> Chosen:
    """Choose the likeliest candidate, none where there is none."""
    top, second, part = _best(odds)
    signals = (top, second, min(top - second, 8.0), part, float(len(odds) == 1), float(not len(odds)))
    return Chosen(int(np.argmax(odds)) if len(odds) else None, signals)


def choose_or_none(odds: Floats, none: float) -> Chosen:
    """Choose the likeliest candidate unless none at all (log odds ``none``) is likelier."""
    first = choose_one(odds)
    top = first.signals[0]
    taken = first.place if first.place is not None and top > none else None
    return Chosen(taken, (*first.signals, none, abs(top - none), float(taken is None), none * (taken is None)))


def choose_pair(
    givers: Field[PartyMention], giver_odds: Floats, receivers: Field[PartyMention], receiver_odds: Floats
) -> tuple[Chosen, Chosen]:
    """Choose the giver and the receiver together: they are two, and the sum of their log odds is largest."""
    actor, partner = choose_one(giver_odds), choose_one(receiver_odds)
    if not len(giver_odds):
        return actor, partner
    total = giver_odds[:, None] + receiver_odds[None, :]
    keys = [one.key for one in givers.candidates]
    total[_same(keys, [one.key for one in receivers.candidates])] = -np.inf
    if not np.isfinite(total).any():
        return actor, Chosen(None, partner.signals)
    best = np.unravel_index(int(np.argmax(total)), total.shape)
    one, two = int(best[0]), int(best[1])
    return Chosen(one, actor.signals), Chosen(two, partner.signals)


def _same(first: list[Hashable], second: list[Hashable]) -> NDArray[np.bool_]:
    return np.array([[a == b for b in second] for a in first], dtype=bool)
