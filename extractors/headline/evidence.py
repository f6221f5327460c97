"""The sentence that states the act, and the mention of a value that stands there."""

from collections.abc import Iterable
from typing import TypeVar

from extractors.mentions import Mention

from .scene import Scene, cue_names

M = TypeVar("M", bound=Mention)
_ACTS = frozenset({"sign", "pledge", "commit", "give", "loan", "grant"})
_TITLE = 0.75
_BEFORE = 0.01


def evidence_of(scene: Scene, weighed: Iterable[tuple[Iterable[Mention], float]]) -> int:
    """Return the number of the sentence where most of the chosen values stand; ``weighed`` are mentions and weights."""
    votes = [-_BEFORE * number for number in range(len(scene.bounds))]
    for mentions, weight in weighed:
        for sentence in {scene.places[mention].sentence for mention in mentions}:
            votes[sentence] += weight
    names = cue_names()
    for sentence, cues in enumerate(scene.cues):
        votes[sentence] += 0.5 * any(names[cue] in _ACTS for _, cue in cues)
    if scene.titled:
        votes[0] -= _TITLE
    return max(range(len(votes)), key=votes.__getitem__)


def within(scene: Scene, sentence: int, mentions: Iterable[M], best: M) -> M:
    """Return the mention that stands in a sentence, the best one first; the best where none does."""
    if scene.places[best].sentence == sentence:
        return best
    return next((mention for mention in mentions if scene.places[mention].sentence == sentence), best)
