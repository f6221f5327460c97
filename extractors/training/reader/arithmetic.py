"""More precise quantised arithmetic for the encoder's feed-forward products.

``quantize_dynamic`` rounds the input of a product with one scale for the whole window. In the inputs of the two
feed-forward layers a few large numbers set that scale for all; three quarters of the error come from there.

The input of the **first** layer is large in the same columns of every row: each column is divided by the largest size
that the normalisation before it can give it, and the weights are multiplied by the same (Xiao et al. 2023,
https://arxiv.org/abs/2211.10438), at no cost. The input of the **second** is large in other columns from row to row:
each block of 256 numbers gets its own scale (ONNX Runtime's ``MatMulNBits``), which takes a tenth more time. The
weights in the network's file stay as they are; nodes over constants, which the runtime computes once, convert them.
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
_DEVIATIONS = 3.0  # most normalised numbers are within so many deviations of their mean
_MOST = 127.0  # the largest int8 weight
_SMALL = 64  # weights of fewer bytes stay in the graph
_DOMAIN = "com.microsoft"
_BYTES = "_quantized"


def graph_correction(folder: Path) -> Correction:
    """Return the correction that replaces the graph of a folder's encoder by ``finer_graph`` and changes no weight."""
    file = folder / ENCODER
    return Correction({ENCODER: sha256(file.read_bytes()).hexdigest()}, graphs={ENCODER: finer_graph(file)})


def finer_graph(file: Path) -> bytes:
    """Return the network in ``file`` as a graph with more precise products; it reads large weights from that file."""
    data = file.read_bytes()
    model = onnx.load_from_string(data)
    graph = model.graph
    for node in [one for one in graph.node if one.op_type == "MatMulInteger"]:
        if "/up/" in node.name:
            _equalise_columns(graph, node)
        elif "/down/" in node.name:
            _quantise_in_blocks(graph, node)
    _remove_unused(graph)
    _sort_nodes(graph)
    for one in graph.initializer:
        at = data.find(one.raw_data) if len(one.raw_data) >= _SMALL else -1
        if at >= 0:
            set_external_data(one, file.name, offset=at, length=len(one.raw_data))
            one.ClearField("raw_data")
    if all(known.domain != _DOMAIN for known in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))
    serialized: bytes = model.SerializeToString()
    return serialized


class _NodeBuilder:
    """Adds nodes beside one product, with the constants that they read; values of theirs have short local names."""

    def __init__(self, graph: onnx.GraphProto, product: NodeProto, constants: Mapping[str, np.ndarray]) -> None:
        self._graph = graph
        self._place = product.name.rpartition("/")[0]
        self._local_names = set(constants)
        graph.initializer.extend(
            numpy_helper.from_array(value, self.full_name(name)) for name, value in constants.items()
        )

    def __call__(self, kind: str, inputs: Sequence[str], *outputs: str, **settings: Any) -> None:
        """Add a node that reads ``inputs``, local names or the graph's, and makes ``outputs``, local names."""
        read = [self.full_name(one) if one in self._local_names else one for one in inputs]
        self._local_names.update(outputs)
        made = [self.full_name(one) for one in outputs]
        self._graph.node.append(helper.make_node(kind, read, made, f"{self._place}/{kind} {outputs[0]}", **settings))

    def full_name(self, name: str) -> str:
        """Return the graph's name of a local name."""
        return f"{self._place}/{name}"


