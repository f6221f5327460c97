"""What stands of the log: undone decisions left out, later words over earlier ones, field by field."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from operator import itemgetter
from typing import Any

from ledger.decisions.values import states
from schemas import DECIDED_FIELDS, EDITED_FIELDS, CooperationRecord, Decision, Review, Verdict

WHOLE = "record"
"""The field named where something is about the record as a whole."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A field that a curator decided: the machine's value at the time, the value given, and by which decision."""

    decision_id: str
    seen: Any
    given: Any


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands: its latest decision that was not undone, and its decided fields."""

    decision: Decision
    verdict: Verdict
    pins: Mapping[str, Pin] = field(default_factory=dict)
    added: CooperationRecord | None = None
    whole: bool = False

    @property
    def complete(self) -> bool:
        """Whether the record is settled: rejected, added, or decided in all its fields."""
        return self.verdict == "reject" or self.added is not None or self.pins.keys() >= set(DECIDED_FIELDS)

    @property
    def record(self) -> CooperationRecord | None:
        """The record as the curator last saw it, or as they added it."""
        return self.decision.record or self.added


def effective(decisions: Sequence[Decision]) -> list[Decision]:
    """Leave out decisions that were undone and those that undo; an undone undoing counts for nothing."""
    undone: set[str] = set()
    kept = []
    for decision in reversed(decisions):
        if decision.id in undone:
            continue
        if decision.undoes:
            undone.add(decision.undoes)
        else:
            kept.append(decision)
    return kept[::-1]


def standing(decisions: Sequence[Decision]) -> dict[str, Standing]:
    """Map each record id to where it stands after all these decisions (in the log's order)."""
    state: dict[str, Standing] = {}
    for decision in effective(decisions):
        state[decision.record_id] = _then(state.get(decision.record_id), decision)
    return state


def _then(before: Standing | None, decision: Decision) -> Standing:
    added = decision.added or (before.added if before else None)
    fresh = Standing(decision, decision.verdict, {}, added)
    if decision.verdict == "reject":
        return fresh
    if decision.added:
        values = decision.added.model_dump(mode="json", include=set(DECIDED_FIELDS))
        return replace(fresh, pins={name: Pin(decision.id, None, values[name]) for name in DECIDED_FIELDS})
    pins = dict(before.pins) if before and before.verdict != "reject" else {}
    if decision.verdict == "edit":
        return replace(fresh, pins=pins | {one.name: _pin(decision, one.name, one.given) for one in decision.fields})
    names = [one.name for one in decision.fields] or DECIDED_FIELDS
    accepted = {name: _pin(decision, name, _published(decision, name)) for name in names}
    return replace(fresh, pins=pins | accepted, whole=not decision.fields)


def _pin(decision: Decision, name: str, given: Any) -> Pin:
    return Pin(decision.id, _machine(decision, name), given)


def _published(decision: Decision, name: str) -> Any:
    """Return the value that the page showed: of the record, else as the decision's field tells it."""
    if decision.record is not None:
        return decision.record.model_dump(mode="json", include={name})[name]
    return next((one.given for one in decision.fields if one.name == name), None)


def _machine(decision: Decision, name: str) -> Any:
    """Return what the machine said when the curator decided: an edit's original where there was one."""
    review = decision.record.review if decision.record else Review()
    if review.original is not None and name in review.original:
        return review.original[name]
    seen = next((one.seen for one in decision.fields if one.name == name), None)
    return _published(decision, name) if seen is None and decision.record is not None else seen


class DecisionIndex:
    """Finds the decisions of one document among those of the whole log, and those that no document asked for."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._all = list(decisions)
        self._served = set[int]()
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, decision in enumerate(self._all):
            for key in {decision.document_id, decision.record_id}:
                self._places[key].append(place)

    def of(self, document_id: str, *, previous_id: str | None = None, records: Iterable[str] = ()) -> list[Decision]:
        """List, in the log's order, the decisions about a document.

        Args:
            document_id: the document's id today.
            previous_id: its id in the parent release, where it was renamed.
            records: ids of its records in the parent release; a record keeps its id through every renaming.
        """
        keys = (document_id, previous_id or "", *records)
        places = {place for key in keys for place in self._places.get(key, ())}
        self._served |= places
        return [self._all[place] for place in sorted(places)]

    def unasked(self) -> list[list[Decision]]:
        """List the decisions that ``of`` never returned, one list a document."""
        rest: dict[str, list[Decision]] = defaultdict(list)
        for place, decision in enumerate(self._all):
            if place not in self._served:
                rest[decision.document_id].append(decision)
        return list(rest.values())


def opinions(decisions: Sequence[Decision]) -> dict[str, Standing]:
    """Map each curator of one record to where it stands by their word alone; who spoke last comes last."""
    by: dict[str, list[Decision]] = defaultdict(list)
    for decision in effective(decisions):
        by[decision.reviewer] = [*by.pop(decision.reviewer, []), decision]
    return {name: one for name, mine in by.items() for one in standing(mine).values()}


def differing(one: Standing, other: Standing) -> tuple[str, ...]:
    """Name the fields in which two opinions differ; ``record`` where one rejects what the other keeps."""
    if (one.verdict == "reject") != (other.verdict == "reject"):
        return (WHOLE,)
    both = [name for name in EDITED_FIELDS if name in one.pins and name in other.pins]
    return tuple(name for name in both if _given(one, name) != _given(other, name))


def disputed(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Name the fields of a record in which two curators differ and no third has decided since.

    Who of the two says the same as the other in the end settles it as well.
    """
    found = opinions(decisions)
    if len(found) > 2:
        return ()
    return tuple(dict.fromkeys(name for pair in combinations(found.values(), 2) for name in differing(*pair)))


def _given(one: Standing, name: str) -> Hashable:
    value: Hashable = states(name, one.pins[name].given)
    return value


@dataclass(slots=True)
class Agreement:
    """How often two curators said the same of one field, and Cohen's kappa: the same beyond chance."""

    name: str
    pairs: list[tuple[Hashable, Hashable]] = field(default_factory=list)

    @property
    def same(self) -> int:
        """In how many records both said the same."""
        return sum(one == other for one, other in self.pairs)

    @property
    def share(self) -> float | None:
        """The share of records in which both said the same."""
        return self.same / len(self.pairs) if self.pairs else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None where chance alone would let them always agree."""
        if not self.pairs:
            return None
        first, second = Counter(one for one, _ in self.pairs), Counter(other for _, other in self.pairs)
        chance = sum(first[value] * second[value] for value in first) / len(self.pairs) ** 2
        return None if chance == 1 else (self.same / len(self.pairs) - chance) / (1 - chance)


def agreement(records: Iterable[Sequence[Decision]]) -> Mapping[str, Agreement]:
    """Compare the first two curators of each record that has two; a third, who adjudicates, is left out.

    Args:
        records: the decisions about each record.
    """
    found = {name: Agreement(name) for name in (WHOLE, *EDITED_FIELDS)}
    for decisions in records:
        first = list(_first_opinions(decisions).items())[:2]
        if len(first) == 2:  # each curator on the same side throughout, whoever was quicker
            _compare(found, *(one for _, one in sorted(first, key=itemgetter(0))))
    return found


def _first_opinions(decisions: Sequence[Decision]) -> dict[str, Standing]:
    """Map curators to what they said until two had decided whole: after that each may follow the other's word."""
    kept, said = effective(decisions), dict[str, Standing]()
    for number in range(1, len(kept) + 1):
        said = opinions(kept[:number])
        if sum(one.complete for one in said.values()) > 1:
            break
    return {one.reviewer: said[one.reviewer] for one in kept if one.reviewer in said}


def _compare(found: Mapping[str, Agreement], one: Standing, other: Standing) -> None:
    found[WHOLE].pairs.append((one.verdict == "reject", other.verdict == "reject"))
    for name in one.pins.keys() & other.pins.keys():
        found[name].pairs.append((_given(one, name), _given(other, name)))
