"""How right the machine was, as measured by what curators said of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt

from ledger.decisions import Standing, machine_of, states
from schemas import DECIDED_FIELDS, CooperationRecord

_Z = 1.96


@dataclass(slots=True)
class Measured:
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
        n, p = self.judged, self.right / self.judged
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Precision of whole records and of each field, with how many records curators added."""

    record: Measured
    fields: tuple[Measured, ...]
    added: int
    reviewers: Counter[str]


def measure(standings: Iterable[Standing]) -> Verdicts:
    """Measure the machine by where records stand.

    A rejected record is wrong, one that is settled otherwise right; one of which only some fields were decided is not
    judged as a whole. A field is right if the value that the curator left is what the machine had said; only fields
    that they decided count: all of an accepted record, one of an edit. A value given where the machine had none is
    missed, and no matter of precision.
    """
    record, fields = Measured("record"), {name: Measured(name) for name in DECIDED_FIELDS}
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
    return Verdicts(record, tuple(fields.values()), added, reviewers)


def _judge(measured: Measured, right: bool, record: CooperationRecord | None, name: str) -> None:
    measured.judged += 1
    measured.right += right
    said = getattr(machine_of(record).confidence, name, None) if record is not None else None
    if said is not None:
        measured.said.append(said)
