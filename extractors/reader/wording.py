"""The wording model: a linear classifier of the words around an act, beside the network.

Words show the kind, the status and above all the sector of an act, whatever their order. The classifier sees less than
the network and learns more from rare words; the log probabilities of the network and its scores are added.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from extractors.estimators.text_model import TextModel, model_of
from extractors.reader import WORDING
from extractors.reader.acts import KINDS, SECTORS, STATUSES, Act

HEADS: Mapping[str, Sequence[str]] = {"kind": KINDS, "status": STATUSES, "sector": SECTORS}
# Weights of the scores beside the network's log probabilities: those that do best on unseen documents.
_WEIGHTS = {"kind": 2.0, "status": 1.2, "sector": 2.8}
_LEAST = 1e-6  # lower probabilities are raised to this
_LONGEST, _BEFORE, _AFTER = 600, 250, 120  # characters of the sentence, and of the text around it
Label = TypeVar("Label", bound=str)


@dataclass(frozen=True)
class Wording:
    """A text model with a head for each name in HEADS, with the labels listed there."""

    texts: TextModel

    def __call__(self, act: Act, text: str, sentences: Sequence[tuple[int, int]]) -> Act:
        """Return ``act`` with kinds, statuses and sectors as the network and this model together rate them."""
        scores = self.texts.scores(self.texts.vector(zones_of(text, sentences, act.start, act.end)))
        return replace(
            act,
            kinds=_combined(act.kinds, scores["kind"] * _WEIGHTS["kind"]),
            statuses=_combined(act.statuses, scores["status"] * _WEIGHTS["status"]),
            sectors=_combined(act.sectors, scores["sector"] * _WEIGHTS["sector"]),
        )


def load_wording(folder: Traversable) -> Wording:
    """Return the wording that a reader's folder holds."""
    with folder.joinpath(WORDING).open("rb") as file, np.load(file) as arrays:
        return Wording(model_of(dict(arrays)))


def zones_of(text: str, sentences: Sequence[tuple[int, int]], start: int, end: int) -> dict[str, str]:
    """Return the zones of the act at ``text[start:end]``: ``act`` (its sentence), ``near`` (text around), ``title``."""
    at = max(0, bisect_right(sentences, start, key=lambda bounds: bounds[0]) - 1)
    first, last = sentences[at] if sentences else (start, end)
    first, last = min(first, start), max(last, end)
    near = f"{text[max(0, first - _BEFORE) : first]} {text[last : last + _AFTER]}"
    return {"act": text[first : min(last, first + _LONGEST)], "near": near, "title": text[: max(0, text.find("\n"))]}


def _combined(probabilities: Mapping[Label, float], scores: NDArray[np.float32]) -> dict[Label, float]:
    logs = np.log(np.maximum(np.array(list(probabilities.values())), _LEAST)) + scores
    odds = np.exp(logs - logs.max())
    return dict(zip(probabilities, (odds / odds.sum()).tolist(), strict=True))
