"""A finer way to work out the encoder: its feed-forward products, which one scale for a whole window spoils.

``quantize_dynamic`` rounds what goes into a product by one scale for the whole window. Of what goes into the inner
layer and out of it, few numbers are large and set that scale for all; three quarters of the error come from there.

What goes **in** is large in the same columns of every row: each column is divided by how large the normalisation
before it can make it, and the weights are multiplied by the same (Xiao et al. 2023, https://arxiv.org/abs/2211.10438),
at no cost. What goes **out** is large in other places from row to row: each block of 256 numbers has its own scale
(ONNX Runtime's ``MatMulNBits``), for a tenth more time. The weights stay where and as they are in the network's file;
nodes over constants, which the runtime works out once, make of them what is multiplied.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

from extractors.reader import ENCODER
from extractors.reader.correction import Correction

_BLOCK = 256
_DEVIATIONS = 3.0  # how far a normalised number mostly lies from its mean at most
_MOST = 127.0  # of a weight in eight bits
_SMALL = 64  # bytes of a weight that stays in the graph
_DOMAIN = "com.microsoft"
_BYTES = "_quantized"


def finer(folder: Path) -> Correction:
    """Return the correction by which a folder's encoder is worked out more finely, its weights as they are."""
    file = folder / ENCODER
    return Correction({ENCODER: sha256(file.read_bytes()).hexdigest()}, graphs={ENCODER: finer_graph(file)})


