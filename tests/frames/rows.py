"""Tables of texts with who acts in them and what must be found: a line a text, "actor value;actor value" beside it.

In a text " \\ " stands for an empty line and "\\n" for the end of a line.
"""

import csv
from pathlib import Path

Row = tuple[str, list[tuple[str, str]]]


def rows(name: str) -> list[Row]:
    """Return the texts of a table beside this file, each with its actors and what is expected of their first act."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as table:
        _, *lines = csv.reader(table, delimiter="\t")
    return [(_lines(text), [_act(act) for act in acts.split(";")]) for text, acts in lines]


def _lines(text: str) -> str:
    return text.replace(" \\ ", "\n\n").replace("\\n", "\n")


def _act(act: str) -> tuple[str, str]:
    actor, _, value = act.rpartition(" ")
    return actor, value
