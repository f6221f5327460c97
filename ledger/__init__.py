"""Identity, decisions, changes and releases."""

from ledger.errors import GateFailed, LedgerError
from ledger.release.incoming import Unchanged
from ledger.release.publish import NothingChanged, Published, publish
from ledger.release.read import Release, changes, open_release
from ledger.release.validate import Problem, validate

__all__ = [
    "GateFailed", "LedgerError", "NothingChanged", "Problem", "Published", "Release", "Unchanged", "changes",
    "open_release", "publish", "validate",
]  # fmt: skip
