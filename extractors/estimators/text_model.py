"""A linear text classifier: words, pairs of words and pieces of words as tf-idf features, a weight for each label.

A text is given in zones (its title, its body). Each zone has blocks of features (words, pairs, pieces), and the vector
of a block is scaled to the weight of that block. Training and prediction make vectors with the same code.
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
_SHORTEST, _LONGEST = 3, 5  # characters of a piece of a word
_MOST_CACHED = 50_000  # words


def words_of(text: str, masked: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of ``text`` in lower case, without digits and without the words in ``masked``."""
    return [word for word in _WORD.findall(text.lower()) if word not in masked]


def pairs_of(words: list[str]) -> list[str]:
    """Return the pairs of neighbouring words."""
    return [f"{first} {second}" for first, second in pairwise(words)]


def pieces_of(word: str) -> list[str]:
    """Return a word with its ends marked (``<word>``), and all pieces of three to five characters of that."""
    marked = f"<{word}>"
    cut = [
        marked[start : start + size]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(marked) - size + 1)
        if size < len(marked)
    ]
    return [marked, *cut]


def signals_of(words: list[str]) -> list[str]:
    """Return the codes of sectors and ids of fields that the phrases among ``words`` signal."""
    return [name for code, fields in match_signals(words) for name in (code, *fields) if name]


def _pieces_of_words(words: list[str]) -> list[str]:
    return [piece for word in words for piece in pieces_of(word)]


FEATURES: dict[str, Callable[[list[str]], list[str]]] = {
    "words": list, "pairs": pairs_of, "signals": signals_of, "pieces": _pieces_of_words,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of features (``words``, ``pairs``, ``signals`` or ``pieces``) of one zone, and its weight."""

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
    """The features of one block: the id of the first, their order and their inverse document frequencies."""

    block: Block
    first: int
    index: dict[str, int]
    idf: Floats
    cache: dict[str, list[int]] = field(default_factory=dict)  # ids of the pieces of words seen before

    def vector(self, words: list[str]) -> Vector:
        """Return the tf-idf vector of a zone's words, of length ``block.weight``; empty where no feature is known."""
        if self.block.kind == "pieces":
            feature_ids = [id for word in words for id in self._piece_ids(word)]
        else:
            feature_ids = self._ids_of(FEATURES[self.block.kind](words))
        counts = np.bincount(np.array(feature_ids, dtype=np.int64))
        ids = counts.nonzero()[0]
        values = (1 + np.log(counts[ids])) * self.idf[ids]
        length = math.sqrt(float(values @ values)) or 1.0
        return Vector(ids + self.first, (values * (self.block.weight / length)).astype(np.float32))

    def _ids_of(self, features: Iterable[str]) -> list[int]:
        return [self.index[feature] for feature in features if feature in self.index]

    def _piece_ids(self, word: str) -> list[int]:
        found = self.cache.get(word)
        if found is None:
            found = self._ids_of(pieces_of(word))
            if len(self.cache) < _MOST_CACHED:
                self.cache[word] = found
        return found


@dataclass(frozen=True, slots=True)
class Head:
    """The classifier of one question: its labels, weights (features by labels) and the bias of each label."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    def scores(self, vector: Vector) -> Floats:
        """Return the score of each label for one text."""
        found: Floats = vector.values @ self.weights[vector.ids] + self.bias
        return found


@dataclass(frozen=True)
class TextModel:
    """The vocabularies of all blocks, the words that are never features, and one head for each question."""

    vocabularies: tuple[FeatureVocabulary, ...]
    masked: frozenset[str]
    heads: Mapping[str, Head]

    def vector(self, zones: Mapping[str, str]) -> Vector:
        """Return the vector of a text given as zones, name to text; a missing zone is empty."""
        words = {zone: words_of(text, self.masked) for zone, text in zones.items()}
        parts = [one.vector(words.get(one.block.zone, [])) for one in self.vocabularies]
        return Vector(np.concatenate([part.ids for part in parts]), np.concatenate([part.values for part in parts]))

    def scores(self, vector: Vector) -> dict[str, Floats]:
        """Return the scores of every head."""
        whole = self._all_heads.scores(vector)
        ends = np.cumsum([len(head.labels) for head in self.heads.values()])[:-1]
        return dict(zip(self.heads, np.split(whole, ends), strict=True))

    @cached_property
    def _all_heads(self) -> Head:
        """All heads as one, so that the weights of a text's features are looked up once."""
        heads = list(self.heads.values())
        return Head(
            tuple(label for head in heads for label in head.labels),
            np.ascontiguousarray(np.hstack([head.weights for head in heads])),
            np.concatenate([head.bias for head in heads]),
        )


def arrays_of(model: TextModel) -> dict[str, NDArray[np.generic]]:
    """Return the model as plain arrays, for ``numpy.savez_compressed``."""
    arrays: dict[str, NDArray[np.generic]] = {"masked": pack_lines(sorted(model.masked))}
    for place, one in enumerate(model.vocabularies):
        arrays[f"block{place}"] = pack_lines([one.block.zone, one.block.kind, repr(one.block.weight)])
        arrays[f"features{place}"] = pack_lines(one.index)
        arrays[f"idf{place}"] = one.idf.astype(np.float16)
    for name, head in model.heads.items():
        arrays[f"labels_{name}"] = pack_lines(head.labels)
        arrays[f"weights_{name}"] = head.weights.astype(np.float16)
        arrays[f"bias_{name}"] = head.bias.astype(np.float32)
    return arrays


def model_of(arrays: Mapping[str, NDArray[np.generic]]) -> TextModel:
    """Return the model from the arrays of ``arrays_of``."""
    heads = {
        name.removeprefix("labels_"): Head(
            labels=tuple(unpack_lines(lines)),
            weights=arrays[name.replace("labels_", "weights_")].astype(np.float32),
            bias=arrays[name.replace("labels_", "bias_")].astype(np.float32),
        )
        for name, lines in arrays.items()
        if name.startswith("labels_")
    }
    return TextModel(tuple(_vocabularies(arrays)), frozenset(unpack_lines(arrays["masked"])), heads)


def _vocabularies(arrays: Mapping[str, NDArray[np.generic]]) -> Iterable[FeatureVocabulary]:
    place = first = 0
    while f"block{place}" in arrays:
        zone, kind, weight = unpack_lines(arrays[f"block{place}"])
        index = {feature: order for order, feature in enumerate(unpack_lines(arrays[f"features{place}"]))}
        idf = arrays[f"idf{place}"].astype(np.float32)
        yield FeatureVocabulary(Block(zone, kind, float(weight)), first, index, idf)
        first += len(index)
        place += 1


def save_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write arrays into one compressed file, sorted by name; the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            content = io.BytesIO()
            np.save(content, np.ascontiguousarray(arrays[name]))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED, 9)


def pack_lines(lines: Iterable[str]) -> NDArray[np.generic]:
    """Return lines of text as an array of UTF-8 bytes."""
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def unpack_lines(array: NDArray[np.generic]) -> list[str]:
    """Return the lines from an array of ``pack_lines``."""
    text = array.tobytes().decode()
    return text.split("\n") if text else []
