"""The words around a mention, weighed: do they say that it is the year, the sum, the giver, the receiver?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .scene import Place, Scene

_NEAR = 5
FAR = 25.0


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
    for word in set(words[max(0, at - 25) : at + 25]):
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


def cue_distances(scene: Scene, place: Place, cues: int) -> list[float]:
    """Return, for each of the ``cues`` kinds of cue, how many words to the left and to the right it stands nearest."""
    left, right = [FAR] * cues, [FAR] * cues
    for at, cue in scene.cues[place.sentence]:
        distance = float(abs(at - place.word))
        side = left if at < place.word else right
        side[cue] = min(side[cue], distance)
    return left + right
