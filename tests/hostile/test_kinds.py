"""Each kind of hostile document costs itself alone: it ends in one list, in little time, within the limit of memory."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.limits import MEMORY
from flows.shards import FAILED
from tests.hostile.documents import KINDS, make

ROOT = Path(__file__).parents[2]
SEEDS = 2
LISTED = 10.0  # seconds of the processor to list a folder of two such documents
ORDINARY = "In October 2014 Peru lent Chile $5 million for a road."


Read = Callable[[Path], tuple[dict[str, Any], int]]


@pytest.fixture(scope="module")
def forked() -> Iterator[Read]:
    """Read a folder in a process of its own; what it says, and its peak of memory in bytes."""
    command = [sys.executable, "-m", "tests.hostile.child"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}  # also where no process may import from its folder
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        asked, told = child.stdin, child.stdout

        def read(folder: Path) -> tuple[dict[str, Any], int]:
            asked.write(f"{folder}\n")
            asked.flush()
            found, peak = json.loads(told.readline())
            return found, peak

        yield read
        asked.close()


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory, forked: Read) -> list[str]:
    folder = tmp_path_factory.mktemp("ordinary")
    (folder / "ordinary.txt").write_text(ORDINARY, "utf-8")
    records: list[str] = forked(folder)[0]["records"]["ordinary.txt"]
    return records


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_document_costs_itself_alone(kind: str, tmp_path: Path, ordinary: list[str], forked: Read) -> None:
    for seed in range(SEEDS):
        suffix, data = make(kind, seed)
        if seed and data == make(kind, 0)[1]:
            continue  # two of the same bytes have the same id
        (tmp_path / f"{seed}{suffix}").write_bytes(data)
    (tmp_path / "ordinary.txt").write_text(ORDINARY, "utf-8")
    found, peak = forked(tmp_path)
    assert found["unread"] == [] and found["seconds"] < LISTED
    assert Counter(found["listed"]) == Counter(found["ended"]) and max(Counter(found["ended"]).values()) == 1
    assert found["records"]["ordinary.txt"] == ordinary
    assert [
        reason for reason in found["reasons"].values() if reason.startswith(FAILED) or "report this" in reason
    ] == []
    assert all("\n" not in reason and len(reason) < 400 for reason in found["reasons"].values())
    assert peak < MEMORY + 500 * 2**20


def test_a_document_is_the_same_each_time() -> None:
    assert len(KINDS) >= 40 and all(
        make(kind, 3) == make(kind, 3) for kind in ("pdf scratched", "docx cut", "lines that are cut")
    )
