"""What is added to the weights of a reader's networks, in their files."""

from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from extractors.reader import CORRECTION, ENCODER, HEADS
from extractors.reader.correction import ArrayCorrection, Correction, load_correction
from extractors.reader.network import Network

SHIPPED = Path(str(files("extractors.model") / "reader"))
RANDOM = np.random.default_rng(0)
MATRIX = RANDOM.integers(-100, 100, (6, 4)).astype(np.int8)
VECTOR = RANDOM.normal(size=5).astype(np.float32)
HEAD, BETWEEN, TAIL = b"head", b"be", b"tail!"
FILE = HEAD + MATRIX.tobytes() + BETWEEN + VECTOR.tobytes() + TAIL
AT, THEN = len(HEAD), len(HEAD) + MATRIX.nbytes + len(BETWEEN)
INTO, OUT = (RANDOM.normal(size=size).astype(np.float16) for size in ((6, 2), (2, 4)))
ADDED = RANDOM.normal(size=5).astype(np.float16)


def correction(*parts: ArrayCorrection, of: bytes = FILE) -> Correction:
    return Correction({ENCODER: sha256(of).hexdigest()}, parts)


def part(offset: int, shape: tuple[int, ...], kind: str, *factors: np.ndarray) -> ArrayCorrection:
    return ArrayCorrection(ENCODER, offset, shape, kind, factors)


BOTH = (part(AT, (6, 4), "int8", INTO, OUT), part(THEN, (5,), "float32", ADDED))


def arrays(data: bytes | bytearray) -> tuple[np.ndarray, np.ndarray]:
    matrix = np.frombuffer(data, np.int8, MATRIX.size, AT).reshape(MATRIX.shape)
    return matrix, np.frombuffer(data, np.float32, VECTOR.size, THEN)


def test_a_matrix_gets_a_product_and_a_vector_its_numbers() -> None:
    changed = correction(*BOTH)(ENCODER, FILE)
    matrix, vector = arrays(changed)
    assert np.array_equal(matrix, np.rint(MATRIX + INTO.astype(np.float32) @ OUT.astype(np.float32)))
    assert np.array_equal(vector, VECTOR + ADDED.astype(np.float32))
    assert (matrix != MATRIX).any()


def test_nothing_else_in_the_file_changes() -> None:
    changed = correction(*BOTH)(ENCODER, FILE)
    assert len(changed) == len(FILE)
    assert changed.startswith(HEAD)
    assert changed.endswith(TAIL)
    assert changed[AT + MATRIX.nbytes : THEN] == BETWEEN


def test_eight_bits_do_not_run_over() -> None:
    much = part(AT, (6, 4), "int8", np.full((6, 4), 300, np.float16))
    assert (arrays(correction(much)(ENCODER, FILE))[0] == 127).all()


def test_a_network_without_corrections_stays() -> None:
    assert correction(*BOTH)(HEADS, FILE) == FILE


def test_another_network_is_refused() -> None:
    with pytest.raises(ValueError, match=f"{CORRECTION} was made for another {ENCODER}"):
        correction(*BOTH, of=FILE + b".")(ENCODER, FILE)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = replace(correction(*BOTH), graphs={ENCODER: b"another graph"})
    written.save(tmp_path)
    read = load_correction(tmp_path)
    assert (read.files, read.graphs) == (written.files, written.graphs)
    assert read(ENCODER, FILE) == written(ENCODER, FILE)


def test_a_folder_without_one_corrects_nothing(tmp_path: Path) -> None:
    assert load_correction(tmp_path)(ENCODER, FILE) == FILE


def test_the_shipped_encoder_is_worked_out_in_blocks_with_the_same_weights() -> None:
    data = (SHIPPED / ENCODER).read_bytes()
    ids, zeros = np.arange(2000, 2300), np.zeros(300, np.int64)
    finer = Network(SHIPPED).read(ids, zeros, zeros).hidden
    session = onnxruntime.InferenceSession(
        bytes(load_correction(SHIPPED)(ENCODER, data)), providers=["CPUExecutionProvider"]
    )
    coarse = session.run(["hidden"], {"ids": ids[None], "shapes": zeros[None], "tags": zeros[None]})[0][0]
    assert not np.array_equal(finer, coarse)
    assert np.corrcoef(finer.ravel(), coarse.ravel())[0, 1] > 0.9
