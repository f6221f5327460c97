"""The sector of a text: a trained classifier over the CRS codes, its probabilities calibrated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .text_model import TextModel, arrays_of, model_of, save_arrays

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SectorModel:
    """A text model with the head ``sector``; ``sharpness`` turns its scores into probabilities."""

    texts: TextModel
    sharpness: float

    def probabilities(self, zones: Mapping[str, str]) -> tuple[tuple[str, ...], Floats]:
        """Return the codes and the probability of each, for a text given zone by zone: title, text, lead."""
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
    """Return the shares that scores stand for."""
    weights = np.exp(np.asarray(scores, dtype=np.float64) - float(np.max(scores)))
    found: Floats = weights / weights.sum()
    return found


@cache
def shipped() -> SectorModel:
    """Return the model that ships with the package."""
    return SectorModel.load(Path(str(files("extractors") / "model" / "choices" / "sector.npz")))


def classify_sector(text: str, title: str | None = None) -> tuple[str, float]:
    """Return the likeliest CRS code of a text and its probability; a sentence by itself needs no title."""
    codes, shares = shipped().probabilities({"title": text if title is None else title, "text": text, "lead": text})
    best = int(np.argmax(shares))
    return codes[best], float(shares[best])
