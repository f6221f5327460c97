"""Sums of money by sector, each act once: not for each partner, not where it is told again, not beside its parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas import CooperationRecord, Party

_MOST = 200  # acts of a document among which parts of a whole are looked for
_NEAR = 0.001  # of a whole: how far the sum of its parts may be from it


def label(party: Party | None) -> str:
    """Name a party as the report does: by its country, else by its name; none gives an empty text."""
    return "" if party is None else party.country or party.name


@dataclass(slots=True)
class Sums:
    """Dollars by sector. Acts of the same parties, kind, year, sector and sum are one, in whatever documents."""

    by_sector: dict[str, float] = field(default_factory=dict)
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def document(self, records: Iterable[CooperationRecord]) -> None:
        """Add the acts of a document."""
        acts = {one.act_id: one for one in reversed(list(records)) if one.amount and one.amount.usd is not None}
        money = sorted(acts.values(), key=_place)
        wholes = _wholes(money[:_MOST])
        for one in money:
            if one.act_id not in wholes and (key := _key(one)) not in self._seen:
                self._seen.add(key)
                self.by_sector[one.sector.name] = self.by_sector.get(one.sector.name, 0.0) + _usd(one)


def _place(record: CooperationRecord) -> tuple[int, int]:
    return record.evidence.start, record.rank


def _usd(record: CooperationRecord) -> float:
    return (record.amount.usd if record.amount else None) or 0.0


def _key(record: CooperationRecord) -> tuple[object, ...]:
    year = record.year.start if record.year else None
    return label(record.actor), label(record.partner), record.kind, year, record.sector.code, round(_usd(record))


def _wholes(acts: Sequence[CooperationRecord]) -> set[str]:
    """Name the acts whose sum others of their actor, told one after the other, make together."""
    return {one.act_id for one in acts if _has_parts(one, acts)}


def _has_parts(whole: CooperationRecord, acts: Sequence[CooperationRecord]) -> bool:
    amount = _usd(whole)
    others = [_usd(one) for one in acts if label(one.actor) == label(whole.actor) and 0 < _usd(one) < amount]
    start, total = 0, 0.0
    for end, part in enumerate(others):
        total += part
        while total > amount * (1 + _NEAR):
            total -= others[start]
            start += 1
        if end > start and abs(total - amount) <= amount * _NEAR:
            return True
    return False
