"""A run that is told to end ends within seconds, says in one line what is kept, and leaves nothing running."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.release.layout import Output
from tests.flows.test_launch import ROOT, left

PATIENCE = 120.0
IN_TIME = 5.0
LINE = "coopledger: stopped; nothing was published, and finished shards are kept"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A corpus that takes minutes to read."""
    text = next((ROOT / "seeds").glob("000*.txt")).read_text(encoding="utf-8")
    lines = [json.dumps({"id": str(i), "text": text[3 * i :][:6000]}) for i in range(600)]
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "number"), [(["--direct"], signal.SIGINT), (["--direct"], signal.SIGTERM), ([], signal.SIGTERM)]
)
def test_it_ends_in_time_with_one_line(tmp_path: Path, many: Path, arguments: list[str], number: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    process = subprocess.Popen(
        [sys.executable, "-m", "coopledger", "run", str(many), "--output", "out", "--workers", "2", *arguments],
        cwd=tmp_path, env=environment | {"PREFECT_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE
        while not any((tmp_path / "out/.coopledger/shards").glob("*")):  # it is reading
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.2)
        asked = time.monotonic()
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        _, told = process.communicate(timeout=PATIENCE)
        assert time.monotonic() - asked < IN_TIME
    finally:
        process.kill()
    assert process.returncode == 1
    assert told.splitlines()[-1] == LINE
    assert len(told.splitlines()) <= 2, told  # the plan, and how it ended
    end = time.monotonic() + IN_TIME
    while left(process.pid) and time.monotonic() < end:  # a worker that was just starting sees that its parent is gone
        time.sleep(0.2)
    assert left(process.pid) == []
    assert not Output(tmp_path / "out").versions.exists()
