"""The trained model of the headline: its parts, and how they are kept as plain arrays in two files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.headline.text_model import TextModel, arrays_of, model_of, packed, save_arrays, unpacked

from .contexts import ContextModel
from .trees import Trees, trees_arrays, trees_of

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[np.generic]]
TREES = ("giver", "receiver", "payer", "year", "amount", "no_amount")


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
        save_arrays(folder / "choices.npz", _arrays(self))

    @staticmethod
    def load(path: Path) -> "Model":
        """Read what ``save`` wrote."""
        with np.load(path) as arrays:
            return _model(dict(arrays))


def _arrays(model: Model) -> dict[str, NDArray[np.generic]]:
    arrays = {f"acts_{name}": array for name, array in arrays_of(model.acts).items()}
    arrays["contexts_features"] = packed(model.contexts.index)
    arrays["contexts_questions"] = packed(model.contexts.questions)
    arrays["contexts_weights"] = model.contexts.weights.astype(np.float16)
    arrays["contexts_bias"] = model.contexts.bias
    for name, trees in model.trees.items():
        arrays.update(trees_arrays(trees, f"trees_{name}"))
    for name, one in model.confidences.items():
        arrays.update(curve_arrays(one, name))
    return arrays


def curve_arrays(one: Confidences, name: str) -> dict[str, NDArray[np.generic]]:
    """Return a curve as arrays with names that end with ``name``."""
    curve = np.array([one.mean, one.scale, one.weights])
    return {
        f"curve_{name}": np.hstack([curve, [[one.bias], [0.0], [0.0]]]),
        f"stairs_{name}": np.array([one.steps, one.levels]),
    }


def _model(arrays: Arrays) -> Model:
    acts = {name.removeprefix("acts_"): array for name, array in arrays.items() if name.startswith("acts_")}
    features = unpacked(arrays["contexts_features"])
    contexts = ContextModel(
        tuple(unpacked(arrays["contexts_questions"])),
        {feature: place for place, feature in enumerate(features)},
        arrays["contexts_weights"].astype(np.float32),
        arrays["contexts_bias"].astype(np.float32),
    )
    trees = {name: trees_of(arrays, f"trees_{name}") for name in TREES}
    names = [name.removeprefix("curve_") for name in arrays if name.startswith("curve_")]
    return Model(model_of(acts), contexts, trees, {name: curve_of(arrays, name) for name in names})


def curve_of(arrays: Arrays, name: str) -> Confidences:
    """Return the curve that ``curve_arrays`` gave."""
    curve = arrays[f"curve_{name}"].astype(np.float64)
    stairs = arrays[f"stairs_{name}"].astype(np.float64)
    return Confidences(curve[0, :-1], curve[1, :-1], curve[2, :-1], float(curve[0, -1]), stairs[0], stairs[1])


@cache
def shipped() -> Model:
    """Return the model that ships with the package."""
    return Model.load(Path(str(files("extractors") / "model" / "choices" / "choices.npz")))
