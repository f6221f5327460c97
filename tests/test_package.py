"""The package as others see it: its public names, what they load, and its examples."""

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import coopledger
from tests.ledger.releases import documents, published

ROOT = Path(__file__).parents[1]
OPENS = """
import sys, time
from coopledger import open_release
print(time.process_time(), *{name.partition(".")[0] for name in sys.modules})
"""
HEAVY = {"spacy", "scipy", "prefect", "pandas", "onnxruntime", "jinja2", "fastapi", "typer", "filelock", "pycountry"}


def test_open_release_loads_little_within_half_a_second() -> None:
    runs = [subprocess.run([sys.executable, "-c", OPENS], cwd=ROOT, capture_output=True, text=True) for _ in range(3)]
    assert not [run.stderr for run in runs if run.stderr]
    seconds, modules = zip(*(run.stdout.split(maxsplit=1) for run in runs), strict=True)
    assert not HEAVY & set(modules[0].split())
    assert min(map(float, seconds)) < 0.5


@pytest.mark.parametrize("name", coopledger.__all__)
def test_each_public_name_is_there(name: str) -> None:
    assert getattr(coopledger, name)
    assert name in dir(coopledger)


def test_no_other_name_is_public() -> None:
    with pytest.raises(AttributeError, match="no attribute 'publish'"):
        _ = coopledger.publish


def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path / "output", documents(3))
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testmod(coopledger)
    assert outcome.attempted > 8 and not outcome.failed


@pytest.mark.parametrize("room", ["coopledger", "schemas", "extractors", "ledger", "review", "flows"])
def test_types_are_shipped(room: str) -> None:
    assert (ROOT / room / "py.typed").exists()
