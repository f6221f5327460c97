"""``coopledger run`` as a user has it: in a process of its own, with its own server, on real documents."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from flows import launch
from flows.errors import InputError
from flows.options import Options
from flows.progress import Summary
from flows.status import last_runs
from ledger.release.layout import Output

ROOT = Path(__file__).parents[2]
QUIET = ("Traceback", "Exception", "Warning", "WARN", "ERROR", "Temporary server", "temporary server", "prefect")


def coopledger(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a session of its own, without any Prefect server that this test's session may have."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment["PREFECT_HOME"] = str(cwd / "home")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "coopledger", *arguments],
        cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    out, err = process.communicate()
    assert left(process.pid) == []
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def left(session: int) -> list[str]:
    """Processes of a session that still run; one that has no command line any more has ended."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and (words := process.cmdline()):
                found.append(" ".join(words))
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the beginning of each seed, and with packages of our names, which nothing may import."""
    folder = tmp_path_factory.mktemp("run")
    for name in ("extractors", "flows", "ledger", "review", "schemas"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise SystemExit('the wrong package')", encoding="utf-8")
    (folder / "seeds").mkdir()
    for path in (ROOT / "seeds").glob("*.txt"):
        (folder / "seeds" / path.name).write_text(path.read_text(encoding="utf-8")[:3000], encoding="utf-8")
    return folder


def test_a_run_on_the_seeds_with_prefect_and_without(place: Path) -> None:
    served = coopledger("run", "seeds", "--output", "served", cwd=place)
    direct = coopledger("run", "seeds", "--output", "direct", "--direct", cwd=place)
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


@pytest.mark.slow
def test_no_worker_of_dask_imports_from_the_current_folder(place: Path) -> None:
    done = coopledger("run", "seeds", "--output", "dask", "--direct", "--runner", "dask", "--workers", "1", cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("published dask/releases/")


LOCALES = ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"LC_ALL": "C.UTF-8"})
LISTS = "import sys; from flows.sources import discover; print(ascii([one.id for one in discover(sys.argv[1]).found]))"


def test_ids_and_lines_are_the_same_under_every_locale(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    names = [b"a.txt", "Größe.txt".encode(), "中国.txt".encode(), b"caf\xe9.txt"]
    for name in names:
        (tmp_path / "in" / os.fsdecode(name)).write_text("x")
    told = set()
    for locale in LOCALES:
        environment = {**{name: one for name, one in os.environ.items() if name != "LANG"}, **locale}
        call = [sys.executable, "-c", LISTS, str(tmp_path / "in")]
        told.add(subprocess.run(call, env=environment, capture_output=True, check=True).stdout)
        call = [sys.executable, "-P", "-m", "coopledger", "run", os.fsencode("Größe"), "--direct"]
        done = subprocess.run(call, env=environment, capture_output=True, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1), done.stderr
    assert told == {ascii([*sorted(["a.txt", "Größe.txt", "caf\\udce9.txt", "中国.txt"])]).encode() + b"\n"}


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_command_line_is_there_is_a_line(tmp_path: Path, number: int) -> None:
    code = (
        "import os, sys\n"
        "from coopledger.__main__ import main\n"
        "class Signalled:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'flows.cli': os.kill(os.getpid(), %d)\n"
        "sys.meta_path.insert(0, Signalled())\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code % number], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "coopledger: stopped before it began\n")


def test_a_server_that_fails_is_a_line_and_what_was_published_stays_so(
    options: Options, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise httpx.HTTPStatusError(
            "Server error '500'", request=httpx.Request("GET", "/"), response=httpx.Response(500)
        )

    monkeypatch.setattr("flows.extract.extract", fails)
    progress = launch.RunProgress()
    with pytest.raises(
        InputError, match=r"^the Prefect server failed \(see log\): HTTPStatusError: Server error '500'; "
    ):
        launch.run_flow("extract", options, progress, "see log")
    progress.show(Summary.model_construct(version="v"))
    assert launch.run_flow("extract", options, progress, "see log") is progress.summary
    assert capsys.readouterr().err == "coopledger: the Prefect server failed (see log); the run had ended by then\n"


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
    ("arguments", "number"),
    [(["--direct"], signal.SIGINT), (["--direct"], signal.SIGTERM), ([], signal.SIGTERM), ([], signal.SIGINT)],
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
    assert "resource_tracker" not in told
    assert told.splitlines()[-1] == LINE
    assert len(told.splitlines()) <= 2, told  # the plan, and how it ended
    end = time.monotonic() + IN_TIME
    while left(process.pid) and time.monotonic() < end:  # a worker that was just starting sees that its parent is gone
        time.sleep(0.2)
    assert left(process.pid) == []
    assert not Output(tmp_path / "out").versions.exists()
    (ended,) = last_runs(str(tmp_path / "out"), 9)
    assert (ended.origin, ended.outcome) in {
        (origin, outcome) for origin in ("command", "command, direct") for outcome in ("stopped", "killed")
    }
