"""Candidate records: each act with each likely pair of actor and partner, its year and its sum.

News states an act several times, in the headline, the lead and the body: ``merged`` makes these one.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.reader.acts import Act, Filler, Role
from extractors.reader.pieces import entity_of

Bounds = tuple[int, int]
_LEAST = 0.12  # the least probability of a party
_LEAST_PARTNER = 0.02  # the least probability of the best partner, where none reaches _LEAST
_SURE = 0.6  # from this probability of the best partner on, "no partner" is not tried
_MOST_ACTORS, _MOST_PARTNERS = 5, 14
_ANY, _OPENING = "any", "opening"  # wildcards in a key: any value, and an act that the title states
# The least probability of a year or a sum; on unseen documents, a year above it is more often right than none.
_LEAST_VALUE: Mapping[Role, float] = {"year": 0.3, "amount": 0.4}


@dataclass(frozen=True, slots=True)
class Instance:
    """A candidate record: one act between one actor and one partner, or none.

    ``actor_likely`` and ``partner_likely`` are probabilities. ``actor_rank`` and ``partner_rank`` count from 0 among
    the act's likely parties; ``actors`` and ``partners`` say how many these are. ``evidence`` bounds the sentence of
    the anchor; ``times_stated`` counts how often the text states the act.
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
    times_stated: int = 1

    @property
    def likely(self) -> float:
        """The reader's probability of the candidate: the product of those of anchor, actor and partner."""
        return self.act.likely * self.actor_likely * self.partner_likely

    @property
    def sum(self) -> AmountMention | None:
        """The act's sum, if it has one."""
        mention = self.amount.mention if self.amount else None
        return mention if isinstance(mention, AmountMention) else None

    @property
    def when(self) -> YearMention | None:
        """The act's year as the text states it; None where there is none or only the document's date gives it."""
        mention = self.year.mention if self.year else None
        return mention if isinstance(mention, YearMention) else None


def instances(acts: Iterable[Act], sentences: Sequence[Bounds]) -> Iterator[Instance]:
    """Yield the candidate records of each act; ``sentences`` are bounds in the text, in order."""
    starts = [start for start, _ in sentences]
    for act in acts:
        actors = _parties(act.fillers["actor"], _MOST_ACTORS, 0.0)
        partners = _parties(act.fillers["partner"], _MOST_PARTNERS, _LEAST_PARTNER)
        at = max(0, bisect_right(starts, act.start) - 1)
        evidence = sentences[at] if sentences else (act.start, act.end)
        no_partner = 1 - (partners[0].likely if partners else 0.0)
        for i, actor in enumerate(actors):
            others = [one for one in partners if _entity(one) != _entity(actor) and not _overlap(actor, one)]
            tried: list[Filler | None] = list(others)
            if not others or others[0].likely < _SURE:
                tried.append(None)
            for k, partner in enumerate(tried):
                yield Instance(
                    act=act,
                    actor=_party(actor),
                    partner=_party(partner) if partner else None,
                    year=_likeliest_value(act.fillers["year"], "year"),
                    amount=_likeliest_value([f for f in act.fillers["amount"] if _has_value(f)], "amount"),
                    actor_likely=actor.likely,
                    partner_likely=partner.likely if partner else no_partner,
                    actor_rank=i,
                    partner_rank=k,
                    actors=len(actors),
                    partners=len(others),
                    evidence=(min(evidence[0], act.start), max(evidence[1], act.end)),
                )


def _parties(fillers: Sequence[Filler], most: int, least: float) -> list[Filler]:
    """At most ``most`` parties from _LEAST on, else the best one from ``least`` on.

    A person mostly speaks for another party, and so is taken only where there is no other.
    """
    parties = [f for f in fillers if isinstance(f.mention, PartyMention)]
    preferred = [f for f in parties if _party(f).type != "person"] or parties
    likely = [f for f in preferred if f.likely >= _LEAST]
    return (likely or [f for f in preferred[:1] if f.likely >= least])[:most]


def _party(filler: Filler) -> PartyMention:
    assert isinstance(filler.mention, PartyMention)
    return filler.mention


def _entity(filler: Filler) -> str:
    return entity_of(_party(filler))


def _overlap(filler: Filler, other: Filler) -> bool:
    """Whether two parties share words of the text: a body named after a country is not its partner."""
    a, b = _party(filler), _party(other)
    return a.start < b.end and b.start < a.end


