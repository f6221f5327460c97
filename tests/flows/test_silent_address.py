"""An address that answers slowly, once or never: what it did not give stays as it was, and the next run gets it."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from flows import sources
from flows.options import Options
from flows.run import run_direct
from tests.fake_extractor import FakeExtract

NOTES = {f"{name.lower()}.txt": f"{name} lent Mali $3m." for name in ("Peru", "Chile", "Togo", "Oman", "Kenya")}


class FarAway(MemoryFileSystem):
    """Files far away; ``answers`` is how many requests for a file are answered, ``wait`` how late each is."""

    protocol = "faraway"
    answers, wait = 10**9, 0.0
    never = threading.Event()

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix("faraway://")))

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **rest: object) -> bytes:
        FarAway.answers -= 1
        if FarAway.answers < 0:
            self.never.wait()
        time.sleep(FarAway.wait)
        return bytes(super().cat_file(path, start, end, **rest))


@pytest.fixture
def far(options: Options, monkeypatch: pytest.MonkeyPatch, fake: FakeExtract) -> Iterator[Options]:
    fsspec.register_implementation("faraway", FarAway, clobber=True)
    monkeypatch.setattr(sources, "_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(FarAway, "answers", 10**9)
    for name, text in NOTES.items():
        fsspec.filesystem("faraway").pipe_file(f"/notes/{name}", text.encode())
    yield options.model_copy(update={"input": "faraway://notes"})
    fsspec.filesystem("faraway").rm("/notes", recursive=True)


def records(release: str) -> bytes:
    return (Path(release) / "records.jsonl").read_bytes()


def test_a_slow_answer_is_waited_for(far: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FarAway, "wait", 0.05)
    assert run_direct(far).counts.records == len(NOTES)


def test_what_answers_once_and_then_never_is_read_by_the_next_run(
    far: Options, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(FarAway, "answers", 1)
    started = time.monotonic()
    first = run_direct(far)
    assert time.monotonic() - started < 20
    assert (first.status, first.counts.records, first.counts.quarantined) == (3, 1, len(NOTES) - 1)
    assert {one.reason for one in first.quarantined} == {"unreadable"}
    monkeypatch.setattr(FarAway, "answers", 10**9)
    again = run_direct(far)
    assert (again.status, again.counts.records) == (0, len(NOTES))
    whole = run_direct(far.model_copy(update={"output": str(tmp_path / "whole")}))
    assert records(again.release) == records(whole.release)


def test_what_the_last_release_holds_stays_while_the_address_is_silent(
    far: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_direct(far)
    monkeypatch.setattr(FarAway, "answers", 0)
    silent = run_direct(far.model_copy(update={"force": True}))
    assert (silent.published, silent.status) == (False, 3)
    monkeypatch.setattr(FarAway, "answers", 10**9)
    assert records(run_direct(far).release) == records(first.release)
