"""A run's own server: patient, private, and gone when its run is."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from prefect.settings import Settings

from flows import server
from flows.errors import InputError
from flows.server import Server, database_folder, make_tables, prepare

ROOT = Path(__file__).parents[2]
PARENT = """
import pathlib, sys, time
from flows.server import Server
server = Server(pathlib.Path(sys.argv[1]))
server.start()
print(server.process.pid, flush=True)
time.sleep(1000)
"""


def test_it_dies_with_its_run_however_that_ends(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        server = psutil.Process(int(parent.stdout.readline()))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    gone, _ = psutil.wait_procs([server], timeout=60)
    assert gone or server.status() == psutil.STATUS_ZOMBIE


def test_one_that_does_not_come_up_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    server = Server(tmp_path)
    server.start()
    with pytest.raises(InputError, match=r"did not start \(see .*server.log\); --direct runs without one"):
        server.wait()
    server.stop()


def test_a_second_run_at_once_gets_a_database_of_its_own(tmp_path: Path) -> None:
    with database_folder(tmp_path) as first, database_folder(tmp_path) as second:
        assert first == tmp_path / ".coopledger" / "prefect"
        assert second != first
        assert second.is_dir()
    assert not second.exists()
    with database_folder(tmp_path) as again:
        assert again == first


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.stop()
    server.start()
    started = time.monotonic()
    server.stop()
    server.stop()
    assert time.monotonic() >= started


def test_the_tables_of_a_new_database_are_those_that_prefect_s_migrations_make() -> None:
    command, environment = [sys.executable, "-m", "tests.flows.prefect_tables"], os.environ | {"PYTHONPATH": str(ROOT)}
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    kept = (ROOT / "flows" / "prefect.sql").read_text(encoding="utf-8")
    parts = re.compile(r"[^\s,]+")  # constraints come in any order
    assert sorted(parts.findall(kept)) == sorted(parts.findall(made)), (
        "write it anew: python -m tests.flows.prefect_tables > flows/prefect.sql"
    )


def test_a_database_that_stands_and_another_prefect_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "prefect.db"
    assert make_tables(database)
    with closing(sqlite3.connect(database)) as made:
        assert made.execute("SELECT count(*) FROM flow_run").fetchone() == (0,)
    database.write_bytes(b"mine")
    assert not make_tables(database)
    assert database.read_bytes() == b"mine"
    database.unlink()
    monkeypatch.setattr(server, "version", {"prefect": "3.9.0"}.get)
    assert not make_tables(database)
    assert list(tmp_path.iterdir()) == []


def test_only_a_database_of_another_state_is_migrated(tmp_path: Path) -> None:
    database = tmp_path / "prefect.db"
    assert make_tables(database)
    assert make_tables(database)
    with closing(sqlite3.connect(database)) as standing, standing:
        standing.execute("UPDATE alembic_version SET version_num = 'older'")
    assert not make_tables(database)


def test_a_run_is_late_after_two_minutes_where_nothing_else_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prefect marks late runs in transactions that read before they write, which SQLite refuses when it is busy."""
    name = "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS"
    for stated, seconds in ((None, 120), ("7", 7)):
        monkeypatch.setenv(name, stated or "")
        if stated is None:
            monkeypatch.delenv(name)
        prepare()
        assert Settings().server.services.late_runs.after_seconds.total_seconds() == seconds
