"""Curators' decisions: the log, the merge with a new extraction, the queue."""

from ledger.decisions.log import DamagedLogError, DecisionLog, UnknownDecisionError
from ledger.decisions.standing import DecisionIndex, Pin, Replay, Standing, effective, replay, standing

__all__ = [
    "DamagedLogError", "DecisionIndex", "DecisionLog", "Pin", "Replay", "Standing", "UnknownDecisionError", "effective",
    "replay", "standing",
]  # fmt: skip
