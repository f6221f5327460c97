"""One run of an output folder at a time, and the list of how each ended."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flows import run
from flows.errors import InputError
from flows.options import Options
from flows.run import run_direct
from flows.sources import discover
from flows.status import last_runs, lines, recorded_run
from tests.support.fake_extractor import FakeExtract


def test_one_run_at_a_time(options: Options, fake: FakeExtract) -> None:
    run_direct(options)
    with recorded_run(options, "test") as finish:
        with pytest.raises(InputError, match=r"another run of \S+ is under way since 20\S+ \(test\)"):
            run_direct(options)
        waiting = threading.Thread(target=run_direct, args=(options.model_copy(update={"wait": True}),))
        waiting.start()
        finish(run.read_and_publish(run.make_plan(discover(options.input), options), options))
    waiting.join(60)
    assert [one.outcome for one in last_runs(options.output, 9)] == ["published", "unchanged", "unchanged"]


def test_the_list_of_runs_tells_how_each_ended(options: Options, fake: FakeExtract) -> None:
    with pytest.raises(InputError), recorded_run(options, "one"):
        raise InputError("no such thing")
    with pytest.raises(KeyboardInterrupt), recorded_run(options, "two"):
        raise KeyboardInterrupt
    dead = (
        "import os; from flows.status import *; run = recorded_run(Options(output=%r), 'three')\n"
        "run.__enter__(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", dead % options.output], check=False)
    with pytest.raises(KeyboardInterrupt), recorded_run(options, "four"):
        told = [(one.origin, one.outcome, one.detail) for one in last_runs(options.output, 9)]
        raise KeyboardInterrupt
    assert told == [
        ("one", "failed", "no such thing"),
        ("two", "stopped", "by KeyboardInterrupt; finished shards are kept"),
        ("three", "killed", "it left no word; finished shards are kept"),
        ("four", "under way", ""),
    ]


@pytest.mark.parametrize("torn", [b'{"id": "x"', '{"id": "x", "input": "Größe'.encode()[:-3]])
def test_a_line_that_a_crash_cut_short_costs_no_other(options: Options, fake: FakeExtract, torn: bytes) -> None:
    run_direct(options)
    with (options.home / "runs.jsonl").open("ab") as stream:
        stream.write(torn)
    assert [one.outcome for one in last_runs(options.output, 9)] == ["published"]
    with recorded_run(options, "next"):
        assert [(one.origin, one.outcome) for one in last_runs(options.output, 9)][1:] == [("next", "under way")]


def test_a_look_at_a_folder_that_is_not_there_makes_none(tmp_path: Path) -> None:
    assert lines(tmp_path / "none")[:2] == ["runs", "  none yet"]
    assert not (tmp_path / "none").exists()
