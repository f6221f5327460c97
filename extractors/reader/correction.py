"""Corrections of a reader's networks from further training, stored in a small file beside them.

Weights: to a matrix of the encoder the product of two narrow matrices is added (Hu et al. 2021,
https://arxiv.org/abs/2106.09685), to a vector or a matrix of the heads an array of its shape. The file states for each
the network's file and the byte offset, so that applying it needs no knowledge of the ONNX format.

Arithmetic: a graph that replaces the network's own and reads the same weights from its file, by their offsets.
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
_INT8_MIN, _INT8_MAX = -127, 127  # quantised weights are symmetric: -128 is not used


@dataclass(frozen=True, slots=True)
class ArrayCorrection:
    """What is added to one array of a network: ``factors`` are one array of its shape, or two to be multiplied.

    ``file`` names the network's file, ``offset`` is the byte where the array begins, ``type`` int8 or float32.
    """

    file: str
    offset: int
    shape: tuple[int, ...]
    type: str
    factors: tuple[NDArray[np.floating[Any]], ...]

    def apply(self, data: bytearray) -> None:
        """Correct the array in place, ``data`` being the network's file; an int8 sum is rounded and clipped."""
        count = int(np.prod(self.shape))
        array = np.frombuffer(data, dtype=self.type, count=count, offset=self.offset).reshape(self.shape)
        first, *second = (factor.astype(np.float32) for factor in self.factors)
        changed = first @ second[0] if second else first.reshape(self.shape)
        changed += array
        if self.type == "int8":
            np.clip(np.rint(changed, out=changed), _INT8_MIN, _INT8_MAX, out=changed)
        array[...] = changed


@dataclass(frozen=True, slots=True)
class Correction:
    """Corrections of a reader's networks.

    ``files`` maps the names of their files to SHA-256 digests, ``graphs`` to the ONNX graph that replaces their own.
    """

    files: Mapping[str, str]
    parts: tuple[ArrayCorrection, ...] = ()
    graphs: Mapping[str, bytes] = field(default_factory=dict)

    def __call__(self, name: str, data: bytes) -> bytes | bytearray:
        """Return the content of a network's file with its corrections, ``data`` itself where there are none.

        Raises:
            ValueError: the correction was made for another file than ``data``
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
    """Return the correction that a reader's folder holds; an empty one where it holds none."""
    file = folder.joinpath(CORRECTION)
    if not file.is_file():
        return Correction({})
    with file.open("rb") as opened, np.load(opened) as arrays:
        index = json.loads(str(arrays[_INDEX]))
        stored = (arrays[str(i)] for i in range(len(arrays.files) - 1))
        parts = tuple(
            ArrayCorrection(name, offset, tuple(shape), kind, tuple(islice(stored, count)))
            for name, offset, shape, kind, count in index["parts"]
        )
        return Correction(index["files"], parts, {name: next(stored).tobytes() for name in index["graphs"]})
