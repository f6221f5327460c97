"""A run that is killed leaves no torn release, and the next one ends as an undisturbed one (``benchmarks/kill.py``)."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_twenty_kills_tear_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.kill", "--rounds", "20", "--documents", "8"]
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}  # which runs set
    found = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    outcomes = json.loads(found.stdout)["outcomes"]
    assert outcomes["before"] >= 5 and sum(outcomes.values()) == 20
