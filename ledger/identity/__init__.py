"""The same act keeps its id: matching with the parent release, ids from content, renamed documents."""

from ledger.identity.assign import Identified, Lineage, identify, renames
from ledger.identity.matching import Matching, load_ahead, match

__all__ = ["Lineage", "Identified", "Matching", "identify", "load_ahead", "match", "renames"]
