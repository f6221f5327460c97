"""Similarity, from 0 to 1, of two records from two versions of a document: do they state the same act?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from schemas import CooperationRecord

T = TypeVar("T")
_GRAM_LENGTH = 3
_CONTEXT = 80
THRESHOLD = 0.5
"""Records less similar than this state different acts."""
WEIGHTS = {"evidence": 0.45, "partner": 0.18, "amount": 0.14, "actor": 0.11, "kind": 0.06, "year": 0.06}
_CONTEXT_WEIGHT, _ORDER_WEIGHT = 0.02, 0.02  # break ties between acts stated twice in the same words
_CONTAINED = 0.85  # the score of a quotation that is contained in the other one
_MIN_GRAMS = 20  # shorter quotations may be contained in anything
_ONE_SIDED = 0.3
_OTHER_ACT = 0.55  # factor where both kind and amount differ, whatever the wording


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of a record that are compared. Texts are sets of character trigrams, whatever the language.

    ``landmarks_before`` is a bit set of the landmarks (records known in both versions) that come before this record.
    """

    evidence: frozenset[str]
    context: frozenset[str]
    landmarks_before: int
    actor: str
    partner: str | None
    amount: tuple[str, float] | None
    year: tuple[int, int | None] | None
    kind: str


def grams(text: str) -> frozenset[str]:
    """Return the character trigrams of a text, case-folded with blanks collapsed; a shorter text is its own gram."""
    folded = " ".join(text.casefold().split())
    if len(folded) <= _GRAM_LENGTH:
        return frozenset([folded] if folded else [])
    return frozenset(folded[at : at + _GRAM_LENGTH] for at in range(len(folded) - _GRAM_LENGTH + 1))


def traits_of(record: CooperationRecord, text: str, landmarks: Sequence[int] = ()) -> Traits:
    """Return the traits of a record.

    ``text`` is the document's text, ``landmarks`` the offsets in it of the records known in both versions, in the same
    order for both.
    """
    evidence, partner, amount, year = record.evidence, record.partner, record.amount, record.year
    context = text[max(0, evidence.start - _CONTEXT) : evidence.start] + text[evidence.end : evidence.end + _CONTEXT]
    return Traits(
        evidence=grams(evidence.text),
        context=grams(context),
        landmarks_before=sum(1 << bit for bit, place in enumerate(landmarks) if place < evidence.start),
        actor=record.actor.name,
        partner=partner.name if partner else None,
        amount=(amount.unit, amount.value) if amount else None,
        year=(year.start, year.end) if year else None,
        kind=record.kind,
    )


def similarity(old: Traits, new: Traits, *, landmarks: int = 0) -> float:
    """Return the weighted mean similarity of evidence, parties, amount, kind and year, without fields that both lack.

    ``landmarks`` is the number of landmarks given to ``traits_of``.
    """
    parts = {
        "evidence": overlap(old.evidence, new.evidence),
        "actor": _name_similarity(old.actor, new.actor),
        "partner": _compare_optional(old.partner, new.partner, _name_similarity),
        "amount": _compare_optional(old.amount, new.amount, _amount_similarity),
        "kind": float(old.kind == new.kind),
        "year": _compare_optional(old.year, new.year, _equal),
    }
    known = {name: value for name, value in parts.items() if value is not None}
    score = sum(WEIGHTS[name] * value for name, value in known.items()) / sum(WEIGHTS[name] for name in known)
    if old.kind != new.kind and parts["amount"] is not None and parts["amount"] < 1:
        score *= _OTHER_ACT
    same_order = 1 - (old.landmarks_before ^ new.landmarks_before).bit_count() / (landmarks or 1)
    return (
        (1 - _CONTEXT_WEIGHT - _ORDER_WEIGHT) * score
        + _CONTEXT_WEIGHT * _dice(old.context, new.context)
        + _ORDER_WEIGHT * same_order
    )


def overlap(old: frozenset[str], new: frozenset[str]) -> float:
    """Return the similarity of two quotations, high also if the longer one contains the shorter."""
    if old == new:
        return 1.0
    smaller = min(len(old), len(new))
    inside = _CONTAINED * len(old & new) / smaller if smaller >= _MIN_GRAMS else 0.0
    return max(_dice(old, new), inside)


def _dice(old: frozenset[str], new: frozenset[str]) -> float:
    total = len(old) + len(new)
    return 2 * len(old & new) / total if total else 1.0


def _compare_optional(old: T | None, new: T | None, how: Callable[[T, T], float]) -> float | None:
    """Return ``how(old, new)``; a low score if only one record has a value, None if neither has."""
    if old is None or new is None:
        return None if old == new else _ONE_SIDED
    return how(old, new)


def _equal(old: object, new: object) -> float:
    return float(old == new)


@lru_cache(maxsize=1 << 14)
def _name_similarity(old: str, new: str) -> float:
    return 1.0 if old == new else 0.8 * _dice(grams(old), grams(new))


def _amount_similarity(old: tuple[str, float], new: tuple[str, float]) -> float:
    return 1.0 if old == new else 0.4 * (old[0] == new[0])
