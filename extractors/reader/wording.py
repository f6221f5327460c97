"""A second opinion on what an act is: a linear classifier of the words around it, beside the network.

The kind, the status and above all the sector of an act are in words wherever these stand. The classifier sees
less than the network and learns more from rare words; what both say is added up.
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
# How much a score counts beside the logarithm of the network's share: what does best on unseen documents.
_WEIGHTS = {"kind": 2.0, "status": 1.2, "sector": 2.8}
_LEAST = 1e-6  # no share is taken for less
_LONGEST, _BEFORE, _BEHIND = 600, 250, 120  # characters of the sentence, and of what stands around it
Label = TypeVar("Label", bound=str)


@dataclass(frozen=True)
class Wording:
    """A text model with a head for each of HEADS, whose labels they are."""

    texts: TextModel

    def __call__(self, act: Act, text: str, sentences: Sequence[tuple[int, int]]) -> Act:
        """Return an act of ``text`` with kinds, statuses and sectors as network and wording together see them."""
        scores = self.texts.scores(self.texts.vector(zones_of(text, sentences, act.start, act.end)))
        return replace(
            act,
            kinds=_together(act.kinds, scores["kind"] * _WEIGHTS["kind"]),
            statuses=_together(act.statuses, scores["status"] * _WEIGHTS["status"]),
            sectors=_together(act.sectors, scores["sector"] * _WEIGHTS["sector"]),
        )


def load_wording(folder: Traversable) -> Wording:
    """Return the wording that a reader's folder holds."""
    with folder.joinpath(WORDING).open("rb") as file, np.load(file) as arrays:
        return Wording(model_of(dict(arrays)))


def zones_of(text: str, sentences: Sequence[tuple[int, int]], start: int, end: int) -> dict[str, str]:
    """Return what the classifier sees of an act at ``text[start:end]``: its sentence, what is near, the title."""
    at = max(0, bisect_right(sentences, start, key=lambda bounds: bounds[0]) - 1)
    first, last = sentences[at] if sentences else (start, end)
    first, last = min(first, start), max(last, end)
    near = f"{text[max(0, first - _BEFORE) : first]} {text[last : last + _BEHIND]}"
    return {"act": text[first : min(last, first + _LONGEST)], "near": near, "title": text[: max(0, text.find("\n"))]}


def _together(shares: Mapping[Label, float], scores: NDArray[np.float32]) -> dict[Label, float]:
    logs = np.log(np.maximum(np.array(list(shares.values())), _LEAST)) + scores
    odds = np.exp(logs - logs.max())
    return dict(zip(shares, (odds / odds.sum()).tolist(), strict=True))
