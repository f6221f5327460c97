"""The adapter between encoder and heads, and the files that a reader's folder must hold."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from extractors import load
from extractors.reader import ADAPTER, ENCODER, HEADS, JUDGE, TOKENIZER, WORDING
from extractors.reader.network import Adapter, shipped

SHIPPED = Path(str(files("extractors.model") / "reader"))
HIDDEN = np.random.default_rng(0).normal(size=(40, 12)).astype(np.float32)


def adapter(scale: float) -> Adapter:
    random = np.random.default_rng(1)
    into, out = (random.normal(size=size).astype(np.float32) * np.float32(scale) for size in ((12, 3), (3, 12)))
    return Adapter(into, out)


def test_an_adapter_of_zeros_changes_nothing() -> None:
    assert np.array_equal(adapter(0.0)(HIDDEN), HIDDEN)


def test_an_adapter_adds_a_correction_of_its_rank() -> None:
    changed = adapter(1.0)(HIDDEN)
    assert changed.dtype == np.float32
    assert np.linalg.matrix_rank(changed - HIDDEN, tol=1e-3) == 3


def test_places_are_corrected_one_by_one() -> None:
    alone = np.concatenate([adapter(1.0)(HIDDEN[i : i + 1]) for i in range(len(HIDDEN))])
    assert np.array_equal(adapter(1.0)(HIDDEN), alone)


def test_the_shipped_adapter_fits_the_encoder() -> None:
    network = shipped()
    ids = np.arange(2000, 2012)
    zeros = np.zeros(12, dtype=np.int64)
    hidden = network.read(ids, zeros, zeros).hidden
    assert network.adapter(hidden).shape == hidden.shape
    assert not np.array_equal(network.adapter(hidden), hidden)


@pytest.mark.parametrize("name", [ADAPTER, HEADS, TOKENIZER, WORDING, JUDGE])
def test_a_folder_with_a_part_of_a_reader_is_told(name: str, tmp_path: Path) -> None:
    for other in {ENCODER, ADAPTER, HEADS, TOKENIZER, WORDING, JUDGE} - {name}:
        (tmp_path / other).symlink_to(SHIPPED / other)
    with pytest.raises(ValueError, match=f"lacks {name}"):
        load(str(tmp_path))
