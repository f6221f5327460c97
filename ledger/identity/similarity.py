"""How likely two records of a document's two versions state the same act, from 0 to 1."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import CooperationRecord

_GRAM = 3
_AROUND = 80
THRESHOLD = 0.5
"""Below this, two records are two acts."""
WEIGHTS = {"evidence": 0.45, "partner": 0.18, "amount": 0.14, "actor": 0.11, "kind": 0.06, "year": 0.06}
_AROUND_WEIGHT, _BETWEEN_WEIGHT = 0.02, 0.02  # break ties between acts that are told twice in the same words
_INSIDE = 0.85  # a sentence that became part of a longer quotation is nearly as good as the same sentence
_ENOUGH = 20  # trigrams; less may stand inside anything
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
    partner: str
    actor_grams: frozenset[str]
    partner_grams: frozenset[str]
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
    partner_name = partner.name if partner else ""
    return Traits(
        evidence=grams(evidence.text),
        around=grams(around),
        after=sum(1 << bit for bit, place in enumerate(landmarks) if place < evidence.start),
        actor=record.actor.name,
        partner=partner_name,
        actor_grams=grams(record.actor.name),
        partner_grams=grams(partner_name),
        amount=(amount.unit, amount.value) if amount else None,
        year=(year.start, year.end) if year else None,
        kind=record.kind,
    )


def signature(record: CooperationRecord) -> tuple[str, ...]:
    """Return the inputs of a content id: two records with the same signature say the same thing in the same words."""
    partner = record.partner.name if record.partner else ""
    amount = record.amount.derivation.surface if record.amount else ""
    return (record.evidence.text, record.kind, record.actor.name, partner, amount)


def singles(records: Iterable[CooperationRecord]) -> dict[tuple[str, ...], int]:
    """Map each signature that only one record has to the place of that record."""
    places: dict[tuple[str, ...], list[int]] = {}
    for place, record in enumerate(records):
        places.setdefault(signature(record), []).append(place)
    return {key: found[0] for key, found in places.items() if len(found) == 1}


def similarity(old: Traits, new: Traits, *, landmarks: int = 0) -> float:
    """Weigh evidence, parties, amount, kind and year; what neither record has counts for nothing.

    ``landmarks`` is the number of records by which ``after`` was taken.
    """
    parts = {
        "evidence": overlap(old.evidence, new.evidence),
        "actor": _names(old.actor, new.actor, old.actor_grams, new.actor_grams),
        "partner": _partners(old, new),
        "amount": _amounts(old.amount, new.amount),
        "kind": float(old.kind == new.kind),
        "year": _years(old.year, new.year),
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


def _names(old: str, new: str, old_grams: frozenset[str], new_grams: frozenset[str]) -> float:
    return 1.0 if old == new else 0.8 * _dice(old_grams, new_grams)


def _partners(old: Traits, new: Traits) -> float | None:
    if not old.partner and not new.partner:
        return None
    if not old.partner or not new.partner:
        return 0.3
    return _names(old.partner, new.partner, old.partner_grams, new.partner_grams)


def _amounts(old: tuple[str, float] | None, new: tuple[str, float] | None) -> float | None:
    if old is None and new is None:
        return None
    if old is None or new is None:
        return 0.3
    if old == new:
        return 1.0
    return 0.4 if old[0] == new[0] else 0.0


def _years(old: tuple[int, int | None] | None, new: tuple[int, int | None] | None) -> float | None:
    if old is None and new is None:
        return None
    if old is None or new is None:
        return 0.3
    return float(old == new)
