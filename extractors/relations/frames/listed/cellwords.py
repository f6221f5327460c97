"""What the words of a cell or item tell: the kind of an act by its form or by what it makes, and how it stands."""

import re
from functools import cache
from typing import Literal, cast

from schemas import Kind, Status
from schemas.packaged import packaged_rows


@cache
def _forms(*, short: bool) -> tuple[tuple[re.Pattern[str], Kind], ...]:
    rows = [
        (row["words"].split("|"), cast("Kind", row["kind"]))
        for row in packaged_rows("extractors.relations.frames.listed", "forms.csv")
    ]
    kept = [([re.escape(w) for w in words if short or len(w) > 3], kind) for words, kind in rows]
    return tuple((re.compile(rf"\b(?:{'|'.join(words)})\b", re.I), kind) for words, kind in kept)


def form_of(text: str, *, short: bool = False) -> Kind | None:
    """Return the kind that the first word for a form of cooperation tells; ``short`` reads "LA" and "TC" too."""
    found = [
        (match.start(), order, kind)
        for order, (pattern, kind) in enumerate(_forms(short=short))
        if (match := pattern.search(text))
    ]
    return min(found)[2] if found else None


@cache
def _states() -> tuple[tuple[Status | Literal["none"], bool, re.Pattern[str]], ...]:
    found: list[tuple[Status | Literal["none"], bool, re.Pattern[str]]] = []
    for row in packaged_rows("extractors.relations.frames.listed", "states.csv"):
        words = "|".join(re.escape(word) for word in row["words"].split("|"))
        found.append(
            (cast('Status | Literal["none"]', row["status"]), bool(row["remark"]), re.compile(rf"\b(?:{words})", re.I))
        )
    return tuple(found)


def state_of(text: str, *, remark: bool = False) -> Status | Literal["none", ""]:
    """Return how an act stands by the words of a cell: "none" where it is not yet one, "" where they do not tell.

    The furthest state counts. A ``remark`` tells one only by the words that it begins with.
    """
    for status, plain, words in _states():
        if remark and plain and words.match(text) or not remark and words.search(text):
            return status
    return ""


@cache
def _things() -> tuple[tuple[re.Pattern[str], Kind], ...]:
    rows = packaged_rows("extractors.relations.frames.listed", "things.csv")
    return tuple((re.compile(rf"\b(?:{row['words']})s?\b", re.I), cast("Kind", row["kind"])) for row in rows)


def thing_of(text: str) -> Kind | None:
    """Return the kind of what a phrase names, by the last such noun before a preposition: "Committee on Schools"."""
    head = re.split(r"\s(?:on|of|for|in|at|between|to)\s", text, maxsplit=1)[0]
    for part in (head, text):
        found = [(m.end(), kind) for words, kind in _things() for m in words.finditer(part)]
        if found:
            return max(found)[1] if part is head else min(found)[1]
    return None


def last_state(text: str) -> Status | None:
    """Return how an act stands by the last part of an item that begins with such a word: "(unsigned; lapsed 2018)"."""
    parts = re.split(r"[;,(:–—]", text)[1:]
    state = next((s for part in reversed(parts) if (s := state_of(part.strip(), remark=True))), "")
    return None if state in {"", "none"} else cast("Status", state)
