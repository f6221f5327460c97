"""Effect: what became of each decision in the last release, and how right the machine was by what curators said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from fastapi import APIRouter
from fastapi.responses import Response
from scipy.stats import binomtest

from ledger.decisions import Standing, agreement, machine_of, standing, states
from review.rendering import render
from review.view import LedgerView
from review.web import CurrentUser
from schemas import DECIDED_FIELDS, CooperationRecord, Merged

router = APIRouter()
OUTCOMES = ("conflict", "orphaned", "agreed", "kept")
_SHOWN = 200


@dataclass(slots=True)
class Precision:
    """One field: how often the machine was right of those that a curator judged, and how sure it had said it was."""

    name: str
    judged: int = 0
    right: int = 0
    missed: int = 0
    said: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """The share that was right."""
        return self.right / self.judged if self.judged else None

    @property
    def claimed(self) -> float | None:
        """The mean of the confidences that the machine gave."""
        return sum(self.said) / len(self.said) if self.said else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95% interval of the precision."""
        if not self.judged:
            return None
        low, high = binomtest(self.right, self.judged).proportion_ci(method="wilson")
        return float(low), float(high)


@dataclass(frozen=True, slots=True)
class MachinePrecision:
    """Precision of whole records and of each field, with how many records curators added."""

    record: Precision
    fields: tuple[Precision, ...]
    added: int
    reviewers: Counter[str]


def measure(standings: Iterable[Standing]) -> MachinePrecision:
    """Measure the machine by where records stand.

    A rejected record is wrong, one that is settled otherwise right; one of which only some fields were decided is not
    judged as a whole. A field is right if the value that the curator left is what the machine had said; only fields
    that they decided count: all of an accepted record, one of an edit. A value given where the machine had none is
    missed, and no matter of precision.
    """
    record, fields = Precision("record"), {name: Precision(name) for name in DECIDED_FIELDS}
    reviewers: Counter[str] = Counter()
    added = 0
    for state in standings:
        reviewers[state.decision.reviewer] += 1
        if state.added is not None:
            added += 1
            continue
        if state.complete:
            _judge(record, state.verdict != "reject", state.record, "record")
        for name, pin in ((name, pin) for name, pin in state.pins.items() if name in fields):
            if pin.seen is None:
                fields[name].missed += pin.given is not None
            else:
                _judge(fields[name], states(name, pin.seen) == states(name, pin.given), state.record, name)
    return MachinePrecision(record, tuple(fields.values()), added, reviewers)


def _judge(measured: Precision, right: bool, record: CooperationRecord | None, name: str) -> None:
    measured.judged += 1
    measured.right += right
    said = getattr(machine_of(record).confidence, name, None) if record is not None else None
    if said is not None:
        measured.said.append(said)


@router.get("/effect")
def effect(user: CurrentUser, outcome: str = "") -> Response:
    """Show the outcomes, those of one sort if it is named, and the precision by field."""
    view = user.view()
    merged = view.release.merged
    chosen = [one for one in merged if not outcome or one.outcome == outcome]
    chosen.sort(key=_urgency)
    state = standing(view.decisions())
    version = view.release.version
    return render(
        "effect.html",
        user,
        view=view,
        counts=Counter(one.outcome for one in merged),
        outcomes=OUTCOMES,
        outcome=outcome,
        shown=[(one, _record(view, one.record_id)) for one in chosen[:_SHOWN]],
        total=len(chosen),
        waiting=sum(one.decision.release >= version for one in state.values()),
        verdicts=measure(state.values()),
        agreement=agreement(view.of(one) for one in view.history.records()),
    )


def _urgency(merged: Merged) -> int:
    return OUTCOMES.index(merged.outcome)


def _record(view: LedgerView, record_id: str) -> CooperationRecord | None:
    state = view.standing(record_id)
    return (state.record if state else None) or view.release.record(record_id)
