"""The same act keeps its id: matching with the parent release, ids from content, renamed documents."""

from ledger.identity.assign import Identified, identify
from ledger.identity.heirs import Heir
from ledger.identity.matching import Matching, match
from ledger.identity.renames import renames

__all__ = ["Heir", "Identified", "Matching", "identify", "match", "renames"]
