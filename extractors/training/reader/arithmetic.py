"""A finer way to work out the encoder: some products with a scale for each block of a row, not one for a window.

``quantize_dynamic`` rounds what goes into a product by one scale for the whole window. Of what goes into the inner
layer and out of it, few numbers are large and set that scale for all; three quarters of the error come from there. In
blocks of 256 numbers (ONNX Runtime's ``MatMulNBits``) a sixth of the error is left, and what stands elsewhere in the
window moves it no longer, for a third more time. The weights stay where and as they are.
"""

from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

from extractors.reader import ENCODER
from extractors.reader.correction import Correction

_BLOCK = 256
_LAYERS = ("/up/", "/down/")
_SMALL = 64  # bytes of a weight that stays in the graph
_DOMAIN = "com.microsoft"


def finer(folder: Path) -> Correction:
    """Return the correction by which a folder's encoder is worked out in blocks, its weights as they are."""
    file = folder / ENCODER
    return Correction({ENCODER: sha256(file.read_bytes()).hexdigest()}, graphs={ENCODER: in_blocks(file)})


def in_blocks(file: Path) -> bytes:
    """Return a graph that does what the network in ``file`` does, in blocks; large weights are named by their place."""
    data = file.read_bytes()
    model = onnx.load_from_string(data)
    graph = model.graph
    for node in [one for one in graph.node if one.op_type == "MatMulInteger" and any(x in one.name for x in _LAYERS)]:
        _replace(graph, node)
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


def _replace(graph: onnx.GraphProto, node: NodeProto) -> None:
    """Put a product in blocks in place of one in eight bits and of what scales its sums.

    Its weights are turned and laid in blocks by nodes over constants, which the runtime works out once.
    """
    weight = node.input[1]
    scale = f"{weight.removesuffix('_quantized')}_scale"
    depth, width = next(list(one.dims) for one in graph.initializer if one.name == weight)
    cast = _reader(graph, node.output[0])
    scaled = _reader(graph, cast.output[0])
    source = next(one for one in graph.node if node.input[0] in one.output).input[0]
    place = node.name.rpartition("/")[0]
    constants = {
        "blocks": np.array([width, depth // _BLOCK, _BLOCK]), "rows": np.array([width, depth // _BLOCK]),
        "flat": np.array([-1]), "last": np.array([1]), "middle": np.array(128, np.float32),
    }  # fmt: skip
    graph.initializer.extend(numpy_helper.from_array(value, f"{place}/{name}") for name, value in constants.items())
    made: set[str] = set()

    def step(kind: str, inputs: list[str], output: str, **settings: object) -> NodeProto:
        names = [f"{place}/{one}" if one in constants or one in made else one for one in inputs]
        made.add(output)
        return helper.make_node(kind, names, [f"{place}/{output}"], name=f"{place}/{kind} {output}", **settings)

    graph.node.extend([
        step("Transpose", [weight], "turned", perm=[1, 0]),
        step("Cast", ["turned"], "real", to=TensorProto.FLOAT),
        step("Add", ["real", "middle"], "positive"),
        step("Cast", ["positive"], "bytes", to=TensorProto.UINT8),
        step("Reshape", ["bytes", "blocks"], "weights"),
        step("Unsqueeze", [scale, "last"], "column"),
        step("Expand", ["column", "rows"], "spread"),
        step("Reshape", ["spread", "flat"], "scales"),
        helper.make_node(
            "MatMulNBits", [source, f"{place}/weights", f"{place}/scales"], list(scaled.output), f"{place}/MatMulNBits",
            domain=_DOMAIN, K=depth, N=width, bits=8, block_size=_BLOCK, accuracy_level=4,
        ),
    ])  # fmt: skip
    for one in (node, cast, scaled):
        graph.node.remove(one)


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
