"""Training examples: scenes made from documents, and what the coders' answers say of each mention in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.headline.candidates import QUESTIONS, countries_of, may_pay
from extractors.headline.contexts import context_features
from extractors.headline.scene import Scene, make_scene
from extractors.headline.text_model import words_of
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.parties.entries import country_names, rows
from extractors.mentions.years import find_years
from extractors.text import clean
from extractors.text.sentences import split

from .answers import GIVER, KIND, STATUS, Gold, is_amount, is_giver, is_payer, is_receiver
from .swapped import swapped

_COMMON = frozenset(
    [
        "republic",
        "people",
        "peoples",
        "democratic",
        "united",
        "states",
        "kingdom",
        "islands",
        "island",
        "north",
        "south",
        "east",
        "west",
        "central",
        "city",
        "saint",
        "federation",
        "federal",
        "union",
        "mainland",
        "government",
        "state",
        "national",
        "port",
        "town",
        "emirates",
        "county",
        "province",
        "territory",
        "new",
        "great",
    ]
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


def examples_of(documents: Iterable[Mapping[str, Any]], gold: Iterable[Gold]) -> list[Example]:
    """Pair documents (``id title text``) with the answers of the same id, in the order of the ids."""
    return [example_of(document, answers) for document, answers in paired(documents, gold)]


def paired(documents: Iterable[Mapping[str, Any]], gold: Iterable[Gold]) -> list[tuple[Mapping[str, Any], Gold]]:
    """Pair documents with the answers of the same id, in the order of the ids."""
    answers = {one["id"]: one for one in gold}
    return [(one, answers[one["id"]]) for one in sorted(documents, key=_id_of) if one["id"] in answers]


def copies_of(pairs: Sequence[tuple[Mapping[str, Any], Gold]]) -> list[tuple[int, Example]]:
    """Return copies with other givers, each with the place of its original."""
    return [(place, example_of(document, answers)) for place, document, answers in swapped(pairs)]


def example_of(document: Mapping[str, Any], gold: Gold) -> Example:
    """Lay out one document with its answers."""
    return Example(scene_from(document.get("title") or "", document["text"]), gold)


def _id_of(document: Mapping[str, Any]) -> str:
    return str(document["id"])


def names_of_countries() -> frozenset[str]:
    """Return the words of countries' names, which must not tell a sector, a kind or a status."""
    texts = [*country_names().values()]
    texts += [row[column] for row in rows("countries.csv") for column in ("adjectives", "nouns", "aliases", "capitals")]
    return frozenset(word for text in texts for word in words_of(text) if len(word) > 3) - _COMMON


def labels_of(gold: Gold) -> dict[str, str | None]:
    """Return the coders' answers to the questions about the whole text."""
    return {
        "kind": KIND.get(gold["flow"]), "status": STATUS.get(gold["status"]),
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
