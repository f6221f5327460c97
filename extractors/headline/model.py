"""The trained model of the headline: its parts, and how they are kept as plain arrays in two files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.headline.scene import Place, Scene
from extractors.headline.text_model import TextModel, arrays_of, model_of, packed, save_arrays, unpacked

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[np.generic]]
Ids = NDArray[np.int64]
_NEAR = 5  # words on either side of a mention
TREES = ("giver", "receiver", "payer", "year", "amount", "no_amount")


def context_features(scene: Scene, place: Place) -> Iterator[str]:
    """Yield the features of a place: its neighbours, the words near it on either side, those of its sentence."""
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
    for word in dict.fromkeys(words[max(0, at - 25) : at + 25]):  # a set's order, and so their sum, would vary
        yield f"s {word}"


@dataclass(frozen=True)
class ContextModel:
    """Weights of features of a place, one column a question."""

    questions: tuple[str, ...]
    index: dict[str, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, scene: Scene, place: Place) -> NDArray[np.float32]:
        """Return the score of a place for each question, as log odds."""
        known = (self.index.get(feature) for feature in context_features(scene, place))
        ids = [one for one in known if one is not None]
        found: NDArray[np.float32] = self.weights[ids].sum(axis=0) + self.bias
        return found


@dataclass(frozen=True)
class Trees:
    """Trees of one ensemble, a row a tree and a column a node; a leaf has itself as both children.

    A row of features goes left at a node where ``features[feature] <= threshold``. ``depth`` is the deepest tree's.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float32]
    base: float
    depth: int

    def log_odds(self, rows: Floats) -> Floats:
        """Return the log odds of each row of features."""
        if not len(rows):
            return np.zeros(0)
        flat = rows.astype(np.float32).ravel()
        first = np.arange(len(rows))[:, None] * rows.shape[1]
        feature, threshold, left, right, roots = self._flat
        node = np.repeat(roots[None, :], len(rows), axis=0)
        for _ in range(self.depth):
            goes_left = flat[first + feature[node]] <= threshold[node]
            node = np.where(goes_left, left[node], right[node])
        found: Floats = self.base + self.value.ravel()[node].sum(axis=1, dtype=np.float64)
        return found

    @cached_property
    def _flat(self) -> tuple[Ids, NDArray[np.float32], Ids, Ids, Ids]:
        """Return the nodes of all trees in one row, children by their place in it, and the places of the roots."""
        roots = np.arange(len(self.feature)) * self.feature.shape[1]
        left, right = self.left + roots[:, None], self.right + roots[:, None]
        return self.feature.ravel(), self.threshold.ravel(), left.ravel(), right.ravel(), roots


@dataclass(frozen=True)
class Confidences:
    """Turns the signals of a choice into the probability that it is right: a logistic curve, then a staircase."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float
    steps: Floats
    levels: Floats

    def of(self, signals: tuple[float, ...]) -> float:
        """Return the probability, 0..1."""
        return float(np.interp(self.raw(np.asarray(signals)), self.steps, self.levels))

    def raw(self, signals: Floats) -> Floats:
        """Return the probability by the logistic curve alone, of one row of signals or of many."""
        odds = ((signals - self.mean) / self.scale) @ self.weights + self.bias
        found: Floats = 1 / (1 + np.exp(-odds))
        return found


@dataclass(frozen=True)
class Model:
    """``acts`` reads kind, status and whether a sum was recorded; ``contexts`` mentions; ``trees`` candidates."""

    acts: TextModel
    contexts: ContextModel
    trees: Mapping[str, Trees]
    confidences: Mapping[str, Confidences]

    def save(self, folder: Path) -> None:
        """Write ``choices.npz`` into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        contexts = self.contexts
        arrays = {f"acts_{name}": array for name, array in arrays_of(self.acts).items()}
        arrays["contexts_features"] = packed(contexts.index)
        arrays["contexts_questions"] = packed(contexts.questions)
        arrays["contexts_weights"] = contexts.weights.astype(np.float16)
        arrays["contexts_bias"] = contexts.bias
        for name, trees in self.trees.items():
            arrays.update(trees_arrays(trees, f"trees_{name}"))
        for name, one in self.confidences.items():
            arrays.update(curve_arrays(one, name))
        save_arrays(folder / "choices.npz", arrays)

    @staticmethod
    def load(path: Path) -> "Model":
        """Read what ``save`` wrote."""
        with np.load(path) as file:
            arrays = dict(file)
        acts = {name.removeprefix("acts_"): array for name, array in arrays.items() if name.startswith("acts_")}
        contexts = ContextModel(
            tuple(unpacked(arrays["contexts_questions"])),
            {feature: place for place, feature in enumerate(unpacked(arrays["contexts_features"]))},
            arrays["contexts_weights"].astype(np.float32),
            arrays["contexts_bias"].astype(np.float32),
        )
        trees = {name: trees_of(arrays, f"trees_{name}") for name in TREES}
        names = [name.removeprefix("curve_") for name in arrays if name.startswith("curve_")]
        return Model(model_of(acts), contexts, trees, {name: curve_of(arrays, name) for name in names})


_KEPT = {"feature": np.int16, "threshold": np.float32, "left": np.int16, "right": np.int16, "value": np.float32}
_READ = {"feature": np.int64, "threshold": np.float32, "left": np.int64, "right": np.int64, "value": np.float32}


def trees_arrays(trees: Trees, name: str) -> dict[str, NDArray[np.generic]]:
    """Return an ensemble as arrays with names that begin with ``name``."""
    kept = {f"{name}_{part}": getattr(trees, part).astype(kind) for part, kind in _KEPT.items()}
    return {**kept, f"{name}_shape": np.array([trees.base, trees.depth])}


def trees_of(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Trees:
    """Return the ensemble that ``trees_arrays`` gave."""
    base, depth = arrays[f"{name}_shape"].astype(np.float64).tolist()
    parts: dict[str, Any] = {part: arrays[f"{name}_{part}"].astype(kind) for part, kind in _READ.items()}
    return Trees(**parts, base=base, depth=int(depth))


def curve_arrays(one: Confidences, name: str) -> dict[str, NDArray[np.generic]]:
    """Return a curve as arrays with names that end with ``name``."""
    curve = np.array([one.mean, one.scale, one.weights])
    return {
        f"curve_{name}": np.hstack([curve, [[one.bias], [0.0], [0.0]]]),
        f"stairs_{name}": np.array([one.steps, one.levels]),
    }


def curve_of(arrays: Arrays, name: str) -> Confidences:
    """Return the curve that ``curve_arrays`` gave."""
    curve = arrays[f"curve_{name}"].astype(np.float64)
    stairs = arrays[f"stairs_{name}"].astype(np.float64)
    return Confidences(curve[0, :-1], curve[1, :-1], curve[2, :-1], float(curve[0, -1]), stairs[0], stairs[1])


@cache
def shipped() -> Model:
    """Return the model that ships with the package."""
    return Model.load(Path(str(files("extractors") / "model" / "choices" / "choices.npz")))