def finer_graph(file: Path) -> bytes:
    """Return a graph that does what the network in ``file`` does; it names large weights by their place there."""
    data = file.read_bytes()
    model = onnx.load_from_string(data)
    graph = model.graph
    for node in [one for one in graph.node if one.op_type == "MatMulInteger"]:
        if "/up/" in node.name:
            _even(graph, node)
        elif "/down/" in node.name:
            _in_blocks(graph, node)
    _sweep(graph)
    _sort(graph)
    for one in graph.initializer:
        at = data.find(one.raw_data) if len(one.raw_data) >= _SMALL else -1
        if at >= 0:
            set_external_data(one, file.name, offset=at, length=len(one.raw_data))
            one.ClearField("raw_data")
    if all(known.domain != _DOMAIN for known in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    serialized: bytes = model.SerializeToString()
    return serialized


class _Steps:
    """Nodes beside one product, with the constants that they read; they call what they make by short names."""

    def __init__(self, graph: onnx.GraphProto, product: NodeProto, constants: Mapping[str, np.ndarray]) -> None:
        self._graph = graph
        self._place = product.name.rpartition("/")[0]
        self._own = set(constants)
        graph.initializer.extend(numpy_helper.from_array(value, self.named(name)) for name, value in constants.items())

    def __call__(self, kind: str, inputs: Sequence[str], *outputs: str, **settings: Any) -> None:
        """Add a node that reads ``inputs``, its own or the graph's, and makes ``outputs``."""
        read = [self.named(one) if one in self._own else one for one in inputs]
        self._own.update(outputs)
        made = [self.named(one) for one in outputs]
        self._graph.node.append(helper.make_node(kind, read, made, f"{self._place}/{kind} {outputs[0]}", **settings))

    def named(self, name: str) -> str:
        """Return what the graph calls one of their own."""
        return f"{self._place}/{name}"


def _even(graph: onnx.GraphProto, product: NodeProto) -> None:
    """Let columns of like size go into a product, and its weights make up for it."""
    weight = product.input[1]
    scale = _scale(weight)
    normalized = _writer(graph, _writer(graph, product.input[0]).input[0])
    gain, mean = normalized.input[1], normalized.input[2]
    step = _Steps(
        graph, product, {"deviations": np.array(_DEVIATIONS, np.float32), "most": np.array(_MOST, np.float32),
                         "last": np.array([1])},
    )  # fmt: skip
    step("Abs", [gain], "gain")
    step("Mul", ["gain", "deviations"], "far")
    step("Abs", [mean], "mean")
    step("Add", ["far", "mean"], "size")
    step("Div", [normalized.output[0], "size"], "even")
    step("DynamicQuantizeLinear", ["even"], "bytes", "scale", "zero")
    step("Cast", [weight], "real", to=TensorProto.FLOAT)
    step("Unsqueeze", ["size", "last"], "rows")
    step("Mul", ["real", "rows"], "turned")
    step("ReduceMax", ["turned"], "highest", axes=[0], keepdims=0)
    step("ReduceMin", ["turned"], "lowest", axes=[0], keepdims=0)
    step("Neg", ["lowest"], "deepest")
    step("Max", ["highest", "deepest"], "largest")
    step("Div", ["largest", "most"], "wider")
    step("QuantizeLinear", ["turned", "wider", product.input[3]], "weights", axis=1)
    step("Mul", [scale, "wider"], "widths")
    step("Mul", ["scale", "widths"], "both")
    cast = _reader(graph, product.output[0])
    scaled = _reader(graph, cast.output[0])
    product.input[:] = [step.named("bytes"), step.named("weights"), step.named("zero"), product.input[3]]
    scaled.input[1] = step.named("both")


def _in_blocks(graph: onnx.GraphProto, product: NodeProto) -> None:
    """Put a product in blocks in place of one in eight bits and of what scales its sums."""
    weight = product.input[1]
    depth, width = next(list(one.dims) for one in graph.initializer if one.name == weight)
    cast = _reader(graph, product.output[0])
    scaled = _reader(graph, cast.output[0])
    step = _Steps(graph, product, {
        "shape": np.array([width, depth // _BLOCK, _BLOCK]), "rows": np.array([width, depth // _BLOCK]),
        "flat": np.array([-1]), "last": np.array([1]), "middle": np.array(128, np.float32),
    })  # fmt: skip
    step("Transpose", [weight], "turned", perm=[1, 0])
    step("Cast", ["turned"], "real", to=TensorProto.FLOAT)
    step("Add", ["real", "middle"], "positive")
    step("Cast", ["positive"], "bytes", to=TensorProto.UINT8)
    step("Reshape", ["bytes", "shape"], "weights")
    step("Unsqueeze", [_scale(weight), "last"], "column")
    step("Expand", ["column", "rows"], "spread")
    step("Reshape", ["spread", "flat"], "scales")
    step(
        "MatMulNBits", [_writer(graph, product.input[0]).input[0], "weights", "scales"], "product",
        domain=_DOMAIN, K=depth, N=width, bits=8, block_size=_BLOCK, accuracy_level=4,
    )  # fmt: skip
    reader = _reader(graph, scaled.output[0])
    reader.input[list(reader.input).index(scaled.output[0])] = step.named("product")
    for one in (product, cast, scaled):
        graph.node.remove(one)


def _scale(weight: str) -> str:
    """What the graph calls the scale of a weight in eight bits."""
    return f"{weight.removesuffix(_BYTES)}_scale"


def _writer(graph: onnx.GraphProto, name: str) -> NodeProto:
    """The one node that makes a value."""
    (found,) = (one for one in graph.node if name in one.output)
    return found


def _reader(graph: onnx.GraphProto, name: str) -> NodeProto:
    """The one node that reads a value."""
    (found,) = (one for one in graph.node if name in one.input)
    return found


def _sweep(graph: onnx.GraphProto) -> None:
    """Take out nodes and constants that nothing reads any more."""
    while True:
        read = {name for node in graph.node for name in node.input} | {one.name for one in graph.output}
        idle = [node for node in graph.node if not read.intersection(node.output)]
        if not idle:
            break
        for node in idle:
            graph.node.remove(node)
    for one in [one for one in graph.initializer if one.name not in read]:
        graph.initializer.remove(one)


def _sort(graph: onnx.GraphProto) -> None:
    """Put each node behind those whose values it reads."""
    known = {one.name for one in [*graph.initializer, *graph.input]} | {""}
    left, done = list(graph.node), []
    while left:
        ready = [node for node in left if known.issuperset(node.input)]
        assert ready, "the graph has a circle"
        known.update(name for node in ready for name in node.output)
        done += ready
        left = [node for node in left if not known.issuperset(node.output)]
    del graph.node[:]
    graph.node.extend(done)
