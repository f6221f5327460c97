"""Candidate records: each act with each likely pair of actor and partner, its year and its sum."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.reader.acts import Act, Filler
from extractors.reader.pieces import entity_of

Bounds = tuple[int, int]
_LEAST = 0.12  # a second party less likely than this is not tried
_LEAST_PARTNER = 0.02  # where nothing else is left, the best partner is tried down to this
_SURE = 0.6  # above this, "no partner" is not tried
_MOST_ACTORS, _MOST_PARTNERS = 5, 14
_TOLD = 0.5  # a year or sum must be likelier than none


@dataclass(frozen=True, slots=True)
class Instance:
    """One act between one actor and one partner.

    ``actor_rank`` and ``partner_rank`` count from 0 among the act's likely ones; ``actors`` and ``partners`` say how
    many these are. ``evidence`` bounds the sentence of the anchor; ``told`` counts how often the act is told.
    """

    act: Act
    actor: PartyMention
    partner: PartyMention | None
    year: Filler | None
    amount: Filler | None
    actor_likely: float
    partner_likely: float
    actor_rank: int
    partner_rank: int
    actors: int
    partners: int
    evidence: Bounds
    told: int = 1

    @property
    def likely(self) -> float:
        """How likely it is by the reader's own word: anchor, actor and partner together."""
        return self.act.likely * self.actor_likely * self.partner_likely

    @property
    def sum(self) -> AmountMention | None:
        """The act's sum, if it has one."""
        mention = self.amount.mention if self.amount else None
        return mention if isinstance(mention, AmountMention) else None

    @property
    def when(self) -> YearMention | None:
        """The act's year as the text tells it; None where there is none or the document's date alone gives it."""
        mention = self.year.mention if self.year else None
        return mention if isinstance(mention, YearMention) else None


def instances(acts: Iterable[Act], sentences: Sequence[Bounds]) -> Iterator[Instance]:
    """Yield the candidate records of each act."""
    starts = [start for start, _ in sentences]
    for act in acts:
        actors = _parties(act.fillers["actor"], _MOST_ACTORS, 0.0)
        partners = _parties(act.fillers["partner"], _MOST_PARTNERS, _LEAST_PARTNER)
        at = max(0, bisect_right(starts, act.start) - 1)
        evidence = sentences[at] if sentences else (act.start, act.end)
        nobody = 1 - (partners[0].likely if partners else 0.0)
        for i, actor in enumerate(actors):
            others = [one for one in partners if _entity(one) != _entity(actor)]
            tried: list[Filler | None] = list(others)
            if not others or others[0].likely < _SURE:
                tried.append(None)
            for k, partner in enumerate(tried):
                yield Instance(
                    act=act,
                    actor=_party(actor),
                    partner=_party(partner) if partner else None,
                    year=_first(act.fillers["year"]),
                    amount=_first([f for f in act.fillers["amount"] if _valued(f)]),
                    actor_likely=actor.likely,
                    partner_likely=partner.likely if partner else nobody,
                    actor_rank=i,
                    partner_rank=k,
                    actors=len(actors),
                    partners=len(others),
                    evidence=(min(evidence[0], act.start), max(evidence[1], act.end)),
                )


def _parties(fillers: Sequence[Filler], most: int, least: float) -> list[Filler]:
    """The likely ones, or the best alone; a person speaks for somebody and is taken only where nobody else is."""
    named = [f for f in fillers if isinstance(f.mention, PartyMention)]
    plain = [f for f in named if f.mention.type != "person"] or named  # type: ignore[union-attr]
    likely = [f for f in plain if f.likely >= _LEAST]
    return (likely or [f for f in plain[:1] if f.likely >= least])[:most]


def _party(filler: Filler) -> PartyMention:
    assert isinstance(filler.mention, PartyMention)
    return filler.mention


def _entity(filler: Filler) -> str:
    return entity_of(_party(filler))


def _first(fillers: Sequence[Filler]) -> Filler | None:
    return fillers[0] if fillers and fillers[0].likely > _TOLD else None


def _valued(filler: Filler) -> bool:
    return isinstance(filler.mention, AmountMention) and filler.mention.value is not None
