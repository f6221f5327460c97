"""Faults while writing: the run says so in a line, and the next one ends in the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_ten_faults_cost_one_line_each() -> None:
    """See ``benchmarks/faults.py``, which makes fifty and more."""
    command = [sys.executable, "-m", "benchmarks.faults", "--rounds", "10", "--documents", "6"]
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}  # which runs set
    found = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    outcomes = json.loads(found.stdout)["outcomes"]
    assert outcomes["told"] >= 2 and outcomes["published"] >= 2 and sum(outcomes.values()) == 10
