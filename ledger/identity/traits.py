"""What a record is known by: its quotation, what stands around it, and its fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import CooperationRecord

_GRAM = 3
_AROUND = 80


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
