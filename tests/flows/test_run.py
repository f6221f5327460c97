"""Only what changed is read again, and a killed run goes on where it was."""

import gzip
import io
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coopledger import open_release
from flows import plan, run, shards
from flows.errors import InputError
from flows.options import Options
from flows.run import run_direct
from flows.sources import discover, list_release
from ledger.errors import LedgerError
from ledger.release.layout import Output
from schemas import Document, Extraction
from tests.support.fake_extractor import FakeExtract

PROGRAM = {"code": "c", "config": "f", "model": "m", "tables": "t"}


def notes(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"n{number:02}.txt").write_text(f"Zambia lent Kenya ${number + 1}m.", encoding="utf-8")


def test_the_first_run_reads_all_and_the_second_nothing(options: Options, fake: FakeExtract) -> None:
    first, second = run_direct(options), run_direct(options)
    assert fake.read_ids == ["a.txt", "deep/b.md"]
    assert first.published and not second.published
    assert (first.version, second.read) == (second.version, 0)


def test_a_document_whose_name_is_no_utf8_is_read(options: Options, fake: FakeExtract, folder: Path) -> None:
    (folder / "caf\udce9.txt").write_text("Mali lent Togo $2m.")
    assert [one.document_id for one in open_release(run_direct(options).release).records()] == [
        "a.txt",
        "caf\\udce9.txt",
    ]


