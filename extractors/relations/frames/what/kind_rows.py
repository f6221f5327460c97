"""Kinds told by words beside a verb, over what its nouns say: rows of ``kinds.csv``, the first that fits.

A row gives the shapes of verbs it holds for, whether a company must act and money be told (``yes``, ``no``, or empty
for both), where to look (``clause``, ``before`` the verb, ``after`` it), the words, and the kind.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import cast

from extractors.relations.frames.what.wording import any_word
from schemas import Kind
from schemas.packaged import packaged_rows

_NEAR = 24  # characters before the verb


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    shapes: frozenset[str]
    company: str
    money: str
    place: str
    words: re.Pattern[str]
    kind: Kind


def kind_in(places: dict[str, str], shapes: Iterable[str], *, company: bool, money: bool) -> Kind | None:
    """Return the kind of the first row that fits, None if none does.

    Args:
        places: The text of the clause, of what stands before the verb, and of what stands after it, by these names.
        shapes: The shapes of the verbs.
        company: Whether a company acts.
        money: Whether a sum is told.
    """
    known = frozenset(shapes)
    for row in _rows():
        fits = row.shapes & known and _agrees(row.company, company) and _agrees(row.money, money)
        if fits and row.words.search(_near(places, row.place)):
            return row.kind
    return None


def _agrees(cell: str, told: bool) -> bool:
    return not cell or (cell == "yes") == told


def _near(places: dict[str, str], place: str) -> str:
    return places[place][-_NEAR:] if place == "before" else places[place]


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(
        Row(
            frozenset(row["shapes"].split()),
            row["company"],
            row["money"],
            row["place"],
            any_word(row["words"]),
            cast("Kind", row["kind"]),
        )
        for row in packaged_rows("extractors.relations.frames.what", "kinds.csv")
    )