def _likeliest_value(fillers: Sequence[Filler], role: Role) -> Filler | None:
    return fillers[0] if fillers and fillers[0].likely > _LEAST_VALUE[role] else None


def _has_value(filler: Filler) -> bool:
    return isinstance(filler.mention, AmountMention) and filler.mention.value is not None


def merged(found: Iterable[Instance], title_end: int) -> list[Instance]:
    """Return instances without repeats of an act, most likely first.

    Of several that state one act, the most likely stays, with the year or sum of another where it has none.
    ``title_end`` is where the title ends.
    """
    kept: list[Instance] = []
    by_key: dict[Hashable, list[int]] = defaultdict(list)
    for one in sorted(found, key=_order):
        same = (_earliest(one, kept, by_key[key], title_end) for key in _lookup_keys(one, title_end) if key in by_key)
        at = min((i for i in same if i is not None), default=None)
        if at is None:
            at = len(kept)
            kept.append(one)
        else:
            first = kept[at]
            stated = first.times_stated + (one.act is not first.act)
            year, amount = first.year or one.year, first.amount or one.amount
            kept[at] = replace(first, times_stated=stated, year=year, amount=amount)
            if kept[at].year is first.year and kept[at].amount is first.amount:
                continue
        for key in _keys(kept[at], title_end):
            insort(by_key[key], at)
    return kept


def _earliest(one: Instance, kept: Sequence[Instance], indexes: list[int], title_end: int) -> int | None:
    """The first index of a kept instance of the same act; those at the front that are no longer of it are deleted.

    They took another year or sum since they were put under the key.
    """
    while indexes and kept[indexes[0]].act is not one.act and not _is_same_act(one, kept[indexes[0]], title_end):
        del indexes[0]
    return next((i for i in indexes if _is_same_act(one, kept[i], title_end)), None)


def _keys(one: Instance, title_end: int) -> Iterator[Hashable]:
    """The keys under which a kept instance is indexed, so that each of the same act (``_is_same_act``) finds it."""
    (actor, partner), opening = _names(one), [_OPENING] if one.act.start <= title_end else []
    yield id(one.act), actor, partner
    for total in (_sum(one), _ANY):
        yield from ((one.evidence, actor, other, total) for other in (partner, _ANY))
        for year in (_year(one), _ANY):
            yield from ((actor, partner, total, year, kind) for kind in (_kind(one), _ANY, *opening))


def _lookup_keys(one: Instance, title_end: int) -> Iterator[Hashable]:
    """The keys under which to look for kept instances whose act this one may repeat."""
    (actor, partner), total, year = _names(one), _sum(one), _year(one)
    yield from ((id(one.act), actor, partner), (id(one.act), partner, actor))
    for other in (_ANY,) if total is None else (total, None):
        yield from ((one.evidence, actor, partner, other), (one.evidence, partner, actor, other))
        yield one.evidence, actor, _ANY if partner is None else None, other
        any_kind = one.act.start <= title_end or (total is not None and other is not None)
        for kind in (_ANY,) if any_kind else (_kind(one), _OPENING):
            yield from ((actor, partner, other, when, kind) for when in ((_ANY,) if year is None else (year, None)))


def _order(one: Instance) -> tuple[float, int, int, int]:
    return -one.likely, one.act.start, one.actor.start, one.partner.start if one.partner else -1


def _is_same_act(one: Instance, other: Instance, title_end: int) -> bool:
    a, b = _names(one), _names(other)
    same, swapped = a == b, a == b[::-1]
    if one.act is other.act:
        return same or swapped
    if not _agree(_sum(one), _sum(other)):
        return False
    no_partner = a[0] == b[0] and (a[1] is None or b[1] is None)
    if one.evidence == other.evidence:
        return same or swapped or no_partner
    if not same or not _agree(_year(one), _year(other)):
        return False
    opening = min(one.act.start, other.act.start) <= title_end
    return opening or _kind(one) == _kind(other) or (_sum(one) is not None and _sum(other) is not None)


def _names(one: Instance) -> tuple[str | None, str | None]:
    return entity_of(one.actor), entity_of(one.partner) if one.partner else None


def _agree(a: object, b: object) -> bool:
    return a is None or b is None or a == b


def _sum(one: Instance) -> tuple[float | None, str] | None:
    return (one.sum.value, one.sum.unit) if one.sum else None


def _year(one: Instance) -> int | None:
    return one.when.first if one.when else None


def _kind(one: Instance) -> str:
    return one.act.kind
