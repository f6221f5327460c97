"""A further training goes on from the correction that stands beside the networks."""

from importlib.resources import as_file, files

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("onnx", reason="needs the extra train")

import onnx

from extractors.reader import ENCODER, HEADS
from extractors.reader.correction import ArrayCorrection, load_correction
from extractors.training.reader.correction import RECIPE, correctable, correction_of, recall
from extractors.training.reader.export import trained
from extractors.training.reader.network import shape_of

LEAST, MOST = -127, 127  # of a weight in eight bits: what a correction says beyond is not kept


def added(part: ArrayCorrection) -> np.ndarray:
    first, *second = (factor.astype(np.float32) for factor in part.factors)
    return (first @ second[0] if second else first).reshape(part.shape)


def test_what_was_learned_before_is_what_it_begins_with() -> None:
    with as_file(files("extractors.model") / "reader") as folder:
        network = trained(*(onnx.load(folder / name).graph for name in (ENCODER, HEADS)), shape_of(RECIPE.encoder))
        correctable(network, RECIPE)
        recall(network, folder)
        again, stands = correction_of(network, folder), load_correction(folder)
        networks = {name: (folder / name).read_bytes() for name in (ENCODER, HEADS)}
    known = {(part.file, part.offset): part for part in again.parts}
    assert known.keys() == {(part.file, part.offset) for part in stands.parts}
    for part in stands.parts:
        before = np.frombuffer(networks[part.file], part.type, int(np.prod(part.shape)), part.offset)
        both = [before.reshape(part.shape) + added(one) for one in (part, known[part.file, part.offset])]
        if part.type == "int8":
            both = [np.rint(np.clip(one, LEAST, MOST)) for one in both]
        np.testing.assert_allclose(*both, atol=2e-3 if part.type != "int8" else 1)
