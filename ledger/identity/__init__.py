"""The same act keeps its id: matching with the parent release, ids from content, renamed documents."""

from ledger.identity.renames import renames

__all__ = ["renames"]
