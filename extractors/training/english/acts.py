"""Sentences of acts made from the project's own patterns (``acts.txt``), with trees and names."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .conllu import Sentence

_TABLE = Path(__file__).with_name("acts.txt")
_NO_BLANK_BEFORE = frozenset([".", ",", "'s"])
_NO_BLANK_AFTER = frozenset(["$", "US$", "€"])


@dataclass(frozen=True, slots=True)
class _Item:
    """A word of a filling or an item of a pattern; ``head`` counts from 1, 0 for the head of the line."""

    form: str
    tag: str
    label: str
    head: int


@dataclass(frozen=True, slots=True)
class _Word:
    form: str
    tag: str
    label: str
    head: int
    name: str


def act_sentences(count: int, *, seed: int = 0) -> Iterator[tuple[Sentence, dict[str, Any]]]:
    """Yield ``count`` sentences, the patterns in turn, filled by chance; each with its names as in `names_examples`."""
    lists, patterns = _table()
    chance = random.Random(seed)
    for number in range(count):
        words = _filled(patterns[number % len(patterns)], lists, chance)
        sentence = _sentence(words, f"act-{number}")
        yield sentence, {"id": sentence.id, "text": sentence.text, "spans": _names(words, sentence)}


@cache
def _table() -> tuple[dict[str, list[tuple[str, list[_Item]]]], list[list[_Item]]]:
    lists: dict[str, list[tuple[str, list[_Item]]]] = {}
    patterns: list[list[_Item]] = []
    current = ""
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = line.strip("[]")
        elif current == "PATTERNS" and line:
            patterns.append([_item(part) for part in line.split()])
        elif current and line:
            label, *parts = line.split()
            lists.setdefault(current, []).append((label.replace("-", ""), [_item(part) for part in parts]))
    return lists, patterns


def _item(part: str) -> _Item:
    relation, _, head = part.partition(">")
    pieces = relation.split("/")
    form, rest = (pieces[0], pieces[1:]) if pieces[0] else ("/", pieces[2:])
    tag, label = ("", rest[0]) if form.startswith("@") else (rest[0], rest[1] if len(rest) > 1 else "")
    return _Item(form, tag, label, int(head or 0))


def _filled(
    pattern: list[_Item], lists: dict[str, list[tuple[str, list[_Item]]]], chance: random.Random
) -> list[_Word]:
    """The words of a pattern, heads counted from 0 in the sentence, the root its own head."""
    fillings = []
    for item in pattern:
        lone = ("", [_Item(item.form, item.tag, "", 0)])
        fillings.append(chance.choice(lists[item.form[1:]]) if item.form.startswith("@") else lone)
    starts = [sum(len(words) for _, words in fillings[:i]) for i in range(len(fillings))]
    tops = [start + _top(words) for start, (_, words) in zip(starts, fillings, strict=True)]
    result = []
    for item, start, top, (name, words) in zip(pattern, starts, tops, fillings, strict=True):
        outer = tops[item.head - 1] if item.head else top
        for word in words:
            head, label = (start + word.head - 1, word.label) if word.head else (outer, item.label)
            result.append(_Word(word.form, word.tag, label, head, name))
    first = result[0]
    return [_Word(first.form[:1].upper() + first.form[1:], first.tag, first.label, first.head, first.name), *result[1:]]


def _top(words: list[_Item]) -> int:
    return next(i for i, word in enumerate(words) if word.head == 0)


def _sentence(words: list[_Word], name: str) -> Sentence:
    forms = [word.form for word in words]
    after = [*forms[1:], "."]
    return Sentence(
        id=name,
        document=name,
        words=tuple(forms),
        spaces=tuple(a not in _NO_BLANK_AFTER and b not in _NO_BLANK_BEFORE for a, b in zip(forms, after, strict=True)),
        tags=tuple(word.tag for word in words),
        pos=tuple("X" for _ in words),
        lemmas=tuple(forms),
        heads=tuple(word.head for word in words),
        deps=tuple(word.label for word in words),
    )


def _names(words: list[_Word], sentence: Sentence) -> list[dict[str, Any]]:
    """Character spans of the names, without an article or a title before them."""
    spans: list[dict[str, Any]] = []
    place, last = 0, ""
    for word, space in zip(words, sentence.spaces, strict=True):
        start, end = place, place + len(word.form)
        if word.name and word.tag != "DT" and word.label != "nmod:desc":
            if last == word.name and spans and spans[-1]["end"] + 1 >= start:
                spans[-1]["end"] = end
            else:
                spans.append({"start": start, "end": end, "label": word.name})
        last = word.name if word.tag != "DT" else ""
        place = end + space
    return spans
