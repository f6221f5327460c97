"""Words that stand around numbers, by group, from ``cues.csv``."""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from extractors.entities.amounts.trie import trie_pattern


def _words(package: str, group: str) -> Iterator[str]:
    text = (files(package) / "cues.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["group"] == group:
            yield row["word"]


@cache
def any_of(group: str, package: str = "extractors.entities.amounts") -> str:
    """Write the pattern for any word of a group in the ``cues.csv`` of a package."""
    return trie_pattern(_words(package, group))
