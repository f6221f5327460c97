"""After an upgrade every document is read again, also one that the first runs of the new program leave as it was."""

import shutil
from pathlib import Path

import pytest

from flows import run, shards
from flows.options import Options
from flows.progress import Summary
from flows.run import refresh_direct, run_direct
from flows.sources import discover
from ledger.release.read import read_manifest
from tests.support.fake_extractor import FakeExtract


@pytest.fixture
def upgrade(options: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first release, and then another model; the fake extractor reads the same with both."""
    run_direct(options)
    program = run.program_of(options) | {"model": "new"}
    monkeypatch.setattr(run, "program_of", lambda options: program)
    monkeypatch.setattr(shards, "check_program", lambda shard: None)


@pytest.fixture
def adding(options: Options, tmp_path: Path) -> Options:
    """A run that adds a document."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "c.txt").write_text("Peru lent Chile $1m.", encoding="utf-8")
    return options.model_copy(update={"input": str(tmp_path / "more"), "add": True})


def reads(fake: FakeExtract, summary: Summary) -> list[str]:
    """Return the ids of what a run read, sorted."""
    found = sorted(set(fake.read_ids))
    fake.read_ids.clear()
    return found


def test_an_addition_leaves_the_rest_to_be_read(
    fake: FakeExtract, upgrade: None, options: Options, adding: Options
) -> None:
    fake.read_ids.clear()
    assert [reads(fake, run_direct(adding)), reads(fake, run_direct(adding))] == [["c.txt"], []]
    assert [reads(fake, refresh_direct(options)) for _ in range(2)] == [["a.txt", "deep/b.md"], []]


def test_an_addition_leaves_the_digests_of_older_documents_in_the_manifest(
    fake: FakeExtract, upgrade: None, options: Options, adding: Options
) -> None:
    assert read_manifest(Path(run_direct(adding).release)).digests.model != "new"
    (Path(adding.input) / "a.txt").write_text("Mali lent Togo $2m.", encoding="utf-8")
    (Path(adding.input) / "deep").mkdir()
    (Path(adding.input) / "deep" / "b.md").write_text("Oman lent Peru $1m.", encoding="utf-8")
    whole = run_direct(adding.model_copy(update={"replace": True}))
    assert read_manifest(Path(whole.release)).digests.model == "new"


def test_without_the_note_all_is_read(fake: FakeExtract, upgrade: None, options: Options, adding: Options) -> None:
    run_direct(adding)
    shutil.rmtree(options.home)
    assert refresh_direct(options).read == 3


@pytest.mark.parametrize(("name", "left"), [("deep", ["deep/b.md"]), ("a.txt", ["a.txt"]), ("c.csv", ["x", "y"])])
def test_what_cannot_be_read_is_read_once_it_can_be(
    fake: FakeExtract,
    options: Options,
    folder: Path,
    shut: set[str],
    name: str,
    left: list[str],
    request: pytest.FixtureRequest,
) -> None:
    (folder / "c.csv").write_text("id,text\nx,Mali lent Togo $2m\ny,Oman lent Peru $1m\n", encoding="utf-8")
    request.getfixturevalue("upgrade")
    shut.add(name)
    fake.read_ids.clear()
    assert sorted(reads(fake, run_direct(options)) + left) == ["a.txt", "deep/b.md", "x", "y"]
    assert reads(fake, run_direct(options)) == []
    shut.clear()
    assert [reads(fake, run_direct(options)) for _ in range(2)] == [left, []]


def test_what_cannot_be_read_after_it_was_listed_is_read_once_it_can_be(
    fake: FakeExtract, upgrade: None, options: Options, shut: set[str]
) -> None:
    work = run.make_plan(discover(options.input), options)
    shut.add("a.txt")
    run.read_and_publish(work, options)
    shut.clear()
    fake.read_ids.clear()
    assert [reads(fake, run_direct(options)) for _ in range(2)] == [["a.txt"], []]


def test_a_refresh_leaves_quarantined_documents_to_be_read(
    fake: FakeExtract, options: Options, folder: Path, request: pytest.FixtureRequest
) -> None:
    (folder / "bad.txt").write_text("crash", encoding="utf-8")
    request.getfixturevalue("upgrade")
    fake.read_ids.clear()
    assert [reads(fake, refresh_direct(options)) for _ in range(2)] == [["a.txt", "deep/b.md"], []]
    assert [reads(fake, run_direct(options)) for _ in range(2)] == [["bad.txt"], []]


def test_a_document_that_was_too_slow_is_read_where_more_is_allowed(
    fake: FakeExtract, options: Options, folder: Path
) -> None:
    (folder / "slow.txt").write_text("loop", encoding="utf-8")
    seconds = [0.2, 0.2, 0.1, 0.4, 0.4, 0.2]
    runs = [run_direct(options.model_copy(update={"slow_seconds": one})) for one in seconds]
    assert [one.read for one in runs] == [3, 0, 0, 1, 0, 0]
    assert "takes longer than 0.4 s" in runs[-1].quarantined[0].detail
