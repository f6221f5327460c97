"""``coopledger run`` as a user has it: in a process of its own, with its own server, on real documents."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
QUIET = ("Traceback", "Exception", "Warning", "WARN", "ERROR", "Temporary server", "temporary server", "prefect")


def coopledger(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a session of its own, without any Prefect server that this test's session may have."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment["PREFECT_HOME"] = str(cwd / "home")
    process = subprocess.Popen(
        [sys.executable, "-m", "coopledger", *arguments],
        cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    out, err = process.communicate()
    assert left(process.pid) == []
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def left(session: int) -> list[str]:
    """Processes of a session that still run."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


def test_a_run_on_the_seeds_with_prefect_and_without(place: Path) -> None:
    served = coopledger("run", str(ROOT / "seeds"), "--output", "served", cwd=place)
    direct = coopledger("run", str(ROOT / "seeds"), "--output", "direct", "--direct", cwd=place)
    assert (served.returncode, direct.returncode) == (0, 0), served.stderr + direct.stderr
    for told in (served.stdout, served.stderr, direct.stdout, direct.stderr):
        assert not [word for word in QUIET if word in told], told
    assert served.stdout.startswith("published served/releases/")
    assert len(served.stderr.splitlines()) == 2, served.stderr
    one, other = (next((place / name / "releases").iterdir()) for name in ("served", "direct"))
    assert (one / "records.jsonl").read_bytes() == (other / "records.jsonl").read_bytes()
    assert sorted(path.name for path in (place / "served").iterdir() if not path.name.startswith(".")) == [
        "releases",
        "versions.json",
    ]


def test_a_failure_with_prefect_is_one_line(place: Path) -> None:
    (place / "c.jsonl").write_text('{"id": "x", "text": "one"}\n{"id": "x", "text": "two"}\n', encoding="utf-8")
    before = sorted((place / "served").rglob("*.jsonl"))
    done = coopledger("run", "c.jsonl", "--output", "served", cwd=place)
    assert (done.returncode, done.stdout) == (1, "")
    path = place / "c.jsonl"  # a run with Prefect works from another folder, and so names it whole
    assert done.stderr == f"coopledger: two documents have the id 'x': {path} line 1 and {path} line 2\n"
    assert [path for path in sorted((place / "served").rglob("*.jsonl")) if path.name != "runs.jsonl"] == [
        path for path in before if path.name != "runs.jsonl"
    ]
