"""Copies of examples with another giver, so that who gives is learned from the text and not from a name."""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from extractors.evaluate.projects import UNNAMED

from .answers import Gold

_ONE_IN = 3
_NAME = re.compile(r"(?:the )?People.{0,4}s Republic of China|\bPRC\b|\bChina\b")
_COMPOUND = re.compile(r"\bSino-")


@cache
def other_givers() -> tuple[Mapping[str, str], ...]:
    """Return the rows of ``givers.csv``: the key of a giver, its name, its adjective and its seat."""
    with (Path(__file__).parent / "givers.csv").open(encoding="utf-8") as table:
        return tuple(csv.DictReader(table))


def swapped(documents: Iterable[tuple[Mapping[str, Any], Gold]]) -> list[tuple[int, Mapping[str, Any], Gold]]:
    """Return (place of the original, document, answers) for every third document, its giver exchanged in turn.

    Documents whose coders named the funding body are left out: the body would not be the new giver's.
    """
    found: list[tuple[int, Mapping[str, Any], Gold]] = []
    for place, (document, gold) in enumerate(documents):
        if place % _ONE_IN or any(one["name"] != UNNAMED for one in gold["funders"]):
            continue
        giver = other_givers()[len(found) % len(other_givers())]
        if giver["key"] in gold["recipients"]:
            continue
        own = {**gold, "giver": giver["key"] if len(giver["key"]) == 3 else ("body", giver["key"])}
        copy = {**document, "title": _with(document.get("title") or "", giver), "text": _with(document["text"], giver)}
        found.append((place, copy, own))
    return found


def _with(text: str, giver: Mapping[str, str]) -> str:
    text = _NAME.sub(giver["name"], text)
    text = re.sub(r"\bChinese\b", giver["adjective"], text)
    text = re.sub(r"\bBeijing\b", giver["capital"], text)
    text = _COMPOUND.sub(f"{giver['adjective']}-", text)
    return text[:1].upper() + text[1:]
