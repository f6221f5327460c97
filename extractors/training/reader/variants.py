"""The same document told otherwise: a sentence of another in front of it, and windows cut elsewhere.

What stands above an act by chance should not change how it is read; the reader learns that from documents that differ
in nothing else.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from extractors.reader.windows import CORE, LONGEST
from extractors.text.sentences import split
from extractors.training.reader.examples import Json, text_of_document

_STRANGER, _RECUT = 0.4, 0.25  # shares of the documents that are changed so
_SHORTEST_CORE = 160
_SHORTEST, _LONGEST = 30, 300  # characters of a stranger


def strangers(documents: Sequence[Json]) -> list[str]:
    """Return sentences of documents that tell no act, for ``varied``."""
    found = []
    for document in documents:
        if not document["acts"]:
            text = text_of_document(document)
            told = [" ".join(text[start:end].split()) for start, end in split(text)]
            found += [one for one in told if _SHORTEST <= len(one) <= _LONGEST and one.endswith(".")]
    return found


def varied(document: Json, others: Sequence[str], random: Random) -> Json:
    """Return the document, or sometimes one with a sentence of another document in front of its title or text."""
    if not others or random.random() >= _STRANGER:
        return document
    sentence, gap = random.choice(others), random.choice(("\n", "\n\n", " "))
    changed: dict[str, Any] = dict(document)
    if document.get("title") and random.random() < 0.5:
        changed["title"] = f"{sentence}{gap}{document['title']}"
    else:
        changed["text"] = f"{sentence}{gap}{document['text']}"
    return changed


def cut(random: Random) -> dict[str, int]:
    """Return how ``windows`` cuts a document: mostly as it does when reading, sometimes into smaller ones."""
    if random.random() >= _RECUT:
        return {"core": CORE, "whole": LONGEST}
    core = random.randrange(_SHORTEST_CORE, CORE)
    return {"core": core, "whole": core}
