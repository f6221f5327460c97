"""What the words around an act do to it: denials, hedges, plans, halts; in the manner of ConText, as rows of a table.

Each row of ``cues.csv`` has words, a scope (``before`` the act's trigger in its clause and what governs it, ``near``:
within a few words before it, ``after`` it in its clause) and an effect (negated, hedged, pledged, cancelled ...).
"""

import re
from dataclasses import dataclass
from functools import cache

from schemas.packaged import packaged_rows

NEAR = 28  # characters before the trigger


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found in a text: offsets, and what it does."""

    start: int
    end: int
    effect: str


@cache
def _table() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    table: dict[str, list[tuple[re.Pattern[str], str]]] = {"before": [], "near": [], "after": []}
    for row in packaged_rows("extractors.relations.context", "cues.csv"):
        words = "|".join(re.escape(w) for w in sorted(row["cue"].split("|"), key=len, reverse=True))
        table[row["scope"]].append((re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.I), row["effect"]))
    return table


def scan(text: str, start: int, anchor: int, anchor_end: int, end: int) -> list[Cue]:
    """Return the cues about an act whose trigger is ``text[anchor:anchor_end]`` in the clause ``text[start:end]``."""
    found = []
    spans = {"before": (start, anchor), "near": (max(start, anchor - NEAR), anchor), "after": (anchor_end, end)}
    for scope, patterns in _table().items():
        for pattern, effect in patterns:
            found += [
                Cue(m.start(), m.end(), effect) for m in pattern.finditer(text, *spans[scope]) if m.group() != "May"
            ]
    return found
