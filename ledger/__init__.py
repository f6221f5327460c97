"""Identity, decisions, changes and releases."""

from ledger.errors import GateFailed, LedgerError
from ledger.formats.export import EXPORTS, export
from ledger.release.compare import compare
from ledger.release.incoming import Unchanged
from ledger.release.publish import NothingChanged, Published, publish
from ledger.release.read import Release, changes, open_release
from ledger.release.validate import Problem, validate

__all__ = [
    "EXPORTS", "GateFailed", "LedgerError", "NothingChanged", "Problem", "Published", "Release", "Unchanged", "changes",
    "compare", "export", "open_release", "publish", "validate",
]  # fmt: skip
