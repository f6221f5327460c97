"""Classes of words that tell the kinds of acts, from ``wordings.csv``: one row a class, its words with ``|`` between.

A word that ends in ``*`` counts with any ending.
"""

import re
from functools import cache

from schemas.packaged import packaged_rows


@cache
def words_of(name: str) -> frozenset[str]:
    """Return the words of a class as they stand in the table; KeyError for a class that is not there."""
    return frozenset(_table()[name].split("|"))


def tells(name: str, text: str) -> bool:
    """Whether a word of a class stands anywhere in a text, in whatever case."""
    return _any_of(name).search(text) is not None


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return any_word(_table()[name])


def any_word(words: str) -> re.Pattern[str]:
    """Return the pattern of the words of a cell, with ``|`` between them."""
    return re.compile(rf"\b(?:{'|'.join(map(_pattern, sorted(words.split('|'))))})", re.IGNORECASE)


def _pattern(word: str) -> str:
    return re.escape(word[:-1]) if word.endswith("*") else re.escape(word) + r"\b"


@cache
def _table() -> dict[str, str]:
    return {row["class"]: row["words"] for row in packaged_rows("extractors.relations.frames.what", "wordings.csv")}
