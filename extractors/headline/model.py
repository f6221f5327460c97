"""The trained models of a headline: one for its fields, one for its sector, each stored as arrays in a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.fitted import ConfidenceCurve, Trees, curve_arrays, curve_of, trees_arrays, trees_of
from extractors.estimators.text_model import TextModel, arrays_of, model_of, pack_lines, save_arrays, unpack_lines
from extractors.headline.scene import Scene, WordPlace
from extractors.text.sector_phrases import find_signals

Floats = NDArray[np.float64]

_NEAR = 5  # words on either side of a mention
_PHRASES = 0.7  # weight of the phrases of a sentence; the classifier has the rest
_LEAST = 0.25  # probability of the likeliest sector for a sentence
_DEFAULT = ("430", 0.5)  # the sector of other sentences, and how often it is right, on sentences of our own
TREES = ("giver", "receiver", "payer", "year", "amount", "no_amount")


def context_features(scene: Scene, place: WordPlace) -> Iterator[str]:
    """Yield the features of a place: the neighbours, the words near it on each side, the words of its sentence."""
    words, at = scene.words[place.sentence], place.word
    head = "t" if scene.titled and place.sentence == 0 else ""
    left, right = words[max(0, at - _NEAR) : at], words[at + 1 : at + 1 + _NEAR]
    one, two = (left[-1] if left else "^"), (left[-2] if len(left) > 1 else "^")
    next_one, next_two = (right[0] if right else "$"), (right[1] if len(right) > 1 else "$")
    yield from (f"{head}l1 {one}", f"{head}l2 {two} {one}", f"{head}r1 {next_one}", f"{head}r2 {next_one} {next_two}")
    yield f"{head}lr {one} {next_one}"
    for word in left:
        yield f"L {word}"
    for word in right:
        yield f"R {word}"
    for word in dict.fromkeys(words[max(0, at - 25) : at + 25]):  # not a set: the sum depends on the order
        yield f"s {word}"


@dataclass(frozen=True)
class ContextModel:
    """A linear model of the features of a place, with a column of weights for each question."""

    questions: tuple[str, ...]
    index: dict[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, scene: Scene, place: WordPlace) -> NDArray[np.float32]:
        """Return the log odds of each question for a place."""
        known = (self.index.get(feature) for feature in context_features(scene, place))
        ids = [one for one in known if one is not None]
        found: NDArray[np.float32] = self.weights[ids].sum(axis=0) + self.bias
        return found


@dataclass(frozen=True)
class HeadlineModel:
    """``acts`` scores kind, status and whether a sum was recorded; ``contexts`` mentions; ``trees`` candidates."""

    acts: TextModel
    contexts: ContextModel
    trees: Mapping[str, Trees]
    confidences: Mapping[str, ConfidenceCurve]

    def save(self, folder: Path) -> None:
        """Write ``choices.npz`` into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        contexts = self.contexts
        arrays = {f"acts_{name}": array for name, array in arrays_of(self.acts).items()}
        arrays["contexts_features"] = pack_lines(contexts.index)
        arrays["contexts_questions"] = pack_lines(contexts.questions)
        arrays["contexts_weights"] = contexts.weights.astype(np.float16)
        arrays["contexts_bias"] = contexts.bias
        for name, trees in self.trees.items():
            arrays.update(trees_arrays(trees, f"trees_{name}"))
        for name, one in self.confidences.items():
            arrays.update(curve_arrays(one, name))
        save_arrays(folder / "choices.npz", arrays)

    @staticmethod
    def load(path: Path) -> "HeadlineModel":
        """Read what ``save`` wrote."""
        with np.load(path) as file:
            arrays = dict(file)
        acts = {name.removeprefix("acts_"): array for name, array in arrays.items() if name.startswith("acts_")}
        contexts = ContextModel(
            tuple(unpack_lines(arrays["contexts_questions"])),
            {feature: place for place, feature in enumerate(unpack_lines(arrays["contexts_features"]))},
            arrays["contexts_weights"].astype(np.float32),
            arrays["contexts_bias"].astype(np.float32),
        )
        trees = {name: trees_of(arrays, f"trees_{name}") for name in TREES}
        names = [name.removeprefix("curve_") for name in arrays if name.startswith("curve_")]
        return HeadlineModel(model_of(acts), contexts, trees, {name: curve_of(arrays, name) for name in names})


@dataclass(frozen=True)
class SectorModel:
    """A text model with the head ``sector``; ``sharpness`` turns its scores into probabilities."""

    texts: TextModel
    sharpness: float

    def probabilities(self, zones: Mapping[str, str]) -> tuple[tuple[str, ...], Floats]:
        """Return the codes and the probability of each, for a text given as zones: title, text, lead."""
        head = self.texts.heads["sector"]
        return head.labels, softmax(head.scores(self.texts.vector(zones)) * self.sharpness)

    def save(self, folder: Path) -> None:
        """Write ``sector.npz`` into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        save_arrays(folder / "sector.npz", {"sharpness": np.array([self.sharpness]), **arrays_of(self.texts)})

    @staticmethod
    def load(path: Path) -> "SectorModel":
        """Read what ``save`` wrote."""
        with np.load(path) as arrays:
            return SectorModel(model_of(dict(arrays)), float(arrays["sharpness"][0]))


def softmax(scores: NDArray[np.floating]) -> Floats:
    """Return the softmax of scores: probabilities whose sum is 1."""
    weights = np.exp(np.asarray(scores, dtype=np.float64) - float(np.max(scores)))
    found: Floats = weights / weights.sum()
    return found


def _shipped(name: str) -> Path:
    return Path(str(files("extractors") / "model" / "choices" / name))


@cache
def shipped() -> HeadlineModel:
    """Return the headline model that ships with the package."""
    return HeadlineModel.load(_shipped("choices.npz"))


@cache
def shipped_sectors() -> SectorModel:
    """Return the sector model that ships with the package."""
    return SectorModel.load(_shipped("sector.npz"))


def classify_sector(text: str) -> tuple[str, float]:
    """Return the likeliest CRS code of a sentence of prose and its probability.

    The phrases of the table weigh more than the classifier. Where neither is clear, the answer is 430, science
    and technology in general.
    """
    codes, shares = shipped_sectors().probabilities(dict.fromkeys(("title", "text", "lead"), text))
    signals = [code for code, _ in find_signals(text)]
    counts = np.array([signals.count(code) for code in codes], dtype=np.float64)
    if counts.any():
        shares = (1 - _PHRASES) * shares + _PHRASES * counts / counts.sum()
    best = int(np.argmax(shares))
    return (codes[best], float(shares[best])) if shares[best] >= _LEAST else _DEFAULT
