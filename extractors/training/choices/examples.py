"""Training examples: scenes made from documents, and what the coders' answers say of each mention in them."""

import csv
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.text_model import words_of
from extractors.evaluate.projects import KINDS, STATUSES, UNNAMED, same_body
from extractors.evaluate.scores import is_near
from extractors.headline.candidates import QUESTIONS, countries_of, may_pay
from extractors.headline.model import context_features
from extractors.headline.scene import Scene, make_scene
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.parties.entries import COUNTRY_NAMES, rows
from extractors.mentions.years import find_years
from extractors.text import clean
from extractors.text.sentences import split

Gold = Mapping[str, Any]
GIVER = "CHN"
_ONE_IN = 3
_NAME = re.compile(r"(?:the )?People.{0,4}s Republic of China|\bPRC\b|\bChina\b")
_COMPOUND = re.compile(r"\bSino-")
_COMMON = (
    "republic people peoples democratic united states kingdom islands island north south east west central city saint "
    "federation federal union mainland government state national port town emirates county province territory new great"
)


@dataclass(frozen=True)
class Example:
    """A document laid out, and the coders' answers."""

    scene: Scene
    gold: Gold


def scene_from(title: str, text: str) -> Scene:
    """Lay out a document as the pipeline does: title, newline, text, cleaned; its mentions by the package's finders."""
    whole = clean(f"{title}\n{text}" if title else text).text
    return make_scene(whole, split(whole), find_parties(whole), find_amounts(whole), find_years(whole))


def paired(documents: Iterable[Mapping[str, Any]], gold: Iterable[Gold]) -> list[tuple[Mapping[str, Any], Gold]]:
    """Pair documents with the answers of the same id, in the order of the ids."""
    answers = {one["id"]: one for one in gold}
    return [(one, answers[one["id"]]) for one in sorted(documents, key=itemgetter("id")) if one["id"] in answers]


def copies_of(pairs: Sequence[tuple[Mapping[str, Any], Gold]]) -> list[tuple[int, Example]]:
    """Return copies with other givers, each with the place of its original."""
    return [(place, example_of(document, answers)) for place, document, answers in swapped(pairs)]


def example_of(document: Mapping[str, Any], gold: Gold) -> Example:
    """Lay out one document with its answers."""
    return Example(scene_from(document.get("title") or "", document["text"]), gold)


def names_of_countries() -> frozenset[str]:
    """Return the words of countries' names, which must not tell a sector, a kind or a status."""
    texts = [*COUNTRY_NAMES.values()]
    texts += [row[column] for row in rows("countries.csv") for column in ("adjectives", "nouns", "aliases", "capitals")]
    return frozenset(word for text in texts for word in words_of(text) if len(word) > 3) - {*_COMMON.split()}


def labels_of(gold: Gold) -> dict[str, str | None]:
    """Return the coders' answers to the questions about the whole text."""
    return {
        "kind": KINDS.get(gold["flow"]), "status": STATUSES.get(gold["status"]),
        "money": "no" if gold["amount"] is None else "yes",
    }  # fmt: skip


def mention_cases(examples: Sequence[Example]) -> tuple[list[list[str]], NDArray[np.int8], NDArray[np.int64]]:
    """Return each mention's features, its labels (a column a question, -1 where not asked), its example."""
    features, labels, owners = [], [], []
    for number, example in enumerate(examples):
        for mention, place in example.scene.places.items():
            asked = _labels(mention, example.gold)
            if max(asked) >= 0:
                features.append(list(context_features(example.scene, place)))
                labels.append(asked)
                owners.append(number)
    return features, np.array(labels, dtype=np.int8), np.array(owners, dtype=np.int64)


def _labels(mention: Mention, gold: Gold) -> list[int]:
    found = dict.fromkeys(QUESTIONS, -1)
    if isinstance(mention, PartyMention):
        if keys := countries_of(mention):
            found["giver"] = int(any(is_giver(key, gold) for key in keys))
            found["receiver"] = int(any(is_receiver(key, gold) for key in keys))
        if may_pay(mention, gold.get("giver", GIVER)):
            found["payer"] = int(is_payer(mention, gold))
    elif isinstance(mention, YearMention):
        found["year"] = int(mention.first == gold["year"])
    elif isinstance(mention, AmountMention) and mention.kind == "money":
        found["amount"] = int(is_amount(mention, gold))
    return [found[question] for question in QUESTIONS]


def named_funders(gold: Gold) -> list[str]:
    """Return the funders that the coders named."""
    return [one["name"] for one in gold["funders"] if one["name"] != UNNAMED]


def is_giver(key: Hashable, gold: Gold) -> bool:
    """Tell whether a country gave: one country funds all of this corpus, or ``gold["giver"]`` names another."""
    return bool(key == gold.get("giver", GIVER))


def is_receiver(key: Hashable, gold: Gold) -> bool:
    """Tell whether a country, or a region where the coders recorded one or several recipients, received."""
    if isinstance(key, tuple):
        return key[0] == "group" and (len(gold["recipients"]) > 1 or any(len(one) != 3 for one in gold["recipients"]))
    return key in gold["recipients"]


def is_payer(mention: PartyMention, gold: Gold) -> bool:
    """Tell whether a body is among the funders that the coders named."""
    return any(same_body(mention.name, name) for name in named_funders(gold))


def actor_is_right(mention: PartyMention | None, gold: Gold) -> bool:
    """Tell whether an actor would be judged right."""
    if mention is None:
        return False
    named = named_funders(gold)
    unnamed = len(named) < len(gold["funders"]) or not gold["funders"]
    state = mention.country == gold.get("giver", GIVER) and mention.type in ("country", "government")
    return (unnamed and state) or is_payer(mention, gold)


def is_amount(mention: AmountMention, gold: Gold) -> bool:
    """Tell whether a sum is the coders'."""
    if gold["amount"] is None:
        return False
    return is_near(mention.value, gold["amount"]) and gold["currency"] in (None, mention.unit)


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
