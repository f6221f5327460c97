"""The inputs of the heads beside the vectors: how far acts and candidates are from each other in the text."""

import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.reader.pieces import Candidate, Ints, Pieces, kind_of
from extractors.reader.windows import LONGEST, Window

Floats = NDArray[np.float32]
DISTANCES = 36  # buckets of signed distances in pieces, two to each power of two
SENTENCES = 9  # buckets of signed distances in sentences, at most four on each side


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations in a window with t places, a acts and m candidates.

    ``act_pieces`` (a × t) and ``candidate_pieces`` (m × t) are weights of the places that each covers; a row sums to
    one, or to zero for the document's date. ``distances`` and ``sentences`` (a × m) are buckets of the distance from
    an act to a candidate, ``nearness`` (a × t) buckets of that from an act to a place, in sentences. ``kinds`` (m) are
    indexes of CANDIDATE_KINDS; ``same`` (m × m) is 1 for two mentions of one entity.
    """

    act_pieces: Floats
    candidate_pieces: Floats
    distances: Ints
    sentences: Ints
    nearness: Ints
    kinds: Ints
    same: Floats

    def feed(self) -> dict[str, Any]:
        """Return the arrays by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def visible(window: Window, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates within a window, and the document's date; ``found`` is as ``candidates`` returns it."""
    shown: dict[int, Candidate] = {}
    for part in window.parts:
        at = bisect_left(found, part.start - LONGEST, key=_first_piece)
        while at < len(found) and _first_piece(found[at]) < part.stop:
            if found[at].last > part.start:
                shown[at] = found[at]
            at += 1
    return [shown[at] for at in sorted(shown)] + [one for one in found[-1:] if one.mention is None]


def _first_piece(candidate: Candidate) -> int:
    return candidate.first if candidate.mention is not None else sys.maxsize


def relations(window: Window, pieces: Pieces, acts: Sequence[tuple[int, int]], found: Sequence[Candidate]) -> Relations:
    """Relate ``acts``, each given by the bounds of its pieces (end exclusive), to the candidates in a window."""
    sentences = np.where(window.order < 0, -1, pieces.sentences[np.maximum(window.order, 0)])
    act_pieces = _weights(window, acts)
    candidate_pieces = _weights(window, [(one.first, one.last) for one in found])
    act_places = np.array([window.place[first] for first, _ in acts], dtype=np.int64)
    places = candidate_pieces.argmax(axis=1) if found else np.zeros(0, dtype=np.int64)
    entities = np.array([one.entity for one in found], dtype=object)
    sorts = np.array([one.sort for one in found], dtype=object)
    same = (entities[:, None] == entities[None]) & (sorts[:, None] == sorts[None])
    return Relations(
        act_pieces,
        candidate_pieces,
        _buckets(places[None] - act_places[:, None]),
        np.clip(sentences[places][None] - sentences[act_places][:, None], -4, 4) + 4,
        np.clip(sentences[None] - sentences[act_places][:, None], -4, 4) + 4,
        np.array([kind_of(one) for one in found], dtype=np.int64),
        same.astype(np.float32).reshape(len(found), len(found)),
    )


def _weights(window: Window, spans: Sequence[tuple[int, int]]) -> Floats:
    weights = np.zeros((len(spans), len(window.order)), dtype=np.float32)
    for row, (first, last) in enumerate(spans):
        places = [window.place[i] for i in range(first, last) if i in window.place]
        weights[row, places] = 1 / max(1, len(places))
    return weights


def _buckets(distance: Ints) -> Ints:
    near = np.minimum((np.log2(np.abs(distance) + 1) * 2).astype(np.int64), DISTANCES // 2 - 1)
    buckets: Ints = np.where(distance >= 0, near, near + DISTANCES // 2)
    return buckets
