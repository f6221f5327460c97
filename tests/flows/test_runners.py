"""Wherever the shards are read, the release is the same; a lost worker loses its shard alone."""

import os
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import dask
import pytest

from flows import plan, runners
from flows.errors import InputError
from flows.options import Options
from flows.progress import Summary
from flows.run import run_direct
from ledger.release.layout import Output
from ledger.release.read import read_versions
from schemas.extras import MissingExtraError
from tests.support.fake_extractor import FakeExtract, fake_extract_one, fake_extract_shard

NAMES = ("Peru", "Chile", "Mali", "Togo", "Oman")


WORKER = runners.Worker


@pytest.fixture(autouse=True)
def _fake_workers(monkeypatch: pytest.MonkeyPatch, fake: FakeExtract) -> None:
    """Let worker processes read with the fake extractor."""
    monkeypatch.setattr(runners, "Worker", WORKER)
    monkeypatch.setattr(runners, "extract_shard", fake_extract_shard)
    monkeypatch.setattr(runners, "extract_one", fake_extract_one)
    monkeypatch.setattr(plan, "SHARD_DOCUMENTS", 3)


@pytest.fixture
def notes(folder: Path) -> Path:
    for number in range(10):
        text = f"{NAMES[number % 5]} lent {NAMES[number % 3]} ${number + 1}m."
        (folder / f"n{number}.txt").write_text(text, encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"")
    return folder


def contents(release: str) -> Iterator[tuple[str, bytes]]:
    """Every file of a release but the two with the run's time."""
    for path in sorted(Path(release).rglob("*")):
        if path.is_file() and path.name not in ("manifest.json", "datapackage.json"):
            yield path.relative_to(release).as_posix(), path.read_bytes().replace(Path(release).name.encode(), b"V")


def run(options: Options, output: Path, **update: object) -> dict[str, bytes]:
    """The files of the release that a run with these options makes."""
    summary: Summary = run_direct(options.model_copy(update={"output": str(output), **update}))
    assert (summary.read, summary.status) == (13, 3)
    return dict(contents(summary.release))


@pytest.fixture
def expected(options: Options, notes: Path, tmp_path: Path) -> dict[str, bytes]:
    return run(options, tmp_path / "here")


def test_a_process_pool_and_dask_make_the_same_release(
    options: Options, expected: dict[str, bytes], tmp_path: Path
) -> None:
    assert run(options, tmp_path / "pool", workers=2) == expected
    with socket.socket() as first:
        with suppress(OSError):  # another run holds Dask's usual port already
            first.bind(("0.0.0.0", 8787))
            first.listen()
        assert run(options, tmp_path / "dask", workers=2, runner="dask") == expected


@pytest.mark.parametrize("runner", ["process", "dask"])
def test_prefect_makes_the_same_release_on_either(
    runner: str,
    options: Options,
    expected: dict[str, bytes],
    tmp_path: Path,
    prefect_server: str,
) -> None:
    from flows import extract as module

    update = {"output": str(tmp_path / runner), "workers": 2, "runner": runner}
    summary = module.extract(options.model_copy(update=update))
    assert dict(contents(summary.release)) == expected


