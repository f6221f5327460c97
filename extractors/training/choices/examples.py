"""Training examples: scenes made from documents, and labels of the mentions in them from the coders' answers."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.text_model import words_of
from extractors.evaluate.projects import (
    KINDS,
    STATUSES,
    Gold,
    is_funder,
    is_recipient,
    is_sum,
    named_funders,
    state_funds,
)
from extractors.headline.candidates import QUESTIONS, may_pay, party_keys
from extractors.headline.model import context_features
from extractors.headline.scene import Scene, make_scene
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.parties.entries import COUNTRY_NAMES, rows
from extractors.mentions.years import find_years
from extractors.text import clean
from extractors.text.sentences import split
from schemas.packaged import packaged_rows

_GIVER = "CHN"
_ONE_IN = 3  # one document in so many is copied with another giver
_NAME = re.compile(r"(?:the )?People.{0,4}s Republic of China|\bPRC\b|\bChina\b")
_COMPOUND = re.compile(r"\bSino-")
_COMMON = (
    "republic people peoples democratic united states kingdom islands island north south east west central city saint "
    "federation federal union mainland government state national port town emirates county province territory new great"
)


@dataclass(frozen=True)
class NoteExample:
    """A document as a scene, and the coders' answers."""

    scene: Scene
    gold: Gold


def example_of(document: Mapping[str, Any], gold: Gold) -> NoteExample:
    """Make the scene of a document as the pipeline does (title, newline, text; cleaned; mentions), with its answers."""
    title, text = document.get("title") or "", document["text"]
    whole = clean(f"{title}\n{text}" if title else text).text
    return NoteExample(
        make_scene(whole, split(whole), find_parties(whole), find_amounts(whole), find_years(whole)), gold
    )


def names_of_countries() -> frozenset[str]:
    """Return the words of countries' names, which must not be features of a sector, a kind or a status."""
    texts = [*COUNTRY_NAMES.values()]
    texts += [row[column] for row in rows("countries.csv") for column in ("adjectives", "nouns", "aliases", "capitals")]
    return frozenset(word for text in texts for word in words_of(text) if len(word) > 3) - {*_COMMON.split()}


def labels_of(gold: Gold) -> dict[str, str | None]:
    """Return the coders' answers to the questions about the whole text; None where no label of ours matches."""
    return {
        "kind": KINDS.get(gold["flow"]), "status": STATUSES.get(gold["status"]),
        "money": "no" if gold["amount"] is None else "yes",
    }  # fmt: skip


def mention_cases(examples: Sequence[NoteExample]) -> tuple[list[list[str]], NDArray[np.int8], NDArray[np.int64]]:
    """Return each mention's features, its labels, and the number of its example.

    The labels have a column for each of QUESTIONS, -1 where it does not apply; mentions with no other are left out.
    """
    features, labels, owners = [], [], []
    for number, example in enumerate(examples):
        for mention, place in example.scene.places.items():
            row = _labels(mention, example.gold)
            if max(row) >= 0:
                features.append(list(context_features(example.scene, place)))
                labels.append(row)
                owners.append(number)
    return features, np.array(labels, dtype=np.int8), np.array(owners, dtype=np.int64)


def _labels(mention: Mention, gold: Gold) -> list[int]:
    keys: dict[str, Sequence[Hashable]] = {}
    if isinstance(mention, PartyMention):
        keys["giver"] = keys["receiver"] = party_keys(mention)
        if may_pay(mention, giver_of(gold)):
            keys["payer"] = (mention.name,)
    elif isinstance(mention, YearMention):
        keys["year"] = (mention.first,)
    elif isinstance(mention, AmountMention) and mention.kind == "money":
        keys["amount"] = ((mention.unit, mention.value),)
    by_question = [keys.get(question, ()) for question in QUESTIONS]
    return [
        int(any(is_right(question, key, gold) for key in answers)) if answers else -1
        for question, answers in zip(QUESTIONS, by_question, strict=True)
    ]


def giver_of(gold: Gold) -> Hashable:
    """Return the key of the giver: China, which funds all of this corpus, unless ``gold["giver"]`` names another."""
    giver: Hashable = gold.get("giver", _GIVER)
    return giver


def is_right(question: str, key: Any, gold: Gold) -> bool:
    """Return whether a candidate for a question, by its key, is what the coders recorded."""
    if question == "giver":
        return bool(giver_of(gold) == key)
    if question == "receiver":
        return is_recipient(key, gold, group=isinstance(key, tuple) and key[0] == "group")
    if question == "payer":
        return is_funder(key, gold)
    if question == "year":
        return bool(key == gold["year"])
    unit, value = key
    return is_sum(value, unit, gold)


def actor_is_right(mention: PartyMention, gold: Gold) -> bool:
    """Return whether a record with this actor would be scored as right in it."""
    state = mention.country == giver_of(gold) and mention.type in ("country", "government")
    return (state_funds(gold) and state) or is_funder(mention.name, gold)


def with_other_givers(documents: Iterable[tuple[Mapping[str, Any], Gold]]) -> list[tuple[int, Mapping[str, Any], Gold]]:
    """Return copies of every third document with another giver, as (index of the original, document, answers).

    Givers are taken from ``givers.csv`` in turn. Documents whose coders named the funding body are left out, since that
    body would not belong to the new giver, as are those that the new giver receives.
    """
    givers = packaged_rows("extractors.training.choices", "givers.csv")
    found: list[tuple[int, Mapping[str, Any], Gold]] = []
    for number, (document, gold) in enumerate(documents):
        giver = givers[len(found) % len(givers)]
        if number % _ONE_IN or named_funders(gold) or giver["key"] in gold["recipients"]:
            continue
        answers = {**gold, "giver": giver["key"] if len(giver["key"]) == 3 else ("body", giver["key"])}
        copy = {**document, "title": _swap(document.get("title") or "", giver), "text": _swap(document["text"], giver)}
        found.append((number, copy, answers))
    return found


def _swap(text: str, giver: Mapping[str, str]) -> str:
    """Put the names of another giver for those of China."""
    text = _NAME.sub(giver["name"], text)
    text = re.sub(r"\bChinese\b", giver["adjective"], text)
    text = re.sub(r"\bBeijing\b", giver["capital"], text)
    text = _COMPOUND.sub(f"{giver['adjective']}-", text)
    return text[:1].upper() + text[1:]
