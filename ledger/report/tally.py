"""The counts and samples of a report, collected document by document."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ledger.diff import is_quiet
from schemas import (
    Change,
    CooperationRecord,
    Counts,
    DocumentState,
    Lists,
    Merged,
    Party,
    PossibleRecord,
    Quarantined,
    Unclaimed,
)

_MAX_ACTS = 200  # acts of a document that are searched for totals
_TOLERANCE = 0.001  # how far the sum of the parts may be from the total, as a share of it
_SHOWN = {"changed": 600, "removed": 400, "added": 300}
FILLED = ("partner", "year", "amount", "sector")
_BINS = 10
_MAX_LISTED = 500


def label(party: Party | None) -> str:
    """Return a party's label: its country's code, else its name; empty for None."""
    return "" if party is None else party.country or party.name


@dataclass(slots=True)
class Sums:
    """Dollars by sector. Acts with the same parties, kind, year, sector and dollars count once in all documents."""

    by_sector: dict[str, float] = field(default_factory=dict)
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def document(self, records: Iterable[CooperationRecord]) -> None:
        """Add the acts of a document."""
        acts = {one.act_id: one for one in reversed(list(records)) if one.amount and one.amount.usd is not None}
        money = sorted(acts.values(), key=_text_position)
        wholes = _totals(money[:_MAX_ACTS])
        for one in money:
            if one.act_id not in wholes and (key := _money_key(one)) not in self._seen:
                self._seen.add(key)
                self.by_sector[one.sector.name] = self.by_sector.get(one.sector.name, 0.0) + _usd(one)


def _text_position(record: CooperationRecord) -> tuple[int, int]:
    return record.evidence.start, record.rank


def _usd(record: CooperationRecord) -> float:
    return (record.amount.usd if record.amount else None) or 0.0


def _money_key(record: CooperationRecord) -> tuple[object, ...]:
    year = record.year.start if record.year else None
    return label(record.actor), label(record.partner), record.kind, year, record.sector.code, round(_usd(record))


def _totals(acts: Sequence[CooperationRecord]) -> set[str]:
    """Return the ids of acts that total others: consecutive acts of the same actor sum to their amount."""
    return {one.act_id for one in acts if _has_parts(one, acts)}


def _has_parts(whole: CooperationRecord, acts: Sequence[CooperationRecord]) -> bool:
    """Return whether consecutive smaller acts of the same actor sum to an act's dollars."""
    amount = _usd(whole)
    others = [_usd(one) for one in acts if label(one.actor) == label(whole.actor) and 0 < _usd(one) < amount]
    start, total = 0, 0.0
    for end, part in enumerate(others):
        total += part
        while total > amount * (1 + _TOLERANCE):
            total -= others[start]
            start += 1
        if end > start and abs(total - amount) <= amount * _TOLERANCE:
            return True
    return False


@dataclass(slots=True)
class Sample:
    """The changes to show, by document, and the numbers of quiet ones and of those left out."""

    documents: dict[str, list[Change]] = field(default_factory=dict)
    shown: Counter[str] = field(default_factory=Counter)
    quiet: int = 0
    left_out: int = 0

    def add(self, document_id: str, change: Change) -> None:
        """Add a change if it is shown, else count it. Quiet changes (see ``is_quiet``) are never shown."""
        if is_quiet(change):
            self.quiet += 1
        elif self.shown[change.change] < _SHOWN[change.change]:
            self.shown[change.change] += 1
            self.documents.setdefault(document_id, []).append(change)
        else:
            self.left_out += 1


@dataclass(slots=True)
class Tally:
    """The counts of one release."""

    documents: dict[DocumentState, list[str]] = field(default_factory=dict)
    records: int = 0
    possible: int = 0
    unclaimed: Counter[tuple[str, str]] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    sectors: Counter[str] = field(default_factory=Counter)
    sums: Sums = field(default_factory=Sums)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    confidence: Counter[int] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    merged: Counter[str] = field(default_factory=Counter)
    quarantine: list[Quarantined] = field(default_factory=list)
    open_merges: list[Merged] = field(default_factory=list)

    def extraction(
        self,
        document_id: str,
        records: Sequence[CooperationRecord],
        unclaimed: Iterable[Unclaimed],
        possible: Sequence[PossibleRecord],
    ) -> None:
        """Count a document that was read, its records, unclaimed mentions and possible records."""
        self.documents.setdefault("with_records" if records else "without_records", []).append(document_id)
        for record in records:
            self._record(record)
        self.sums.document(records)
        self.possible += len(possible)
        self.unclaimed.update((one.mention, one.reason) for one in unclaimed)

    def quarantined(self, one: Quarantined) -> None:
        """Count a document that could not be read."""
        self.documents.setdefault("quarantined", []).append(one.id)
        if len(self.quarantine) < _MAX_LISTED:
            self.quarantine.append(one)

    def change(self, change: Change) -> None:
        """Count a change by its type, and once for each cause of its fields."""
        self.changes[change.change] += 1
        for cause in {one.cause for one in change.fields} or {change.cause}:
            self.causes[change.change, cause] += 1

    def outcomes(self, merged: Iterable[Merged]) -> None:
        """Count the outcomes of decisions, and keep conflicts and orphans for the report."""
        for one in merged:
            self.merged[one.outcome] += 1
            if one.outcome in ("conflict", "orphaned") and len(self.open_merges) < _MAX_LISTED:
                self.open_merges.append(one)

    def _record(self, record: CooperationRecord) -> None:
        self.records += 1
        self.filled.update(name for name in FILLED if getattr(record, name) is not None)
        self.kinds[record.kind] += 1
        self.statuses[record.status] += 1
        self.reviews[record.review.state] += 1
        self.sectors[record.sector.name] += 1
        self.pairs[label(record.actor), label(record.partner)] += 1
        self.confidence[min(int(record.confidence.record * _BINS), _BINS - 1)] += 1
        if record.year:
            self.years[record.year.start] += 1

    def counts(self) -> Counts:
        """Return the counts for the manifest."""
        states = {state: len(names) for state, names in self.documents.items()}
        changes = {name: self.changes[name] for name in ("added", "removed", "changed", "moved")}
        return Counts(
            documents=sum(states.values()),
            records=self.records,
            possible=self.possible,
            unclaimed=self.unclaimed.total(),
            **states,
            **changes,
        )

    def lists(self) -> Lists:
        """Return the three lists of document ids for the manifest."""
        return Lists.model_validate({state: tuple(names) for state, names in self.documents.items()})
