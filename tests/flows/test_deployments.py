"""The deployments as ``coopledger serve`` has them: scheduled, run with nobody's help, one publisher at a time."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from httpx import ConnectError
from prefect import get_client
from prefect.runner import Runner

from coopledger import open_release
from flows.deployments import check_output_folder, deployments, describe, run
from flows.errors import InputError, UsageError
from flows.launch import new_errors
from flows.options import Options
from flows.status import last_runs
from ledger.release.layout import Output
from ledger.release.read import read_versions

PATIENCE = 900.0  # a limit against a test that never ends, no measure of speed
STOPS_IN = 10.0  # seconds
SOON = {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}  # seconds, after which it is seen that a run is due


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """What a new user's processes have: no Prefect server, and a home without settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    return kept | {"PREFECT_HOME": str(home / "home")} | SOON


@contextmanager
def serve(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Run ``coopledger serve`` in ``cwd``; it is told to end, and must."""
    with (cwd / "told").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coopledger", "serve", "--workers", "1", *arguments],
            cwd=cwd, env=environment(cwd), stdout=out, stderr=out, text=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
            assert time.monotonic() - asked < STOPS_IN
        finally:
            process.kill()


def until(true: Callable[[], bool], process: subprocess.Popen[str], told: Path) -> None:
    """Wait until something is true. No run may take for ever."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert process.poll() is None, told.read_text()
        assert time.monotonic() < end, told.read_text()
        time.sleep(0.2)


def ended(output: Path) -> list[str]:
    return [run.outcome for run in last_runs(str(output), 9) if run.seconds]


def standing(port: int) -> dict[str, object]:
    """The nightly deployment as a server has it, but for what its schedule moves on."""
    with urlopen(f"http://127.0.0.1:{port}/api/deployments/name/extract/nightly", timeout=PATIENCE) as answer:
        found: dict[str, object] = json.load(answer)
    return {name: found[name] for name in ("id", "parameters", "schedules", "created")}


def test_schedules_fire_with_nobody_s_help(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "extractors").mkdir()  # the name of one of ours, in the current folder
    (tmp_path / "extractors" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    output, port = tmp_path / "out", free_port()
    arguments = (str(folder), "--output", "out", "--cron", "* * * * * */15", "--port", str(port))
    with serve(*arguments, cwd=tmp_path) as process:
        until(lambda: len(ended(output)) >= 2, process, tmp_path / "told")
        before = standing(port)
        (tmp_path / "second").mkdir()
        others = (str(folder / "deep"), "--output", "out", "--cron", "0 1 * * *", "--port", str(port))
        with serve(*others, cwd=tmp_path / "second") as second:
            assert second.wait(PATIENCE) == 1
        assert standing(port) == before
    assert process.returncode == 0
    assert ended(output)[:2] == ["published", "unchanged"]
    assert {run.origin for run in last_runs(str(output), 9)} == {"deployment nightly"}
    assert len(list(open_release(output).documents())) == 2
    with (output / ".coopledger" / "prefect" / "server.log").open() as stream:
        assert list(new_errors(stream)) == []
    words = (tmp_path / "told").read_text()
    assert "deployment extract/nightly: Read what changed and publish a release. Next at 20" in words
    assert "server:" not in words
    assert words.endswith("stopped\n"), words


FAULT = "10:00:05 | ERROR   | prefect.server.services.scheduler - Can't evaluate bulk DML statement"


def test_a_server_that_errs_is_told_and_one_that_dies_ends_serving_as_a_failure(tmp_path: Path, folder: Path) -> None:
    arguments = (str(folder), "--output", "out", "--port", str(free_port()))
    with serve(*arguments, cwd=tmp_path) as process:
        until(lambda: "deployment refresh" in (tmp_path / "told").read_text(), process, tmp_path / "told")
        with (tmp_path / "out" / ".coopledger" / "prefect" / "server.log").open("a") as log:
            log.write(f"{FAULT}\n")
        until(lambda: f"server: {FAULT}\n" in (tmp_path / "told").read_text(), process, tmp_path / "told")
        (server,) = psutil.Process(process.pid).children()
        server.kill()
        assert process.wait(PATIENCE) == 1  # so that a supervisor starts it again
    assert "coopledger: the Prefect server stopped by itself (see " in (tmp_path / "told").read_text()


def test_a_second_server_on_the_port_is_refused_before_anything_is_written(tmp_path: Path, folder: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        serve(str(folder), "--output", "out", "--port", str(taken.getsockname()[1]), cwd=tmp_path) as process,
    ):
        assert process.wait(PATIENCE) == 1
    assert "cannot listen on 127.0.0.1:" in (tmp_path / "told").read_text()
    assert not read_versions(Output(tmp_path / "out")).releases


def test_an_input_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with serve("nosuch", "--port", str(free_port()), cwd=tmp_path) as process:
        assert process.wait(PATIENCE) == 2
    assert (tmp_path / "told").read_text() == "coopledger: no such input: nosuch\n"


def test_what_is_deployed() -> None:
    made = {f"{one.flow_name}/{one.name}": one for one in deployments(Options(gold="gold.jsonl"))}
    assert set(made) == {"extract/nightly", "evaluate/weekly", "refresh/on-demand"}
    assert {name: one.concurrency_limit for name, one in made.items()} == {
        "extract/nightly": 1,
        "refresh/on-demand": 1,
        "evaluate/weekly": None,
    }
    assert made["extract/nightly"].parameters["options"]["wait"] is True
    assert "On demand" in describe(made["refresh/on-demand"])
    assert len(deployments(Options())) == 2


def test_deployments_of_another_output_folder_on_the_same_server_are_left_alone(prefect_server: str) -> None:
    mine, others = (deployments(Options(output=f"/srv/{name}", gold="g")) for name in ("mine", "others"))
    made = [one.apply() for one in mine]
    try:
        check_output_folder(mine)  # with another input or schedule, too
        for one in others:
            with pytest.raises(InputError, match=r"^the Prefect server has \S+ for /srv/mine: serve /srv/others on "):
                check_output_folder([one])
    finally:
        with get_client(sync_client=True) as client:
            for id in made:
                client.delete_deployment(id)  # with the runs that its schedule would start


def test_a_server_that_goes_away_while_it_serves_is_one_line(
    options: Options, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def gives_up(_: Runner) -> None:
        raise ExceptionGroup("loops", [ExceptionGroup("one", [ConnectError("All connection attempts failed")])])

    monkeypatch.setattr(Runner, "start", gives_up)
    monkeypatch.setattr(Runner, "add_deployment", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    options.home.mkdir(parents=True)
    with pytest.raises(InputError, match="^the Prefect server does not answer any more, or fails: ConnectError: All c"):
        run(options, "0 2 * * *", shared=False)


def test_a_schedule_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="'daily' is no schedule as cron has it"):
        deployments(Options(), cron="daily")


def test_errors_of_the_scheduler_are_told_once(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("10:00:00 | WARNING | prefect.server - slow\n")
    with log.open() as told_of, log.open("a") as stream:
        assert list(new_errors(told_of)) == []
        stream.write(
            "10:00:04 | ERROR   | uvicorn.error - Cancel 0 running task(s), timeout graceful shutdown exceeded\n"
        )
        stream.write("10:00:05 | ERROR   | prefect.server.services.scheduler - Can't evaluate bulk DML\nTrace")
        stream.flush()
        assert [line.rpartition(" - ")[2] for line in new_errors(told_of)] == ["Can't evaluate bulk DML"]
        stream.write("back\n10:00:06 | ERROR   | prefect.server - again\n")
        stream.flush()
        assert [line.rpartition(" - ")[2] for line in new_errors(told_of)] == ["again"]
        assert list(new_errors(told_of)) == []
