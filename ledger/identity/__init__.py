"""The same act keeps its id: matching with the parent release, ids from content, renamed documents."""

from ledger.identity.assign import Identified, identify, renames
from ledger.identity.matching import load_ahead, match

__all__ = ["Identified", "identify", "load_ahead", "match", "renames"]