def _equalise_columns(graph: onnx.GraphProto, product: NodeProto) -> None:
    """Divide the columns of a product's input by their size, and multiply the rows of its weights by the same."""
    weight = product.input[1]
    scale = _scale(weight)
    normalized = _producer(graph, _producer(graph, product.input[0]).input[0])
    gain, mean = normalized.input[1], normalized.input[2]
    add = _NodeBuilder(
        graph, product, {"deviations": np.array(_DEVIATIONS, np.float32), "most": np.array(_MOST, np.float32),
                         "last": np.array([1])},
    )  # fmt: skip
    add("Abs", [gain], "gain")
    add("Mul", ["gain", "deviations"], "far")
    add("Abs", [mean], "mean")
    add("Add", ["far", "mean"], "size")
    add("Div", [normalized.output[0], "size"], "even")
    add("DynamicQuantizeLinear", ["even"], "bytes", "scale", "zero")
    add("Cast", [weight], "real", to=TensorProto.FLOAT)
    add("Unsqueeze", ["size", "last"], "rows")
    add("Mul", ["real", "rows"], "turned")
    add("ReduceMax", ["turned"], "highest", axes=[0], keepdims=0)
    add("ReduceMin", ["turned"], "lowest", axes=[0], keepdims=0)
    add("Neg", ["lowest"], "deepest")
    add("Max", ["highest", "deepest"], "largest")
    add("Div", ["largest", "most"], "wider")
    add("QuantizeLinear", ["turned", "wider", product.input[3]], "weights", axis=1)
    add("Mul", [scale, "wider"], "widths")
    add("Mul", ["scale", "widths"], "both")
    cast = _consumer(graph, product.output[0])
    scaled = _consumer(graph, cast.output[0])
    product.input[:] = [add.full_name("bytes"), add.full_name("weights"), add.full_name("zero"), product.input[3]]
    scaled.input[1] = add.full_name("both")


def _quantise_in_blocks(graph: onnx.GraphProto, product: NodeProto) -> None:
    """Replace an int8 product and the nodes that scale its sums by a product quantised in blocks."""
    weight = product.input[1]
    depth, width = next(list(one.dims) for one in graph.initializer if one.name == weight)
    cast = _consumer(graph, product.output[0])
    scaled = _consumer(graph, cast.output[0])
    add = _NodeBuilder(graph, product, {
        "shape": np.array([width, depth // _BLOCK, _BLOCK]), "rows": np.array([width, depth // _BLOCK]),
        "flat": np.array([-1]), "last": np.array([1]), "middle": np.array(128, np.float32),
    })  # fmt: skip
    add("Transpose", [weight], "turned", perm=[1, 0])
    add("Cast", ["turned"], "real", to=TensorProto.FLOAT)
    add("Add", ["real", "middle"], "positive")
    add("Cast", ["positive"], "bytes", to=TensorProto.UINT8)
    add("Reshape", ["bytes", "shape"], "weights")
    add("Unsqueeze", [_scale(weight), "last"], "column")
    add("Expand", ["column", "rows"], "spread")
    add("Reshape", ["spread", "flat"], "scales")
    add(
        "MatMulNBits", [_producer(graph, product.input[0]).input[0], "weights", "scales"], "product",
        domain=_DOMAIN, K=depth, N=width, bits=8, block_size=_BLOCK, accuracy_level=4,
    )  # fmt: skip
    reader = _consumer(graph, scaled.output[0])
    reader.input[list(reader.input).index(scaled.output[0])] = add.full_name("product")
    for one in (product, cast, scaled):
        graph.node.remove(one)


def _scale(weight: str) -> str:
    """The name of the scale of an int8 weight."""
    return f"{weight.removesuffix(_BYTES)}_scale"


def _producer(graph: onnx.GraphProto, name: str) -> NodeProto:
    """The one node that makes a value."""
    (found,) = (one for one in graph.node if name in one.output)
    return found


def _consumer(graph: onnx.GraphProto, name: str) -> NodeProto:
    """The one node that reads a value."""
    (found,) = (one for one in graph.node if name in one.input)
    return found


def _remove_unused(graph: onnx.GraphProto) -> None:
    """Remove nodes and constants that nothing reads."""
    while True:
        read = {name for node in graph.node for name in node.input} | {one.name for one in graph.output}
        unused = [node for node in graph.node if not read.intersection(node.output)]
        if not unused:
            break
        for node in unused:
            graph.node.remove(node)
    for one in [one for one in graph.initializer if one.name not in read]:
        graph.initializer.remove(one)


def _sort_nodes(graph: onnx.GraphProto) -> None:
    """Sort the nodes topologically: each after those whose values it reads."""
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
