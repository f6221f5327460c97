"""The effect of a log's decisions on each record: undone ones are left out, and for each field the last one counts."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from ledger.decisions.values import meaning
from schemas import DECIDED_FIELDS, EDITED_FIELDS, CooperationRecord, Decision, Review, Verdict

WHOLE_RECORD = "record"
"""The field name of an outcome or a dispute that is about the record as a whole."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A decided field: the decision's id, the extracted value that the curator saw, and the value given."""

    decision_id: str
    seen: Any
    given: Any


@dataclass(frozen=True, slots=True)
class Standing:
    """A record's standing: the combined effect of all decisions about it that were not undone.

    ``decision`` is the latest and ``verdict`` its verdict, ``pins`` maps decided fields to their values, ``added`` is
    the record as a curator added it, and ``whole`` is true if the latest decision accepted the whole record.
    """

    decision: Decision
    verdict: Verdict
    pins: Mapping[str, Pin] = field(default_factory=dict)
    added: CooperationRecord | None = None
    whole: bool = False

    @property
    def complete(self) -> bool:
        """Whether the record is decided in full: rejected, added, or decided in every field."""
        return self.verdict == "reject" or self.added is not None or self.pins.keys() >= set(DECIDED_FIELDS)

    @property
    def record(self) -> CooperationRecord | None:
        """The record as the curator saw it when deciding last, or as it was added."""
        return self.decision.record or self.added


