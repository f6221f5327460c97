"""Export trained weights as two ONNX graphs, the encoder's large matrices as int8, and load them back into torch."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from extractors.reader import ENCODER, HEADS, TOKENIZER
from extractors.reader.relations import Relations
from extractors.training.reader.arithmetic import graph_correction
from extractors.training.reader.encoder import Shape
from extractors.training.reader.network import Heads, ReaderNetwork

_OPSET = 17
_QUANTIZED, _SCALE, _ZERO = "_quantized", "_scale", "_zero_point"
_PREFIXES = ("network.", "heads.")  # of the weights' names in the two graphs


class _Encoder(nn.Module):
    """The encoder as it is exported: over one window, without padding."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, shapes: Tensor, tags: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.network.encode(ids, shapes, tags, torch.ones_like(ids))


class _Heads(nn.Module):
    """The heads as they are exported: over one window, without padded acts or candidates."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.heads = network.heads

    def forward(self, hidden: Tensor, *related: Tensor) -> tuple[Tensor, ...]:
        named = dict(zip(Relations.__slots__, related, strict=True))
        ones = {
            "mask": hidden[..., 0],
            "act_mask": named["act_pieces"][..., 0],
            "candidate_mask": named["same"][..., 0],
        }
        out = self.heads(hidden, **named, **{name: torch.ones_like(like) for name, like in ones.items()})
        return out["roles"], out["classes"], out["types"], out["homes"]


def export(network: ReaderNetwork, weights: Path, folder: Path) -> None:
    """Write the networks of a trained reader to ``folder``, and the tokenizer from ``weights``."""
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(weights / TOKENIZER, folder / TOKENIZER)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        _write(_Encoder(network), _example_window(), ["ids", "shapes", "tags"], ["hidden", "anchors", "names"], plain)
        quantize_dynamic(plain, folder / ENCODER, weight_type=QuantType.QInt8, per_channel=True)
        _write(
            _Heads(network),
            _example_relations(network),
            ["hidden", *Relations.__slots__],
            ["roles", "classes", "types", "homes"],
            folder / HEADS,
        )
    graph_correction(folder).save(folder)


@dataclass(frozen=True, slots=True)
class WeightPlace:
    """The initializer of a graph that holds a weight: its name, whether transposed, and for int8 its scale's name."""

    name: str
    transposed: bool
    scale: str | None = None


def places(graph: onnx.GraphProto) -> dict[str, WeightPlace]:
    """Return where a graph that ``export`` wrote holds each weight, by the weight's name in torch.

    The graph has the weight's own name, or only that of the layer that multiplies with it.
    """
    kept = {one.name for one in graph.initializer}
    found = {}
    for name in kept:
        weight = name.removesuffix(_QUANTIZED)
        scale = weight + _SCALE if weight != name else None
        if name.startswith(_PREFIXES) and not name.endswith((_SCALE, _ZERO)):
            found[_without_prefix(weight)] = WeightPlace(name, transposed=False, scale=scale)
    for node in graph.node:
        layer = _layer_of(node.name)
        for name in kept.intersection(node.input):
            if node.op_type == "MatMul":
                found[f"{layer}.weight"] = WeightPlace(name, transposed=True)
            elif node.op_type == "MatMulInteger" and name.endswith(_QUANTIZED):
                found[f"{layer}.weight"] = WeightPlace(
                    name, transposed=True, scale=name.removesuffix(_QUANTIZED) + _SCALE
                )
            elif node.op_type == "Mul" and layer.startswith("rounds."):
                found[f"{layer}.same"] = WeightPlace(name, transposed=False)
    return found


def trained_heads(graph: onnx.GraphProto) -> Heads:
    """Return the heads that ``export`` wrote."""
    found = trained_weights(graph)
    heads = Heads(found["act.weight"].shape[1])
    heads.load_state_dict({name: found[name].reshape(value.shape) for name, value in heads.state_dict().items()})
    heads.eval()
    return heads


def trained(encoder: onnx.GraphProto, heads: onnx.GraphProto, shape: Shape) -> ReaderNetwork:
    """Return the reader that ``export`` wrote, its int8 weights as float32."""
    network = ReaderNetwork(shape)
    network.heads = trained_heads(heads)
    found = trained_weights(encoder)
    state = network.state_dict()
    state |= {name: found[name].reshape(state[name].shape) for name in state if not name.startswith("heads.")}
    network.load_state_dict(state)
    return network


def trained_weights(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """Return the weights of a network that ``export`` wrote, by their names in torch."""
    kept = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {}
    for weight, place in places(graph).items():
        array = kept[place.name].astype(np.float32)
        if place.scale is not None:  # the zero point of the words' embeddings is not 0
            array = (array - kept[place.scale.removesuffix(_SCALE) + _ZERO]) * kept[place.scale]
        found[weight] = torch.from_numpy(np.array(array.T if place.transposed else array))
    return found


def _without_prefix(name: str) -> str:
    """The name of a weight without the prefix of its network."""
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _layer_of(node: str) -> str:
    """The layer that a node of the graph belongs to: "/heads/rounds.0/feed/feed.1/MatMul" is rounds.0.feed.1."""
    return _without_prefix(re.sub(r"(\w+)\.\1\.", r"\1.", ".".join(node.strip("/").split("/")[:-1])))


def _write(module: nn.Module, example: tuple[Tensor, ...], inputs: list[str], outputs: list[str], path: Path) -> None:
    axes: dict[str, Any] = {
        "ids": {1: "t"}, "shapes": {1: "t"}, "tags": {1: "t"},
        "hidden": {1: "t"}, "anchors": {1: "t"}, "names": {1: "t"},
        "act_pieces": {1: "a", 2: "t"}, "candidate_pieces": {1: "m", 2: "t"}, "distances": {1: "a", 2: "m"},
        "sentences": {1: "a", 2: "m"}, "nearness": {1: "a", 2: "t"}, "kinds": {1: "m"}, "same": {1: "m", 2: "m"},
        "roles": {1: "a", 2: "n"}, "classes": {1: "a"}, "types": {1: "m"}, "homes": {1: "m", 2: "n"},
    }  # fmt: skip
    torch.onnx.export(
        module, example, str(path), input_names=inputs, output_names=outputs, opset_version=_OPSET, dynamo=False,
        dynamic_axes={name: axes[name] for name in [*inputs, *outputs]},
    )  # fmt: skip
    onnx.checker.check_model(str(path))


def _example_window() -> tuple[Tensor, ...]:
    return torch.arange(2000, 2012)[None], torch.zeros(1, 12, dtype=torch.int64), torch.zeros(1, 12, dtype=torch.int64)


def _example_relations(network: ReaderNetwork) -> tuple[Tensor, ...]:
    """Inputs of the heads for a window of 12 places with 3 acts and 5 candidates; only their shapes matter."""
    t, a, m = 12, 3, 5
    related = Relations(
        act_pieces=np.eye(a, t, dtype=np.float32),
        candidate_pieces=np.eye(m, t, dtype=np.float32),
        distances=np.zeros((a, m), np.int64),
        sentences=np.zeros((a, m), np.int64),
        nearness=np.zeros((a, t), np.int64),
        kinds=np.zeros(m, np.int64),
        same=np.eye(m, dtype=np.float32),
    )
    hidden = torch.zeros(1, t, network.encoder.shape.hidden)
    return hidden, *(torch.from_numpy(array)[None] for array in related.feed().values())
