"""The trained networks in ONNX Runtime: the encoder over a window, an adapter, the heads over acts and candidates."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from extractors.reader import ADAPTER, ENCODER, HEADS, TOKENIZER
from extractors.reader.correction import load_correction
from extractors.reader.pieces import Ints, Vocabulary
from extractors.reader.relations import Floats, Relations
from extractors.reader.wording import load_wording

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else the import stores an id of this machine in the home folder, to send it
import onnxruntime


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """The encoder's output for a window of t places: the vectors ``hidden`` (t × width), and the probabilities that a
    place is outside, the begin or inside of an anchor (``anchors``, t × 3) or of a party's name (``names``, t × 3).
    """

    hidden: Floats
    anchors: Floats
    names: Floats


@dataclass(frozen=True, slots=True)
class Adapter:
    """A low-rank correction of the encoder's vectors for the heads: ``into`` (width × rank), ``out`` (rank × width)."""

    into: Floats
    out: Floats

    def __call__(self, hidden: Floats) -> Floats:
        """Return corrected vectors, places × width; float64 inside, so that the order of summation does not show."""
        into, out = self.into.astype(np.float64), self.out.astype(np.float64)
        corrected: Floats = (hidden + hidden.astype(np.float64) @ into @ out).astype(np.float32)
        return corrected


def load_adapter(folder: Traversable) -> Adapter:
    """Return the adapter that a reader's folder holds."""
    with folder.joinpath(ADAPTER).open("rb") as file, np.load(file) as arrays:
        return Adapter(*(arrays[name].astype(np.float32) for name in Adapter.__slots__))


class Network:
    """Both networks, corrected. Each runs on one thread: workers are processes, and results stay the same bytes."""

    def __init__(self, folder: Traversable) -> None:
        """Load the networks of a reader's folder; FileNotFoundError where it holds none."""
        self.vocabulary = Vocabulary(Tokenizer.from_str(folder.joinpath(TOKENIZER).read_text(encoding="utf-8")))
        correction = load_correction(folder)
        self._encoder, self._heads = (
            _session(name, correction(name, folder.joinpath(name).read_bytes()), correction.graphs.get(name))
            for name in (ENCODER, HEADS)
        )
        self.adapter = load_adapter(folder)
        self.wording = load_wording(folder)

    def read(self, ids: Ints, shapes: Ints, tags: Ints) -> EncodedWindow:
        """Encode one window, given by three arrays of its length (``windows.inputs``)."""
        feed = {"ids": ids[None], "shapes": shapes[None], "tags": tags[None]}
        hidden, anchors, names = self._encoder.run(["hidden", "anchors", "names"], feed)
        return EncodedWindow(hidden[0], _softmax(anchors[0]), _softmax(names[0]))

    def score(self, encoded: EncodedWindow, related: Relations) -> Mapping[str, NDArray[Any]]:
        """Score the acts and candidates of a window: ``roles`` (acts × (1 + candidates) × roles), ``classes``,
        ``types`` and ``homes``, before any softmax.
        """
        feed = {name: array[None] for name, array in related.feed().items()}
        names = ["roles", "classes", "types", "homes"]
        scores = self._heads.run(names, {"hidden": self.adapter(encoded.hidden)[None], **feed})
        return {name: array[0] for name, array in zip(names, scores, strict=True)}


def _session(name: str, network: bytes | bytearray, graph: bytes | None) -> onnxruntime.InferenceSession:
    """A session of a network's own graph, or of ``graph``, which reads the weights from the network's file."""
    onnxruntime.disable_telemetry_events()  # in case it was imported before the variable was set
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if graph is not None:
        options.add_external_initializers_from_files_in_memory([name], [network], [len(network)])
    return onnxruntime.InferenceSession(graph or bytes(network), options, providers=["CPUExecutionProvider"])


def _softmax(scores: Floats) -> Floats:
    shifted: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return shares


@cache
def shipped() -> Network:
    """Return the networks that the package ships, loaded once."""
    return Network(files("extractors.model").joinpath("reader"))