def effective(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that were not undone, without those that undo; one that undoes may itself be undone."""
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
    """Map each record id to its standing after these decisions, which are in the log's order."""
    state: dict[str, Standing] = {}
    for decision in effective(decisions):
        state[decision.record_id] = _apply(state.get(decision.record_id), decision)
    return state


def _apply(before: Standing | None, decision: Decision) -> Standing:
    """Return a record's standing after one more effective decision."""
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
    accepted = {name: _pin(decision, name, _shown_value(decision, name)) for name in names}
    return replace(fresh, pins=pins | accepted, whole=not decision.fields)


def _pin(decision: Decision, name: str, given: Any) -> Pin:
    return Pin(decision.id, _machine_value(decision, name), given)


def _shown_value(decision: Decision, name: str) -> Any:
    """Return the value that the page showed: the record's, or without one the decision's."""
    if decision.record is not None:
        return decision.record.model_dump(mode="json", include={name})[name]
    return next((one.given for one in decision.fields if one.name == name), None)


def _machine_value(decision: Decision, name: str) -> Any:
    """Return the extracted value when the curator decided, which an earlier edit may have replaced on the page."""
    review = decision.record.review if decision.record else Review()
    if review.original is not None and name in review.original:
        return review.original[name]
    seen = next((one.seen for one in decision.fields if one.name == name), None)
    return _shown_value(decision, name) if seen is None and decision.record is not None else seen


class DecisionIndex:
    """Finds the decisions about the records of one document, and those about no document that was looked up.

    Decisions follow their record to a renamed document: they are returned as if made under its present id.
    ``documents`` maps the id of each decided record to the present id of its document.
    """

    def __init__(
        self,
        decisions: Iterable[Decision],
        *,
        documents: Mapping[str, str] | None = None,
        renames: Mapping[str, str] | None = None,
    ) -> None:
        """Take all decisions.

        Args:
            decisions: the whole log, in its order.
            documents: maps the ids of records that the parent release holds, or settled decisions about, to the ids of
                their documents there. The document of any other record is that of the latest decision about it.
            renames: maps the new ids of documents that were renamed since the parent release to the old ones.
        """
        listed, known = list(decisions), documents or {}
        present_ids = {old: new for new, old in (renames or {}).items()}
        earlier = {one.record_id: known.get(one.record_id, one.document_id) for one in listed}
        self.documents: Mapping[str, str] = {key: present_ids.get(one, one) for key, one in earlier.items()}
        self._by_document: dict[str, list[Decision]] = defaultdict(list)
        for decision in listed:
            self._by_document[self.documents[decision.record_id]].append(decision)
        self._returned = set[str]()

    def of(self, document_id: str) -> list[Decision]:
        """List the decisions about the records of a document, given by its present id, in the log's order."""
        self._returned.add(document_id)
        return [_moved_to(document_id, one) for one in self._by_document.get(document_id, ())]

    def unused(self) -> list[list[Decision]]:
        """List the decisions that ``of`` has not returned, one list for each document."""
        return [self.of(document_id) for document_id in list(self._by_document) if document_id not in self._returned]


def _moved_to(document_id: str, decision: Decision) -> Decision:
    """Return a decision as if it had been made about the same record of another document."""
    if decision.document_id == document_id:
        return decision
    update = {"document_id": document_id}
    seen = {name: one.model_copy(update=update) for name in ("record", "added") if (one := getattr(decision, name))}
    return decision.model_copy(update={**update, **seen})


def by_curator(decisions: Sequence[Decision]) -> dict[str, Standing]:
    """Map each curator of one record to its standing by their decisions alone; who decided last comes last."""
    by_name: dict[str, list[Decision]] = defaultdict(list)
    for decision in effective(decisions):
        by_name[decision.reviewer] = [*by_name.pop(decision.reviewer, []), decision]
    return {name: one for name, own_decisions in by_name.items() for one in standing(own_decisions).values()}


def disputed(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Return the fields of a record about which two curators differ; ``record`` if only one of them rejects it.

    A dispute about a field ends when a third curator decides that field, or when one of the two adopts the other's
    value. One about the record ends when a third rejects it, or has decided all of it; a third who rejects it also ends
    those about its fields.
    """
    if len({one.reviewer for one in decisions}) < 2:
        return ()
    found = {name: _Dispute() for name in (WHOLE_RECORD, *EDITED_FIELDS)}
    own: dict[str, Standing] = {}
    for decision in effective(decisions):
        state = own[decision.reviewer] = _apply(own.get(decision.reviewer), decision)
        if state.verdict == "reject":
            _enter_rejection(found, decision.reviewer)
        else:
            _enter_values(found, state)
    return tuple(name for name, one in found.items() if one.between)


def _enter_rejection(found: Mapping[str, "_Dispute"], name: str) -> None:
    whole = found[WHOLE_RECORD]
    third = name not in whole.between and any(one.is_third(name) for one in found.values())
    for field_name in EDITED_FIELDS:
        found[field_name].withdraw(name, third=third)
    whole.decide(name, True, third=third)


def _enter_values(found: Mapping[str, "_Dispute"], state: Standing) -> None:
    name, whole = state.decision.reviewer, found[WHOLE_RECORD]
    for field_name, pin in state.pins.items():
        if pin.decision_id == state.decision.id:
            found[field_name].decide(name, _given_value(state, field_name), third=found[field_name].is_third(name))
    if state.complete or not whole.is_third(name):  # a third who decides a part has not decided about the record
        whole.decide(name, False, third=whole.is_third(name))


@dataclass(slots=True)
class _Dispute:
    """What curators say of one field, in the order in which they said it; the two that differ, and who settled it."""

    values: dict[str, Hashable] = field(default_factory=dict)
    between: tuple[str, ...] = ()
    settled_by: str | None = None

    def is_third(self, name: str) -> bool:
        """Return whether two others differ."""
        return bool(self.between) and name not in self.between

    def decide(self, name: str, value: Hashable, *, third: bool) -> None:
        """Enter what a curator says, who settles it as a ``third``, or else may differ from who said it last."""
        others = {other: said for other, said in self.values.items() if other != name}
        self.values = {**others, name: value}
        if third:
            self.between, self.settled_by = (), name
        elif self.between:
            self.between = self.between if any(others[one] != value for one in self.between if one != name) else ()
        elif name != self.settled_by:  # whoever settled it may change their mind until somebody else decides
            self.settled_by = None
            last = next(reversed(others), name)
            self.between = () if others.get(last, value) == value else (last, name)

    def withdraw(self, name: str, *, third: bool) -> None:
        """Forget what a curator said of the field, who rejects the record, and the dispute that this ends."""
        self.values.pop(name, None)
        self.between = () if third or name in self.between else self.between


def _given_value(one: Standing, name: str) -> Hashable:
    value: Hashable = meaning(name, one.pins[name].given)
    return value


@dataclass(slots=True)
class Agreement:
    """How often two curators agree on one field: count, share, and Cohen's kappa (agreement corrected for chance)."""

    name: str
    pairs: list[tuple[Hashable, Hashable]] = field(default_factory=list)

    @property
    def same(self) -> int:
        """The number of records on which both agree."""
        return sum(one == other for one, other in self.pairs)

    @property
    def share(self) -> float | None:
        """The share of records on which both agree; None without records."""
        return self.same / len(self.pairs) if self.pairs else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None without records, or where chance alone gives full agreement."""
        if not self.pairs:
            return None
        first, second = Counter(one for one, _ in self.pairs), Counter(other for _, other in self.pairs)
        chance = sum(first[value] * second[value] for value in first) / len(self.pairs) ** 2
        return None if chance == 1 else (self.same / len(self.pairs) - chance) / (1 - chance)


def agreement(records: Iterable[Sequence[Decision]]) -> Mapping[str, Agreement]:
    """Compare the first two curators of each record that has two; a third, who adjudicates, is left out.

    Args:
        records: the decisions about each record, in the log's order.

    Returns:
        The agreement on each field, and under ``record`` on whether to reject.
    """
    found = {name: Agreement(name) for name in (WHOLE_RECORD, *EDITED_FIELDS)}
    for decisions in records:
        first = list(_independent_standings(decisions).items())[:2]
        if len(first) == 2:  # sorted by name, so that a curator is always on the same side
            _add_pairs(found, *(one for _, one in sorted(first, key=itemgetter(0))))
    return found


def _independent_standings(decisions: Sequence[Decision]) -> dict[str, Standing]:
    """Map curators to their standings when two had decided in full: later decisions may follow the other curator's."""
    decided, standings = effective(decisions), dict[str, Standing]()
    for number in range(1, len(decided) + 1):
        standings = by_curator(decided[:number])
        if sum(one.complete for one in standings.values()) > 1:
            break
    return {one.reviewer: standings[one.reviewer] for one in decided if one.reviewer in standings}


def _add_pairs(found: Mapping[str, Agreement], one: Standing, other: Standing) -> None:
    found[WHOLE_RECORD].pairs.append((one.verdict == "reject", other.verdict == "reject"))
    for name in one.pins.keys() & other.pins.keys():
        found[name].pairs.append((_given_value(one, name), _given_value(other, name)))
