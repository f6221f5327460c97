"""What was put right in a reader's networks after they were written, in a small file beside them.

Weights: a matrix of the encoder is corrected by the product of two narrow ones (Hu et al. 2021,
https://arxiv.org/abs/2106.09685), a vector or a matrix of the heads number by number. The file says where in which
network's file each begins, so that reading one needs no knowledge of its format.

Arithmetic: another graph that works with the same weights, and finds them in the network's file by their places.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.reader import CORRECTION

_INDEX = "index"
_LEAST, _MOST = -127, 127  # of a weight in eight bits


@dataclass(frozen=True, slots=True)
class Part:
    """What is added to one array of a network: ``factors`` are one array of its shape, or two whose product is.

    ``file`` is the network's, ``offset`` the byte where the array begins, ``type`` int8 or float32.
    """

    file: str
    offset: int
    shape: tuple[int, ...]
    type: str
    factors: tuple[NDArray[np.floating[Any]], ...]

    def apply(self, data: bytearray) -> None:
        """Correct the array in a network's file; the sum in eight bits is rounded."""
        count = int(np.prod(self.shape))
        array = np.frombuffer(data, dtype=self.type, count=count, offset=self.offset).reshape(self.shape)
        first, *second = (factor.astype(np.float32) for factor in self.factors)
        changed = first @ second[0] if second else first.reshape(self.shape)
        changed += array
        if self.type == "int8":
            np.clip(np.rint(changed, out=changed), _LEAST, _MOST, out=changed)
        array[...] = changed


@dataclass(frozen=True, slots=True)
class Correction:
    """Corrections of some networks.

    ``files`` are their names with the SHA-256 of each, ``graphs`` those that are worked out by another graph.
    """

    files: Mapping[str, str]
    parts: tuple[Part, ...] = ()
    graphs: Mapping[str, bytes] = field(default_factory=dict)

    def __call__(self, name: str, data: bytes) -> bytes | bytearray:
        """Return the file of a network with its corrections, as it is where there are none.

        Raises:
            ValueError: the correction was made for another network
        """
        if name not in self.files:
            return data
        if hashlib.sha256(data).hexdigest() != self.files[name]:
            raise ValueError(f"{CORRECTION} was made for another {name} than the one beside it")
        changed = bytearray(data)
        for part in self.parts:
            if part.file == name:
                part.apply(changed)
        return changed

    def save(self, folder: Path) -> None:
        """Write the correction into a reader's folder, where ``load_correction`` finds it."""
        index = {
            "files": dict(self.files),
            "parts": [[part.file, part.offset, part.shape, part.type, len(part.factors)] for part in self.parts],
            "graphs": list(self.graphs),
        }
        factors = [factor for part in self.parts for factor in part.factors]
        graphs = [np.frombuffer(graph, np.uint8) for graph in self.graphs.values()]
        arrays: dict[str, Any] = {str(i): one for i, one in enumerate([*factors, *graphs])}
        arrays[_INDEX] = np.array(json.dumps(index))
        np.savez_compressed(folder / CORRECTION, **arrays)


def load_correction(folder: Traversable) -> Correction:
    """Return the correction that a reader's folder holds; one that changes nothing where it holds none."""
    file = folder.joinpath(CORRECTION)
    if not file.is_file():
        return Correction({})
    with file.open("rb") as opened, np.load(opened) as arrays:
        index = json.loads(str(arrays[_INDEX]))
        rest = (arrays[str(i)] for i in range(len(arrays.files) - 1))
        parts = tuple(
            Part(name, offset, tuple(shape), kind, tuple(islice(rest, count)))
            for name, offset, shape, kind, count in index["parts"]
        )
        return Correction(index["files"], parts, {name: next(rest).tobytes() for name in index["graphs"]})
