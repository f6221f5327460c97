"""Curators' decisions: the log, the merge with a new extraction, the queue."""

from ledger.decisions.chain import Fault
from ledger.decisions.history import DecisionHistory
from ledger.decisions.log import DamagedLogError, DecisionLog, UnknownDecisionError, repair
from ledger.decisions.merge import added_by_curator, as_decided, documents_to_reextract
from ledger.decisions.queue import SETTLED, TIERS, list_records
from ledger.decisions.standing import DecisionIndex, Standing, agreement, by_curator, disputed, effective, standing
from ledger.decisions.values import given_value, machine_record, meaning

__all__ = [
    "DamagedLogError", "DecisionHistory", "DecisionIndex", "DecisionLog", "Fault", "SETTLED", "Standing", "TIERS",
    "UnknownDecisionError", "added_by_curator", "agreement", "as_decided", "by_curator", "disputed", "effective",
    "documents_to_reextract", "given_value", "list_records", "machine_record", "meaning", "repair", "standing",
]  # fmt: skip
