"""The sector of a text: a trained classifier over the CRS codes, its probabilities calibrated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.text_model import TextModel, arrays_of, model_of, save_arrays
from extractors.text.sector_phrases import find_signals

Floats = NDArray[np.float64]
_PHRASES = 0.7  # weight of the phrases in a sentence
_CLEAR = 0.25  # the least probability of an answer for a sentence
_UNCLEAR = 0.5  # how often "unclear" is right, on sentences of our own


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


def classify_sector(text: str, title: str | None = None, *, unclear: str = "430") -> tuple[str, float]:
    """Return the likeliest CRS code of a text and its probability.

    A text without a title is taken for a sentence of prose: the phrases of the table weigh more than the classifier,
    and where nothing tells, ``unclear`` is the answer (science and technology in general, or 998).
    """
    zones = {"title": text if title is None else title, "text": text, "lead": text}
    codes, shares = shipped().probabilities(zones)
    if title is None:
        shares = _with_phrases(text, codes, shares)
    best = int(np.argmax(shares))
    if title is None and shares[best] < _CLEAR:
        return unclear, _UNCLEAR
    return codes[best], float(shares[best])


def _with_phrases(text: str, codes: tuple[str, ...], shares: Floats) -> Floats:
    found = [code for code, _ in find_signals(text)]
    counts = np.array([found.count(code) for code in codes], dtype=np.float64)
    if not counts.any():
        return shares
    mixed: Floats = (1 - _PHRASES) * shares + _PHRASES * counts / counts.sum()
    return mixed
