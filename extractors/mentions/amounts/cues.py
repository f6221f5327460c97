"""Words that stand around numbers, by group, from ``cues.csv``."""

from collections.abc import Iterator
from functools import cache

from extractors.mentions.amounts.trie import trie_pattern
from schemas.packaged import packaged_rows


def _words(package: str, group: str) -> Iterator[str]:
    return (row["word"] for row in packaged_rows(package, "tables/cues.csv") if row["group"] == group)


@cache
def any_of(group: str, package: str = "extractors.mentions.amounts") -> str:
    """Write the pattern for any word of a group in the ``tables/cues.csv`` of a package."""
    return trie_pattern(_words(package, group))
