"""Only what changed is read again, and a killed run goes on where it was."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows import core, plan, shards
from flows.core import run_direct
from flows.discover import discover
from flows.errors import InputError
from flows.options import Options
from flows.stored import stored
from ledger import LedgerError, open_release
from tests.fake_extractor import FakeExtract

PROGRAM = {"code": "c", "config": "f", "model": "m", "tables": "t"}


def notes(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"n{number:02}.txt").write_text(f"Zambia lent Kenya ${number + 1}m.", encoding="utf-8")


def test_the_first_run_reads_all_and_the_second_nothing(options: Options, fake: FakeExtract) -> None:
    first, second = run_direct(options), run_direct(options)
    assert fake.read_ids == ["a.txt", "deep/b.md"]
    assert first.published and not second.published
    assert (first.version, second.read) == (second.version, 0)


def test_a_new_program_that_changes_nothing_reads_all_but_once(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_direct(options)
    new = {**core.program_of(options), "config": "new"}
    monkeypatch.setattr(core, "program_of", _always(new))
    runs = [run_direct(options), run_direct(options)]
    assert [(run.published, run.version, run.read) for run in runs] == [
        (False, first.version, 2),
        (False, first.version, 0),
    ]
    assert run_direct(options.model_copy(update={"force": True})).read == 2


def _always(program: dict[str, str]) -> Callable[[Options], dict[str, str]]:
    def program_of(options: Options) -> dict[str, str]:
        return program

    return program_of


def test_one_changed_document_is_read_and_the_rest_is_carried_over(
    options: Options, fake: FakeExtract, folder: Path
) -> None:
    first = run_direct(options)
    (folder / "deep" / "b.md").write_text("Peru lent Chile $1m.", encoding="utf-8")
    fake.read_ids.clear()
    second = run_direct(options)
    assert fake.read_ids == ["deep/b.md"]
    kept = {one.record_id for one in open_release(first.release).records()}
    assert kept < {one.record_id for one in open_release(second.release).records()}
    assert second.causes == {"added (source)": 1}


def test_a_document_that_is_gone_leaves_with_its_records(options: Options, fake: FakeExtract, folder: Path) -> None:
    run_direct(options)
    (folder / "a.txt").unlink()
    last = run_direct(options.model_copy(update={"accept_gates": ("removals", "filled", "unclaimed")}))
    assert last.causes == {"removed (source_gone)": 1}
    assert last.read == 0


def test_add_keeps_what_is_not_in_the_input(options: Options, fake: FakeExtract, folder: Path, tmp_path: Path) -> None:
    run_direct(options)
    more = tmp_path / "more"
    more.mkdir()
    (more / "c.txt").write_text("Peru lent Chile $1m.", encoding="utf-8")
    last = run_direct(options.model_copy(update={"input": str(more), "add": True}))
    assert [one.id for one in open_release(last.release).documents()] == ["a.txt", "c.txt", "deep/b.md"]


@pytest.mark.parametrize("part", list(PROGRAM))
def test_a_changed_program_reads_all_again(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    run_direct(options)
    fake.read_ids.clear()
    program = core.program_of(options) | {part: "changed"}
    monkeypatch.setattr(core, "program_of", lambda options: program)
    monkeypatch.setattr(shards, "_check_program", lambda shard: None)
    assert run_direct(options).read == 2
    assert fake.read_ids[:2] == ["a.txt", "deep/b.md"]


def test_force_reads_all_again(options: Options, fake: FakeExtract) -> None:
    run_direct(options)
    fake.read_ids.clear()
    last = run_direct(options.model_copy(update={"force": True}))
    assert fake.read_ids == ["a.txt", "deep/b.md"]
    assert not last.published


def test_a_killed_run_goes_on_with_the_finished_shards(
    options: Options, fake: FakeExtract, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes(folder, 7)
    monkeypatch.setattr(plan, "SHARD_DOCUMENTS", 3)
    work = core.make_plan(discover(options.input), options)
    assert [shard.documents for shard in work.shards] == [3, 3, 3]
    shards.extract_shard(work.shards[1])
    fake.read_ids.clear()
    run_direct(options)
    assert fake.read_ids == ["a.txt", "deep/b.md", "n00.txt", "n04.txt", "n05.txt", "n06.txt"]


def test_force_does_not_use_finished_shards(options: Options, fake: FakeExtract) -> None:
    forced = options.model_copy(update={"force": True})
    work = core.make_plan(discover(options.input), options)
    shards.extract_shard(work.shards[0])
    fake.read_ids.clear()
    run_direct(forced)
    assert fake.read_ids == ["a.txt", "deep/b.md"]


def test_shard_files_are_swept_after_publishing_and_kept_after_a_failure(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("no")

    monkeypatch.setattr(core, "publish_release", fail)
    with pytest.raises(LedgerError):
        run_direct(options)
    assert len(list(Path(options.shards).iterdir())) == 2
    monkeypatch.undo()
    monkeypatch.setattr(core, "extractor", lambda model: fake)
    assert run_direct(options).published
    assert list(Path(options.shards).iterdir()) == []


def test_shards_are_cut_by_number_and_by_size(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes(folder, 4)
    monkeypatch.setattr(plan, "SHARD_BYTES", 45)
    work = plan.plan(discover(str(folder)), None, PROGRAM, str(tmp_path / "s"))
    assert [shard.documents for shard in work.shards] == [2, 2, 2]
    assert work.to_read == 6


def test_the_key_of_a_shard_is_its_content(folder: Path, tmp_path: Path) -> None:
    def key(program: dict[str, str] = PROGRAM) -> str:
        return plan.plan(discover(str(folder)), None, program, str(tmp_path / "s")).shards[0].key

    first = key()
    assert key() == first
    assert key(PROGRAM | {"tables": "u"}) != first
    (folder / "a.txt").write_text("other", encoding="utf-8")
    assert key() != first


def test_a_worker_with_another_program_refuses(options: Options, fake: FakeExtract) -> None:
    shard = core.make_plan(discover(options.input), options).shards[0]
    with pytest.raises(InputError, match="this worker has other code than the run"):
        shards.extract_shard(replace(shard, program=shard.program | {"code": "other"}))


def test_a_document_that_changes_while_it_is_read_stops_the_run(
    options: Options, fake: FakeExtract, folder: Path
) -> None:
    shard = core.make_plan(discover(options.input), options).shards[0]
    (folder / "a.txt").write_text("other", encoding="utf-8")
    with pytest.raises(InputError, match="a.txt changed while it was being read"):
        shards.extract_shard(shard)


def test_a_document_on_which_the_extractor_fails_is_quarantined(
    options: Options, fake: FakeExtract, folder: Path
) -> None:
    (folder / "bad.txt").write_text("crash", encoding="utf-8")
    last = run_direct(options)
    assert [(one.id, one.reason) for one in last.quarantined] == [("bad.txt", "failed")]
    assert "RuntimeError: no idea" in last.quarantined[0].detail
    assert (last.status, last.counts.records) == (3, 1)


def test_an_extractor_that_fails_on_most_documents_publishes_nothing(
    options: Options, fake: FakeExtract, folder: Path
) -> None:
    for number in range(12):
        (folder / f"bad{number:02}.txt").write_text("crash", encoding="utf-8")
    with pytest.raises(InputError, match="failed on 12 of 14 documents; bad00.txt: .*RuntimeError: no idea"):
        run_direct(options)


def test_refresh_reads_the_stored_documents_without_the_input(
    options: Options, fake: FakeExtract, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_direct(options)
    (folder / "a.txt").unlink()
    assert not core.refresh_direct(options).published
    program = core.program_of(options) | {"tables": "changed"}
    monkeypatch.setattr(core, "program_of", lambda options: program)
    monkeypatch.setattr(shards, "_check_program", lambda shard: None)
    assert core.refresh_direct(options).read == 2
    assert [one.id for one in stored(Path(first.release)).found] == ["a.txt", "deep/b.md"]


def test_refresh_needs_a_release(options: Options) -> None:
    with pytest.raises(LedgerError, match="no release yet"):
        core.refresh_direct(options)


def test_scores_go_into_the_manifest(options: Options, fake: FakeExtract, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    party = {"names": ["Zambia"], "country": None, "type": ["country"]}
    fact = {"doc": "a.txt", "required": True, "actor": party, "partner": {**party, "names": ["Kenya"]}}
    gold.write_text(json.dumps({**fact, "year": None, "amount": None, "evidence": "Zambia lent Kenya"}) + "\n")
    last = run_direct(options.model_copy(update={"gold": str(gold)}))
    assert (last.scores["found"], last.scores["complete"]) == (1.0, 0.0)
    assert open_release(last.release).manifest.scores == last.scores
