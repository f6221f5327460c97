"""A linear classifier of texts: words, pairs of words and pieces of words, weighed by tf-idf, one weight a label.

A text comes in zones (its title, its body); each zone is cut into blocks of features (words, pairs, pieces), each block
has unit length and a weight of its own. The same code makes the vectors for training and for use.
"""

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.text.sector_phrases import match_signals

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _LONGEST = 3, 5
_CACHED = 50_000  # words


def words_of(text: str, masked: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of ``text`` in lower case, digits and the words in ``masked`` left out."""
    return [word for word in _WORD.findall(text.lower()) if word not in masked]


def pairs_of(words: list[str]) -> list[str]:
    """Return the pairs of neighbouring words."""
    return [f"{first} {second}" for first, second in pairwise(words)]


def pieces_of(word: str) -> list[str]:
    """Return the stretches of three to five characters of a word, its ends marked, and the word itself."""
    marked = f"<{word}>"
    cut = [
        marked[start : start + size]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(marked) - size + 1)
        if size < len(marked)
    ]
    return [marked, *cut]


def signals_of(words: list[str]) -> list[str]:
    """Return the sectors and fields that the phrases among the words signal."""
    return [name for code, fields in match_signals(words) for name in (code, *fields) if name]


def _pieces_of_all(words: list[str]) -> list[str]:
    return [piece for word in words for piece in pieces_of(word)]


FEATURES: dict[str, Callable[[list[str]], list[str]]] = {
    "words": list, "pairs": pairs_of, "signals": signals_of, "pieces": _pieces_of_all,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of features of one zone: ``words``, ``pairs``, ``signals`` or ``pieces``, and how much it weighs."""

    zone: str
    kind: str
    weight: float


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as a sparse vector: ids of features, ascending, and their values."""

    ids: Ids
    values: Floats


@dataclass(frozen=True, slots=True)
class FeatureVocabulary:
    """The features of one block: their first id, their order and their inverse document frequencies."""

    block: Block
    first: int
    index: dict[str, int]
    idf: Floats
    cache: dict[str, list[int]] = field(default_factory=dict)  # the pieces of words that came before

    def vector(self, words: list[str]) -> Vector:
        """Return the tf-idf vector of a zone's words, of length ``block.weight``, or empty."""
        if self.block.kind == "pieces":
            known = [one for word in words for one in self._pieces(word)]
        else:
            known = self._known(FEATURES[self.block.kind](words))
        repeats = np.bincount(np.array(known, dtype=np.int64))
        ids = repeats.nonzero()[0]
        values = (1 + np.log(repeats[ids])) * self.idf[ids]
        length = math.sqrt(float(values @ values)) or 1.0
        return Vector(ids + self.first, (values * (self.block.weight / length)).astype(np.float32))

    def _known(self, features: Iterable[str]) -> list[int]:
        return [self.index[feature] for feature in features if feature in self.index]

    def _pieces(self, word: str) -> list[int]:
        found = self.cache.get(word)
        if found is None:
            found = self._known(pieces_of(word))
            if len(self.cache) < _CACHED:
                self.cache[word] = found
        return found


@dataclass(frozen=True, slots=True)
class Head:
    """The weights of one question, features by labels, and the bias of each label."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    def scores(self, vector: Vector) -> Floats:
        """Return the score of each label for one text."""
        found: Floats = vector.values @ self.weights[vector.ids] + self.bias
        return found


@dataclass(frozen=True)
class TextModel:
    """Vocabularies of all blocks, the words that are never features, and one head a question."""

    vocabularies: tuple[FeatureVocabulary, ...]
    masked: frozenset[str]
    heads: Mapping[str, Head]

    def vector(self, zones: Mapping[str, str]) -> Vector:
        """Return the vector of a text given zone by zone; a zone that is missing is empty."""
        words = {zone: words_of(text, self.masked) for zone, text in zones.items()}
        parts = [one.vector(words.get(one.block.zone, [])) for one in self.vocabularies]
        return Vector(np.concatenate([part.ids for part in parts]), np.concatenate([part.values for part in parts]))

    def scores(self, vector: Vector) -> dict[str, Floats]:
        """Return the scores of every head."""
        whole = self._together.scores(vector)
        ends = np.cumsum([len(head.labels) for head in self.heads.values()])[:-1]
        return dict(zip(self.heads, np.split(whole, ends), strict=True))

    @cached_property
    def _together(self) -> Head:
        """Return all heads as one, so that the weights of a text's features are gathered once."""
        heads = list(self.heads.values())
        return Head(
            tuple(label for head in heads for label in head.labels),
            np.ascontiguousarray(np.hstack([head.weights for head in heads])),
            np.concatenate([head.bias for head in heads]),
        )


def arrays_of(model: TextModel) -> dict[str, NDArray[np.generic]]:
    """Return the model as plain arrays, for ``numpy.savez_compressed``."""
    arrays: dict[str, NDArray[np.generic]] = {"masked": packed(sorted(model.masked))}
    for place, one in enumerate(model.vocabularies):
        arrays[f"block{place}"] = packed([one.block.zone, one.block.kind, repr(one.block.weight)])
        arrays[f"features{place}"] = packed(one.index)
        arrays[f"idf{place}"] = one.idf.astype(np.float16)
    for name, head in model.heads.items():
        arrays[f"labels_{name}"] = packed(head.labels)
        arrays[f"weights_{name}"] = head.weights.astype(np.float16)
        arrays[f"bias_{name}"] = head.bias.astype(np.float32)
    return arrays


def model_of(arrays: Mapping[str, NDArray[np.generic]]) -> TextModel:
    """Return the model that ``arrays_of`` gave."""
    heads = {
        name.removeprefix("labels_"): Head(
            labels=tuple(unpacked(lines)),
            weights=arrays[name.replace("labels_", "weights_")].astype(np.float32),
            bias=arrays[name.replace("labels_", "bias_")].astype(np.float32),
        )
        for name, lines in arrays.items()
        if name.startswith("labels_")
    }
    return TextModel(tuple(_vocabularies(arrays)), frozenset(unpacked(arrays["masked"])), heads)


def _vocabularies(arrays: Mapping[str, NDArray[np.generic]]) -> Iterable[FeatureVocabulary]:
    place = first = 0
    while f"block{place}" in arrays:
        zone, kind, weight = unpacked(arrays[f"block{place}"])
        index = {feature: order for order, feature in enumerate(unpacked(arrays[f"features{place}"]))}
        idf = arrays[f"idf{place}"].astype(np.float32)
        yield FeatureVocabulary(Block(zone, kind, float(weight)), first, index, idf)
        first += len(index)
        place += 1


def save_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write arrays into one compressed file, in the order of their names, the same bytes for the same arrays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            content = io.BytesIO()
            np.save(content, np.ascontiguousarray(arrays[name]))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED, 9)


def packed(lines: Iterable[str]) -> NDArray[np.generic]:
    """Return lines of text as an array of bytes."""
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def unpacked(array: NDArray[np.generic]) -> list[str]:
    """Return the lines that ``packed`` made bytes of."""
    text = array.tobytes().decode()
    return text.split("\n") if text else []
