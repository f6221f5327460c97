"""Renamed documents, known by their digests."""

from collections import defaultdict
from collections.abc import Mapping


def renames(previous: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Map the id of each document that has a new name to its old id.

    A document is renamed if its id is new and its digest is that of a document whose id is gone. Of several with the
    same digest, the first new id (sorted) takes the first old one.

    Args:
        previous: document id to digest, of the parent release (``manifest.digests.documents``).
        new: document id to digest, of this run.
    """
    gone: dict[str, list[str]] = defaultdict(list)
    for name in sorted(previous.keys() - new.keys(), reverse=True):
        gone[previous[name]].append(name)
    fresh = sorted(new.keys() - previous.keys())
    return {name: gone[new[name]].pop() for name in fresh if gone.get(new[name])}