def test_workers_start_ahead_where_a_run_may_read(
    options: Options, fake: FakeExtract, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run.may_read(options)
    run_direct(options)
    note = options.home / "origins.json"
    old = note.stat().st_mtime + 60
    os.utime(note, (old, old))
    assert not run.may_read(options)
    assert run.may_read(options.model_copy(update={"force": True}))
    (folder / "deep" / "b.md").write_text("Kenya lent Zambia $2m.", encoding="utf-8")
    os.utime(folder / "deep" / "b.md", (old + 1, old + 1))
    assert run.may_read(options)
    os.utime(note, (old + 2, old + 2))
    assert not run.may_read(options)
    monkeypatch.setattr(run, "program_of", _always({**run.program_of(options), "code": "new"}))
    assert run.may_read(options)


def test_a_new_program_that_changes_nothing_reads_all_but_once(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_direct(options)
    new = {**run.program_of(options), "config": "new"}
    monkeypatch.setattr(run, "program_of", _always(new))
    runs = [run_direct(options), run_direct(options)]
    assert [(one.published, one.version, one.read) for one in runs] == [
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
    program = run.program_of(options) | {part: "changed"}
    monkeypatch.setattr(run, "program_of", lambda options: program)
    monkeypatch.setattr(shards, "check_program", lambda shard: None)
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
    work = run.make_plan(discover(options.input), options)
    assert [shard.documents for shard in work.shards] == [3, 3, 3]
    shards.extract_shard(work.shards[1])
    fake.read_ids.clear()
    run_direct(options)
    assert fake.read_ids == ["a.txt", "deep/b.md", "n00.txt", "n04.txt", "n05.txt", "n06.txt"]


def test_force_does_not_use_finished_shards(options: Options, fake: FakeExtract) -> None:
    forced = options.model_copy(update={"force": True})
    work = run.make_plan(discover(options.input), options)
    shards.extract_shard(work.shards[0])
    fake.read_ids.clear()
    run_direct(forced)
    assert fake.read_ids == ["a.txt", "deep/b.md"]


def test_shard_files_are_swept_after_publishing_and_kept_after_a_failure(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("no")

    monkeypatch.setattr(run, "publish_release", fail)
    with pytest.raises(LedgerError):
        run_direct(options)
    assert len(list(Path(options.shards).iterdir())) == 2
    monkeypatch.undo()
    monkeypatch.setattr(run, "extractor", lambda model: fake)
    assert run_direct(options).published
    assert list(Path(options.shards).iterdir()) == []


def test_a_worker_with_another_program_refuses(options: Options, fake: FakeExtract) -> None:
    shard = run.make_plan(discover(options.input), options).shards[0]
    with pytest.raises(InputError, match="this worker has other code than the run"):
        shards.extract_shard(replace(shard, program=shard.program | {"code": "other"}))


def test_a_document_that_changes_while_it_is_read_waits_for_the_next_run(
    options: Options, fake: FakeExtract, folder: Path
) -> None:
    run_direct(options)
    (folder / "a.txt").write_text("Zambia lent Kenya $6m.", encoding="utf-8")
    work = run.make_plan(discover(options.input), options)
    (folder / "a.txt").write_text("Zambia lent Kenya $7m.", encoding="utf-8")
    last = run.read_and_publish(work, options)
    assert [(one.id, one.reason) for one in last.unread] == [("a.txt", "changed")]
    assert (last.published, last.status) == (False, 3)
    assert run_direct(options).causes == {"changed (source)": 1}


@pytest.mark.parametrize(("name", "said"), [("a.txt", "a.txt"), ("deep", "deep"), ("c.csv", "c.csv")])
def test_what_cannot_be_read_is_not_gone(
    options: Options, fake: FakeExtract, folder: Path, shut: set[str], name: str, said: str
) -> None:
    (folder / "c.csv").write_text("id,text\nx,Mali lent Togo $2m", encoding="utf-8")
    first = run_direct(options)
    shut.add(name)
    second = run_direct(options)
    assert (second.published, second.version, second.status) == (False, first.version, 3)
    assert [(one.id, one.reason) for one in second.unread] == [(said, "unreadable")]
    (folder / "new.txt").write_text("Peru lent Chile $1m.", encoding="utf-8")
    third = run_direct(options)
    assert (third.causes, third.status) == ({"added (source)": 1}, 3)
    shut.clear()
    assert (run_direct(options).published, run_direct(options).status) == (False, 0)


def test_a_file_that_cannot_be_read_after_it_was_listed_is_not_gone(
    options: Options, fake: FakeExtract, folder: Path, shut: set[str]
) -> None:
    run_direct(options)
    (folder / "a.txt").write_text("Zambia lent Kenya $6m.", encoding="utf-8")
    work = run.make_plan(discover(options.input), options)
    shut.add("a.txt")
    last = run.read_and_publish(work, options)
    assert [(one.id, one.reason) for one in last.unread] == [("a.txt", "unreadable")]
    assert (last.published, last.counts.records) == (False, 1)
    shut.clear()
    assert run_direct(options).causes == {"changed (source)": 1}


ROWS = b"id,text,date\nx,Mali lent Togo $2m,\ny,Oman lent Peru $3m,\n"
LINES = b"".join(b'{"id": "%d", "text": "Mali lent Togo $%dm"}\n' % (at, at) for at in range(1, 9))


def book(*sheets: tuple[str, ...]) -> bytes:
    made = openpyxl.Workbook()
    for number, header in enumerate(sheets):
        sheet = made.create_sheet(f"S{number}")
        sheet.append(header)
        sheet.append((f"x{number}", f"Mali lent Togo ${number + 2}m"))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


HEADER, OTHER = ("id", "text"), ("no", "what")


@pytest.mark.parametrize(
    ("name", "before", "now", "said"),
    [
        ("c.xlsx", book(HEADER), book(HEADER)[:900], "c.xlsx"),  # half copied
        ("c.xlsx", book(HEADER), b"", "c.xlsx"),
        ("c.xlsx", book(HEADER, HEADER), book(HEADER, OTHER), "c.xlsx:S1"),
        ("a sheet 1.xlsx", book(HEADER), book(HEADER)[:900], "a sheet 1.xlsx"),
        ("c.csv", ROWS, b"", "c.csv"),
        ("c.csv", ROWS, ROWS.replace(b"text", b"body"), "c.csv"),
        ("c.csv", ROWS, ROWS.replace(b"m,\ny", b"m,1.2.2019\ny"), "c.csv:2"),
        ("c.jsonl", LINES, LINES.replace(b'{"id": "3', b'"id": "3'), "c.jsonl:3"),
        ("c.jsonl.gz", gzip.compress(LINES, mtime=0), gzip.compress(LINES, mtime=0)[:60], "c.jsonl.gz"),
    ],
)
def test_documents_of_a_corpus_that_is_damaged_are_not_gone(
    options: Options, fake: FakeExtract, folder: Path, name: str, before: bytes, now: bytes, said: str
) -> None:
    (folder / name).write_bytes(before)
    first = run_direct(options)
    (folder / name).write_bytes(now)
    for _ in range(2):
        damaged = run_direct(options)
        assert (damaged.published, damaged.status, [one.id for one in damaged.unread]) == (False, 3, [said])
    (folder / "new.txt").write_text("Peru lent Chile $1m.", encoding="utf-8")
    assert run_direct(options).causes == {"added (source)": 1}
    (folder / name).write_bytes(before)
    assert (run_direct(options).status, run_direct(options).counts.records) == (0, first.counts.records + 1)
    (folder / name).unlink()
    everything = options.model_copy(update={"accept_gates": ("removals", "filled", "unclaimed")})
    assert set(run_direct(everything).causes) == {"removed (source_gone)"}


def test_a_sheet_and_a_row_that_are_no_documents_stay_so_while_their_file_is_damaged(
    options: Options, fake: FakeExtract, folder: Path
) -> None:
    (folder / "c.xlsx").write_bytes(book(HEADER, OTHER))
    (folder / "c.csv").write_bytes(ROWS + b"z,\n")
    first = run_direct(options)
    assert [one.id for one in first.quarantined] == ["c.csv:4", "c.xlsx:S1"]
    for name in ("c.xlsx", "c.csv"):
        (folder / name).write_bytes(b"")
    assert (run_direct(options).version, run_direct(options).status) == (first.version, 3)


def test_a_first_run_of_a_corpus_without_a_good_row_publishes_nothing(
    options: Options, fake: FakeExtract, tmp_path: Path
) -> None:
    alone = options.model_copy(update={"input": str(tmp_path / "c.csv")})
    for data, told in (
        (b"id,text,date\nx,one,1.2.2019\ny,two,2.2.2019\n", r"line 2 cannot be read: its date .* \(and 1 more\)"),
        (b"", "the corpus holds no document"),
    ):
        (tmp_path / "c.csv").write_bytes(data)
        with pytest.raises(InputError, match=rf"^nothing in \S+c.csv can be read: {told}; nothing is published$"):
            run_direct(alone)
    assert not Output(Path(options.output)).versions.exists()


def test_a_long_document_may_take_longer(
    options: Options, fake: FakeExtract, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text of a million characters takes the reader minutes, and is no fault."""
    monkeypatch.setattr(shards, "SLOW_CHARACTERS", 100)
    real = fake.read

    def slow(document: Document) -> Extraction:
        end = time.process_time() + 0.6
        while time.process_time() < end:
            pass
        return real(document)

    monkeypatch.setattr(fake, "read", slow)
    (folder / "a.txt").write_text("Zambia lent Kenya $5m." + " " * 1000, encoding="utf-8")
    last = run_direct(options.model_copy(update={"slow_seconds": 0.2}))
    assert [(one.id, one.reason) for one in last.quarantined] == [("deep/b.md", "too_slow")]
    assert last.counts.records == 1


def test_a_new_file_that_cannot_be_read_is_quarantined(
    options: Options, fake: FakeExtract, folder: Path, shut: set[str]
) -> None:
    shut.add("a.txt")
    first = run_direct(options)
    assert [(one.id, one.reason) for one in first.quarantined] == [("a.txt", "unreadable")]
    assert (run_direct(options).published, run_direct(options).status) == (False, 3)
    shut.clear()
    assert run_direct(options).counts.records == 1


def test_one_that_takes_too_long_is_quarantined_and_the_next_is_read(
    options: Options, folder: Path, fake: FakeExtract
) -> None:
    (folder / "slow.txt").write_text("loop", encoding="utf-8")
    (folder / "z.txt").write_text("Mali lent Togo $2m.", encoding="utf-8")
    last = run_direct(options.model_copy(update={"slow_seconds": 1.0}))
    assert [(one.id, one.reason) for one in last.quarantined] == [("slow.txt", "too_slow")]
    assert "takes longer than 1 s to extract" in last.quarantined[0].detail
    assert (last.status, last.counts.records) == (3, 2)


def test_a_sum_beyond_all_bounds_costs_its_amount_alone(options: Options, fake: FakeExtract, folder: Path) -> None:
    (folder / "huge.txt").write_text(f"Peru lent Chile ${'9' * 18}m.", encoding="utf-8")
    release = open_release(run_direct(options).release)
    (record,) = [one for one in release.records() if one.document_id == "huge.txt"]
    assert (record.amount, record.confidence.amount) == (None, None)
    (mention,) = release.unclaimed()
    assert (mention.span.text, mention.reason) == (f"${'9' * 18}m", "out_of_scope")


@pytest.mark.parametrize("wrong", ["misquote", "longname"])
def test_a_record_that_cannot_be_is_refused_alone(
    options: Options, fake: FakeExtract, folder: Path, wrong: str
) -> None:
    (folder / "torn.txt").write_text(f"Peru lent Chile $1m and Mali lent Togo $2m, {wrong}.", encoding="utf-8")
    last = run_direct(options)
    assert (last.refused, last.status, last.counts.records) == (1, 3, 2)


def test_a_document_that_cannot_be_settled_is_quarantined_alone(
    options: Options, fake: FakeExtract, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    from ledger.release import write

    reconcile = write.reconcile

    def fail(held: Any, new: Any, *rest: Any, **more: Any) -> Any:
        if isinstance(new, Extraction) and new.document.id == "a.txt":
            raise KeyError("no idea")
        return reconcile(held, new, *rest, **more)

    monkeypatch.setattr(write, "reconcile", fail)
    last = run_direct(options)
    assert [(one.id, one.reason) for one in last.quarantined] == [("a.txt", "failed")]
    assert "settle" in last.quarantined[0].detail
    assert last.counts.documents == 2


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
    assert not run.refresh_direct(options).published
    program = run.program_of(options) | {"tables": "changed"}
    monkeypatch.setattr(run, "program_of", lambda options: program)
    monkeypatch.setattr(shards, "check_program", lambda shard: None)
    assert run.refresh_direct(options).read == 2
    assert [one.id for one in list_release(Path(first.release)).found] == ["a.txt", "deep/b.md"]


def test_refresh_needs_a_release(options: Options) -> None:
    with pytest.raises(LedgerError, match="no release yet"):
        run.refresh_direct(options)


def test_scores_go_into_the_manifest(options: Options, fake: FakeExtract, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    party = {"names": ["Zambia"], "country": None, "type": ["country"]}
    fact = {"doc": "a.txt", "required": True, "actor": party, "partner": {**party, "names": ["Kenya"]}}
    gold.write_text(json.dumps({**fact, "year": None, "amount": None, "evidence": "Zambia lent Kenya"}) + "\n")
    last = run_direct(options.model_copy(update={"gold": str(gold)}))
    assert (last.scores["found"], last.scores["complete"]) == (1.0, 0.0)
    assert open_release(last.release).manifest.scores == last.scores
