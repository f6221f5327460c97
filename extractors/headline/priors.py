"""What is known before a text is read: who gives where words leave it open, and that titles slip."""

import math
from collections.abc import Hashable

import numpy as np

from extractors.mentions import AmountMention, PartyMention

from .candidates import BODY_COLUMN, NOT_IN_BODY, ROUNDED, Field, known_giver_column
from .choose import Floats

_UNLIKELY = 2.0
_SLIP = 5.0
_LEAST_SUM = 1000  # a sum below it may itself have lost its scale: "US $211,781" read as 211


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
    """Return the log odds of sums, less where only the title has a figure in this currency or scale.

    A title is written last and its currency or scale is a slip more often than not; such titles are too few to teach
    trees. (Of twelve training notes whose title and text differ in scale, coders side with the text in seven, with the
    title in three.)
    """
    told = [one.key for one, row in zip(field.candidates, field.rows, strict=True) if row[BODY_COLUMN] < NOT_IN_BODY]
    slips = [
        row[BODY_COLUMN] == NOT_IN_BODY and any(_same_figure(one.key, other) for other in told)
        for one, row in zip(field.candidates, field.rows, strict=True)
    ]
    return odds - _SLIP * np.array(slips, dtype=np.float64) if any(slips) else odds


def _same_figure(one: Hashable, other: Hashable) -> bool:
    """Tell whether two sums have one figure in two currencies, or in two scales ("3.7 million", "3.7 billion")."""
    if not (isinstance(one, tuple) and isinstance(other, tuple)):
        return False
    if one[0] != other[0]:
        return _near(one[1], other[1])
    power = round(math.log10(one[1] / other[1]))
    return power != 0 and other[1] >= _LEAST_SUM and _near(one[1], other[1] * 10.0**power)


def _near(one: float, other: float) -> bool:
    return bool(abs(one - other) <= ROUNDED * max(one, other))
