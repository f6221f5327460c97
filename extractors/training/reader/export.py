"""Trained weights to what ships, and back: two ONNX graphs, the encoder's large matrices in eight bits."""

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
from extractors.training.reader.arithmetic import finer
from extractors.training.reader.encoder import Shape
from extractors.training.reader.network import Heads, ReaderNetwork

_OPSET = 17
_QUANTIZED, _SCALE, _ZERO = "_quantized", "_scale", "_zero_point"
_ABOVE = ("network.", "heads.")  # what a graph calls the whole


class _Encoder(nn.Module):
    """The encoder over one window, without padding."""

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, shapes: Tensor, tags: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.network.encode(ids, shapes, tags, torch.ones_like(ids))


class _Heads(nn.Module):
    """The heads over one window, all of whose acts and candidates are there."""

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
    """Write the networks and the tokenizer of a trained reader to ``folder``."""
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(weights / TOKENIZER, folder / TOKENIZER)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        _write(_Encoder(network), _window(), ["ids", "shapes", "tags"], ["hidden", "anchors", "names"], plain)
        quantize_dynamic(plain, folder / ENCODER, weight_type=QuantType.QInt8, per_channel=True)
        _write(
            _Heads(network),
            _related(network),
            ["hidden", *Relations.__slots__],
            ["roles", "classes", "types", "homes"],
            folder / HEADS,
        )
    finer(folder).save(folder)


@dataclass(frozen=True, slots=True)
class WeightPlace:
    """Where a weight stands in a graph: the initializer's name, and whether it is turned; in eight bits, its scale."""

    name: str
    turned: bool
    scale: str | None = None


def places(graph: onnx.GraphProto) -> dict[str, WeightPlace]:
    """Return where the weights of a network stand that ``export`` wrote.

    The graph names each weight, or the layer that multiplies with it.
    """
    kept = {one.name for one in graph.initializer}
    found = {}
    for name in kept:
        weight = name.removesuffix(_QUANTIZED)
        scale = weight + _SCALE if weight != name else None
        if name.startswith(_ABOVE) and not name.endswith((_SCALE, _ZERO)):
            found[_below(weight)] = WeightPlace(name, turned=False, scale=scale)
    for node in graph.node:
        layer = _layer(node.name)
        for name in kept.intersection(node.input):
            if node.op_type == "MatMul":
                found[f"{layer}.weight"] = WeightPlace(name, turned=True)
            elif node.op_type == "MatMulInteger" and name.endswith(_QUANTIZED):
                found[f"{layer}.weight"] = WeightPlace(name, turned=True, scale=name.removesuffix(_QUANTIZED) + _SCALE)
            elif node.op_type == "Mul" and layer.startswith("rounds."):
                found[f"{layer}.same"] = WeightPlace(name, turned=False)
    return found


def trained_heads(graph: onnx.GraphProto) -> Heads:
    """Return the heads that ``export`` wrote."""
    found = trained_weights(graph)
    heads = Heads(found["act.weight"].shape[1])
    heads.load_state_dict({name: found[name].reshape(value.shape) for name, value in heads.state_dict().items()})
    heads.eval()
    return heads


def trained(encoder: onnx.GraphProto, heads: onnx.GraphProto, shape: Shape) -> ReaderNetwork:
    """Return the reader that ``export`` wrote, with the weights that its eight bits stand for."""
    network = ReaderNetwork(shape)
    network.heads = trained_heads(heads)
    found = trained_weights(encoder)
    own = network.state_dict()
    own |= {name: found[name].reshape(own[name].shape) for name in own if not name.startswith("heads.")}
    network.load_state_dict(own)
    return network


def trained_weights(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """Return the weights of a network that ``export`` wrote, by their names in torch."""
    kept = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = {}
    for weight, place in places(graph).items():
        array = kept[place.name].astype(np.float32)
        if place.scale is not None:  # the words' zero is none, the matrices' is
            array = (array - kept[place.scale.removesuffix(_SCALE) + _ZERO]) * kept[place.scale]
        found[weight] = torch.from_numpy(np.array(array.T if place.turned else array))
    return found


def _below(name: str) -> str:
    """The name of a weight below its network."""
    for above in _ABOVE:
        name = name.removeprefix(above)
    return name


def _layer(node: str) -> str:
    """The layer that a node of the graph belongs to: "/heads/rounds.0/feed/feed.1/MatMul" is rounds.0.feed.1."""
    return _below(re.sub(r"(\w+)\.\1\.", r"\1.", ".".join(node.strip("/").split("/")[:-1])))


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


def _window() -> tuple[Tensor, ...]:
    return torch.arange(2000, 2012)[None], torch.zeros(1, 12, dtype=torch.int64), torch.zeros(1, 12, dtype=torch.int64)


def _related(network: ReaderNetwork) -> tuple[Tensor, ...]:
    """One window of 12 places with 3 acts and 5 candidates; only its form matters."""
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
