"""Stable ids: records are matched with the parent release and keep their ids; new ids derive from content."""

from ledger.identity.assign import Identified, identify, renames
from ledger.identity.matching import match, preload

__all__ = ["Identified", "identify", "preload", "match", "renames"]
