"""How likely two records of a document's two versions state the same act, from 0 to 1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from schemas import CooperationRecord

T = TypeVar("T")
_GRAM = 3
_AROUND = 80
THRESHOLD = 0.5
"""Below this, two records are two acts."""
WEIGHTS = {"evidence": 0.45, "partner": 0.18, "amount": 0.14, "actor": 0.11, "kind": 0.06, "year": 0.06}
_AROUND_WEIGHT, _BETWEEN_WEIGHT = 0.02, 0.02  # break ties between acts that are told twice in the same words
_INSIDE = 0.85  # a sentence that became part of a longer quotation is nearly as good as the same sentence
_ENOUGH = 20  # trigrams; less may stand inside anything
_ONE_SIDED = 0.3
_OTHER_ACT = 0.55  # another kind with another amount, in whatever words


@dataclass(frozen=True, slots=True)
class Traits:
    """A record's traits, ready to compare. Texts are sets of character trigrams: no language, no position.

    ``after`` is a bit set of the landmarks (records known in both versions) that stand before this one.
    """

    evidence: frozenset[str]
    around: frozenset[str]
    after: int
    actor: str
    partner: str | None
    amount: tuple[str, float] | None
    year: tuple[int, int | None] | None
    kind: str


def grams(text: str) -> frozenset[str]:
    """Return the character trigrams of a text, case folded; of a shorter text, the text."""
    folded = " ".join(text.casefold().split())
    if len(folded) <= _GRAM:
        return frozenset([folded] if folded else [])
    return frozenset(folded[at : at + _GRAM] for at in range(len(folded) - _GRAM + 1))


def traits_of(record: CooperationRecord, text: str, landmarks: Sequence[int] = ()) -> Traits:
    """Read the traits of a record off it and off its document.

    ``text`` is the document's, ``landmarks`` the offsets of the records that are known in both of its versions, in the
    same order for both.
    """
    evidence, partner, amount, year = record.evidence, record.partner, record.amount, record.year
    around = text[max(0, evidence.start - _AROUND) : evidence.start] + text[evidence.end : evidence.end + _AROUND]
    return Traits(
        evidence=grams(evidence.text),
        around=grams(around),
        after=sum(1 << bit for bit, place in enumerate(landmarks) if place < evidence.start),
        actor=record.actor.name,
        partner=partner.name if partner else None,
        amount=(amount.unit, amount.value) if amount else None,
        year=(year.start, year.end) if year else None,
        kind=record.kind,
    )


def similarity(old: Traits, new: Traits, *, landmarks: int = 0) -> float:
    """Weigh evidence, parties, amount, kind and year; what neither record has counts for nothing.

    ``landmarks`` is the number of records by which ``after`` was taken.
    """
    parts = {
        "evidence": overlap(old.evidence, new.evidence),
        "actor": _names(old.actor, new.actor),
        "partner": _compared(old.partner, new.partner, _names),
        "amount": _compared(old.amount, new.amount, _amounts),
        "kind": float(old.kind == new.kind),
        "year": _compared(old.year, new.year, _equal),
    }
    known = {name: value for name, value in parts.items() if value is not None}
    score = sum(WEIGHTS[name] * value for name, value in known.items()) / sum(WEIGHTS[name] for name in known)
    if old.kind != new.kind and parts["amount"] is not None and parts["amount"] < 1:
        score *= _OTHER_ACT
    between = 1 - (old.after ^ new.after).bit_count() / (landmarks or 1)
    return (
        (1 - _AROUND_WEIGHT - _BETWEEN_WEIGHT) * score
        + _AROUND_WEIGHT * _dice(old.around, new.around)
        + _BETWEEN_WEIGHT * between
    )


def overlap(old: frozenset[str], new: frozenset[str]) -> float:
    """Compare two quotations by what they share, whichever is the longer."""
    if old == new:
        return 1.0
    smaller = min(len(old), len(new))
    inside = _INSIDE * len(old & new) / smaller if smaller >= _ENOUGH else 0.0
    return max(_dice(old, new), inside)


def _dice(old: frozenset[str], new: frozenset[str]) -> float:
    total = len(old) + len(new)
    return 2 * len(old & new) / total if total else 1.0


def _compared(old: T | None, new: T | None, how: Callable[[T, T], float]) -> float | None:
    """Compare what both records have; what one alone has speaks a little for it, what neither has says nothing."""
    if old is None or new is None:
        return None if old == new else _ONE_SIDED
    return how(old, new)


def _equal(old: object, new: object) -> float:
    return float(old == new)


@lru_cache(maxsize=1 << 14)
def _names(old: str, new: str) -> float:
    return 1.0 if old == new else 0.8 * _dice(grams(old), grams(new))


def _amounts(old: tuple[str, float], new: tuple[str, float]) -> float:
    return 1.0 if old == new else 0.4 * (old[0] == new[0])