def test_a_lost_worker_costs_nothing_where_the_document_can_be_read(
    options: Options, notes: Path, tmp_path: Path
) -> None:
    (notes / "z.txt").write_text(f"kill {tmp_path / 'mark'}", encoding="utf-8")
    summary = run_direct(options.model_copy(update={"workers": 2}))
    assert (tmp_path / "mark").exists()
    assert (summary.read, summary.counts.quarantined) == (14, 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_that_kills_whoever_reads_it_is_quarantined_alone(
    workers: int, options: Options, notes: Path
) -> None:
    (notes / "n3x.txt").write_text("die", encoding="utf-8")
    summary = run_direct(options.model_copy(update={"workers": workers}))
    assert [(one.id, one.reason) for one in summary.quarantined] == [("bad.txt", "empty"), ("n3x.txt", "crashed")]
    assert (summary.read, summary.counts.records, summary.status) == (14, 11, 3)


@pytest.mark.parametrize("late", [False, True])
def test_a_document_that_no_alarm_ends_is_quarantined_alone(
    late: bool, options: Options, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (notes / "n3x.txt").write_text("hang", encoding="utf-8")
    if late:  # another thread was told how the process ended, and has not noted it yet
        looks, noted = Counter[int | None](), vars(BaseProcess)["exitcode"].fget

        def exitcode(process: BaseProcess) -> int | None:
            looks[process.pid] += 1
            found: int | None = noted(process)
            return found if looks[process.pid] > 2 else None

        monkeypatch.setattr(BaseProcess, "exitcode", property(exitcode))
    summary = run_direct(options.model_copy(update={"slow_seconds": 0.5}))
    assert [(one.id, one.reason) for one in summary.quarantined] == [("bad.txt", "empty"), ("n3x.txt", "too_slow")]
    assert (summary.read, summary.counts.records, summary.status) == (14, 11, 3)


def test_a_disk_that_fills_ends_the_run_whatever_is_still_read(options: Options, notes: Path) -> None:
    _fills(run_direct, options, notes)


def test_prefect_ends_it_too_and_tries_nothing_again(options: Options, notes: Path, prefect_server: str) -> None:
    from flows.extract import extract

    _fills(extract, options, notes)


def _fills(run: Callable[[Options], Summary], options: Options, notes: Path) -> None:
    (notes / "a0.txt").write_text("hang", encoding="utf-8")
    (notes / "z.txt").write_text("full", encoding="utf-8")
    with pytest.raises(OSError, match="No space left on device"):
        run(options.model_copy(update={"workers": 2}))
    jobs, kept = (sorted(one.stem for one in Path(options.shards).glob(f"*.{end}")) for end in ("jobs", "jsonl"))
    assert len(jobs) - len(kept) == 2  # the shard that hangs is not waited for, the others are kept
    assert not read_versions(Output(Path(options.output))).releases


def test_workers_that_cannot_start_are_no_fault_of_documents(
    options: Options, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runners, "start_worker", os.abort)
    with pytest.raises(InputError, match="no worker process can be started"):
        run_direct(options)


def test_prefect_loses_such_a_document_alone(options: Options, notes: Path, prefect_server: str) -> None:
    from flows.extract import extract

    (notes / "z.txt").write_text("die", encoding="utf-8")
    summary = extract(options.model_copy(update={"workers": 2}))
    assert [one.reason for one in summary.quarantined] == ["empty", "crashed"]


def test_a_lost_worker_of_dask_costs_its_shard_alone(options: Options, notes: Path, tmp_path: Path) -> None:
    (notes / "z.txt").write_text(f"kill {tmp_path / 'mark'}", encoding="utf-8")
    summary = run_direct(options.model_copy(update={"workers": 2, "runner": "dask"}))
    assert (tmp_path / "mark").exists()
    assert (summary.read, summary.counts.quarantined) == (14, 1)


@pytest.fixture
def two_deaths() -> Iterator[None]:
    """Let Dask give a shard up with the second worker that dies with it, and not with the fourth."""
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}):
        yield


@pytest.mark.usefixtures("two_deaths")
def test_a_document_that_kills_every_worker_of_dask_is_quarantined_alone(options: Options, notes: Path) -> None:
    (notes / "n3x.txt").write_text("die", encoding="utf-8")
    runners.kill_workers()  # as an earlier run of this process does that can no longer write
    summary = run_direct(options.model_copy(update={"workers": 2, "runner": "dask"}))
    assert [(one.id, one.reason) for one in summary.quarantined] == [("bad.txt", "empty"), ("n3x.txt", "crashed")]
    assert (summary.read, summary.counts.records, summary.status) == (14, 11, 3)


@pytest.mark.usefixtures("two_deaths")
def test_prefect_on_dask_loses_such_a_document_alone(options: Options, notes: Path, prefect_server: str) -> None:
    from flows import extract as module

    (notes / "n3x.txt").write_text("die", encoding="utf-8")
    summary = module.extract(options.model_copy(update={"workers": 2, "runner": "dask"}))
    assert [one.reason for one in summary.quarantined] == ["empty", "crashed"]


def test_dask_without_its_extra_is_said(options: Options, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"coopledger\[dask\]"):
        run_direct(options.model_copy(update={"runner": "dask"}))
