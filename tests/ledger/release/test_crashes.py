"""Runs that are killed or meet faults leave no torn release, and the next one ends as an undisturbed one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("kind", "rounds", "least"),
    [("kills", 20, {"killed before": 5}), ("faults", 10, {"reported": 2, "published": 2})],
    ids=["kills", "faults"],
)
def test_nothing_is_torn(kind: str, rounds: int, least: dict[str, int]) -> None:
    """See ``benchmarks/crashes.py``, which makes fifty rounds and more."""
    command = [sys.executable, "-m", "benchmarks.crashes", "--of", kind, "--rounds", str(rounds), "--documents", "6"]
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}  # which runs set
    found = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    outcomes = json.loads(found.stdout)["outcomes"]
    assert all(outcomes[name] >= count for name, count in least.items()) and sum(outcomes.values()) == rounds
