"""A light lemmatiser: the edit that the longest known ending of a word calls for, by a table learned from treebanks."""

from functools import cache

from schemas.packaged import packaged_rows

_LONGEST = 7


def lemma(word: str, tag: str) -> str:
    """Return the lemma of ``word`` with the Penn tag ``tag``: names in the singular keep their case, others lose it."""
    return word if tag == "NNP" else edited(word.lower(), tag, table())


@cache
def table() -> dict[tuple[str, str], tuple[int, str]]:
    """The rows of the table: tag and ending (``^`` before a whole word) to letters cut and letters added."""
    rows = packaged_rows("extractors", "model/english/lemmas.csv")
    return {(row["tag"], row["ending"]): (int(row["cut"]), row["add"]) for row in rows}


def edited(word: str, tag: str, rows: dict[tuple[str, str], tuple[int, str]]) -> str:
    """Return ``word`` in lower case with the edit of its longest ending in ``rows``, itself where none is known."""
    endings = ["^" + word, *(word[start:] for start in range(max(0, len(word) - _LONGEST), len(word) + 1))]
    for ending in endings:
        edit = rows.get((tag, ending))
        if edit is not None and (edit[0] < len(word) or ending.startswith("^")):
            return word[: len(word) - edit[0]] + edit[1]
    return word
