"""Batches of examples of similar length, which need little padding."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from torch import Tensor

from extractors.training.reader.examples import Example

_JITTER = 60  # pieces of noise on the lengths, so that batches differ from one pass to the next


@dataclass(slots=True)
class Batch:
    """Padded arrays of some examples: the network's inputs (``heads``: those of the heads), and the labels."""

    ids: Tensor
    shapes: Tensor
    tags: Tensor
    mask: Tensor
    heads: dict[str, Tensor]
    labels: dict[str, Tensor]

    @property
    def acts(self) -> int:
        """How many acts the batch has."""
        return int(self.heads["act_mask"].sum())


def batched(found: Sequence[Example], most: int, random: Random | None) -> list[list[Example]]:
    """Group examples by length, at most ``most`` pieces a group with padding; shuffled unless ``random`` is None.

    A longer example is a group by itself.
    """

    def size(one: Example) -> float:
        return len(one.ids) + (random.random() * _JITTER if random else 0)

    groups: list[list[Example]] = []
    longest = 0
    for one in sorted(found, key=size):
        longest = max(longest if groups and groups[-1] else 0, len(one.ids))
        if not groups or (len(groups[-1]) + 1) * longest > most:
            groups.append([])
            longest = len(one.ids)
        groups[-1].append(one)
    if random:
        random.shuffle(groups)
    return groups


def collate(group: Sequence[Example]) -> Batch:
    """Pad a group of examples to equal sizes, as one batch."""
    t = max(len(one.ids) for one in group)
    a = max(1, *(len(one.kinds) for one in group))
    m = max(1, *(len(one.sorts) for one in group))
    e = max(1, *(int(one.entities.max(initial=-1)) + 1 for one in group))
    relations = [one.relations for one in group]
    heads = {
        "act_pieces": _padded([r.act_pieces for r in relations], a, t),
        "candidate_pieces": _padded([r.candidate_pieces for r in relations], m, t),
        "distances": _padded([r.distances for r in relations], a, m),
        "sentences": _padded([r.sentences for r in relations], a, m),
        "nearness": _padded([r.nearness for r in relations], a, t),
        "kinds": _padded([r.kinds for r in relations], m),
        "same": _padded([r.same for r in relations], m, m),
        "act_mask": _padded([np.ones(len(one.kinds), np.float32) for one in group], a),
        "candidate_mask": _padded([np.ones(len(one.sorts), np.float32) for one in group], m),
    }
    labels = {
        "anchors": _padded([one.anchors for one in group], t),
        "names": _padded([one.names for one in group], t),
        "weights": _padded([one.weights for one in group], t),
        "members": _padded([_members(one) for one in group], e, m),
        "sorts": _padded([one.sorts for one in group], m, fill=-1),
        "fills": _padded([one.fills for one in group], a, m, group[0].fills.shape[2]),
        "kinds": _padded([one.kinds for one in group], a),
        "statuses": _padded([one.statuses for one in group], a),
        "sectors": _padded([one.sectors for one in group], a, group[0].sectors.shape[1]),
        "fields": _padded([one.fields for one in group], a, group[0].fields.shape[1]),
        "sector_words": _padded([one.sector_words for one in group], a, t),
        "types": _padded([one.types for one in group], m, fill=-1),
        "homes": _padded([one.homes for one in group], m, 1 + m),
    }
    ids = _padded([one.ids for one in group], t)
    mask = _padded([np.ones(len(one.ids), np.float32) for one in group], t)
    return Batch(
        ids, _padded([one.shapes for one in group], t), _padded([one.tags for one in group], t), mask, heads, labels
    )


def _members(one: Example) -> np.ndarray:
    members = np.zeros((int(one.entities.max(initial=-1)) + 1, len(one.entities)), dtype=np.float32)
    members[one.entities, np.arange(len(one.entities))] = 1
    return members


def _padded(arrays: Sequence[np.ndarray], *size: int, fill: int = 0) -> Tensor:
    dtype = np.float32 if arrays[0].dtype.kind == "f" else np.int64
    out = np.full((len(arrays), *size), fill, dtype=dtype)
    for row, array in zip(out, arrays, strict=True):
        row[tuple(slice(0, n) for n in array.shape)] = array
    return torch.from_numpy(out)
