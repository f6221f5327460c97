"""The log: nothing torn, nothing interleaved, and the same state from any prefix."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.decisions.log as log_module
from ledger.decisions import DamagedLogError, DecisionIndex, DecisionLog, UnknownDecisionError, standing
from schemas import Decision, FieldDecision
from tests.support.toys import read

TEXT = (
    "In 2014 Ruritania lent Borduria 30 million dollars for a port. "
    "In 2015 Syldavia granted Genovia 5 million dollars for a dam."
)
RECORDS = read("d", TEXT).records
WHO = {"reviewer": "Ada", "time": "2026-01-01T00:00:00Z", "release": "r1"}


def open_log(tmp_path):
    return DecisionLog(tmp_path / "decisions.jsonl")


def test_what_is_appended_is_read_back_in_order(tmp_path):
    log = open_log(tmp_path)
    assert log.read() == []
    one = log.append(verdict="accept", record=RECORDS[0], note="“sic” 🌊", **WHO)
    two = log.append(verdict="reject", record=RECORDS[1], **WHO)
    assert open_log(tmp_path).read() == [one, two]
    assert one.id != two.id
    assert one.evidence == RECORDS[0].evidence
    assert [json.loads(line)["id"] for line in log.path.read_text("utf-8").splitlines()] == [one.id, two.id]


def test_equal_decisions_have_ids_of_their_own(tmp_path):
    log = open_log(tmp_path)
    ids = [log.append(verdict="accept", record=RECORDS[0], **WHO).id for _ in range(3)]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    "bad",
    [
        {"verdict": "accept"},
        {"verdict": "edit", "record": RECORDS[0]},
        {"verdict": "edit", "record": RECORDS[0], "fields": (FieldDecision(name="actor", given=None),)},
        {"verdict": "edit", "record": RECORDS[0], "fields": (FieldDecision(name="colour", given="red"),)},
        {"verdict": "edit", "record": RECORDS[0], "fields": (FieldDecision(name="year", given={"start": 1}),)},
    ],
)
def test_what_could_never_be_merged_is_refused_at_once(tmp_path, bad):
    log = open_log(tmp_path)
    with pytest.raises(ValueError, match="."):
        log.append(**bad, **WHO)
    assert log.read() == []


def test_a_torn_last_line_is_moved_aside_at_every_byte(tmp_path):
    log = open_log(tmp_path)
    first = log.append(verdict="accept", record=RECORDS[0], **WHO)
    whole = log.path.read_bytes()
    second = log.append(verdict="reject", record=RECORDS[1], **WHO)
    both = log.path.read_bytes()
    for cut in [*range(len(whole), len(both), 97), len(both) - 2, len(both) - 1]:
        log.path.write_bytes(both[:cut])
        complete = cut == len(both) - 1
        assert open_log(tmp_path).read() == ([first, second] if complete else [first])
        assert log.path.read_bytes() == (both if complete else whole)
    torn = (tmp_path / "decisions.jsonl.torn").read_bytes()
    assert torn.endswith(both[len(whole) : -2] + b"\n")


def test_a_torn_line_is_repaired_before_the_next_is_appended(tmp_path):
    log = open_log(tmp_path)
    first = log.append(verdict="accept", record=RECORDS[0], **WHO)
    with log.path.open("ab") as file:
        file.write(b'{"id": "dec-')
    assert log.read() == [first]
    second = log.append(verdict="reject", record=RECORDS[1], **WHO)
    assert log.read() == [first, second]


def test_a_read_only_log_opens(tmp_path):
    log = open_log(tmp_path)
    first = log.append(verdict="accept", record=RECORDS[0], **WHO)
    with log.path.open("ab") as file:
        file.write(b'{"id"')
    log.path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert open_log(tmp_path).read() == [first]
    finally:
        tmp_path.chmod(0o755)


def test_a_damaged_line_is_named(tmp_path):
    log = open_log(tmp_path)
    log.append(verdict="accept", record=RECORDS[0], **WHO)
    with log.path.open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(DamagedLogError, match=r"decisions\.jsonl, line 2"):
        log.read()


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path, monkeypatch):
    log = open_log(tmp_path)
    log.append(verdict="accept", record=RECORDS[0], **WHO)
    before = log.path.read_bytes()

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(log_module.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        log.append(verdict="reject", record=RECORDS[1], **WHO)
    assert log.path.read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from ledger.decisions import DecisionLog
from schemas import CooperationRecord
log = DecisionLog(Path(sys.argv[1]))
record = CooperationRecord.model_validate_json(sys.stdin.read())
for number in range(25):
    log.append(verdict="accept", record=record, reviewer=sys.argv[2], time=str(number), release="r", note="x" * 9000)
"""


def test_writers_in_several_processes_never_interleave(tmp_path):
    path = tmp_path / "decisions.jsonl"
    body, root = RECORDS[0].model_dump_json(), Path(__file__).parents[3]
    runs = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stdin=subprocess.PIPE, text=True, cwd=root)
        for name in ("Ada", "Bo", "Cy")
    ]
    for run in runs:
        run.stdin.write(body)
        run.stdin.close()
    assert [run.wait() for run in runs] == [0, 0, 0]
    decisions = DecisionLog(path).read()
    assert len({one.id for one in decisions}) == 75
    for name in ("Ada", "Bo", "Cy"):
        assert [one.time for one in decisions if one.reviewer == name] == [str(number) for number in range(25)]


def test_undoing_and_redoing(tmp_path):
    log = open_log(tmp_path)
    accepted = log.append(verdict="accept", record=RECORDS[0], **WHO)
    rejected = log.append(verdict="reject", record=RECORDS[0], **WHO)
    undone = log.undo(rejected.id, reviewer="Bo", time="2026-01-02T00:00:00Z")
    assert standing(log.read())[RECORDS[0].record_id].decision == accepted
    log.undo(undone.id, reviewer="Bo", time="2026-01-03T00:00:00Z")
    assert standing(log.read())[RECORDS[0].record_id].decision == rejected
    assert len(log.read()) == 4
    with pytest.raises(UnknownDecisionError):
        log.undo("dec-nothing", reviewer="Bo", time="2026-01-04T00:00:00Z")


def decision(number, record, verdict, undoes):
    return Decision(
        id=f"dec-{number}",
        record_id=record.record_id,
        document_id="d",
        release="r",
        verdict=verdict,
        fields=(FieldDecision(name="year", given={"start": 1990 + number}),) if verdict == "edit" else (),
        reviewer="Ada",
        time="t",
        record=record,
        undoes=undoes,
    )


@st.composite
def logs(draw):
    log = []
    for number in range(draw(st.integers(0, 12))):
        undone = draw(st.sampled_from([None, *log]))
        record = next((one for one in RECORDS if undone and one.record_id == undone.record_id), None)
        record = record or draw(st.sampled_from(RECORDS))
        log.append(decision(number, record, draw(st.sampled_from(["accept", "reject", "edit"])), undone and undone.id))
    return log


@given(logs())
def test_undoing_the_last_decision_brings_the_state_before_it_back(log):
    for number, last in enumerate(log):
        undo = decision(99, next(one for one in RECORDS if one.record_id == last.record_id), last.verdict, last.id)
        if last.undoes is None:
            assert standing([*log[: number + 1], undo]) == standing(log[:number])


@given(logs())
def test_the_index_finds_a_documents_decisions_in_order(log):
    index = DecisionIndex(log)
    assert index.of("e") == []
    assert index.unused() == ([log] if log else [])
    assert index.of("d") == log
    assert index.unused() == []


@given(logs())
def test_decisions_follow_their_record_to_a_renamed_document(log):
    first = RECORDS[0].record_id
    index = DecisionIndex(log, documents={first: "e"}, renames={"f": "e", "g": "d"})
    for document, about_first in [("f", True), ("g", False)]:
        found = index.of(document)
        assert [one.id for one in found] == [one.id for one in log if (one.record_id == first) is about_first]
        assert {one.document_id for one in found} <= {document}
        assert {one.record.document_id for one in found if one.record} <= {document}
    assert index.of("d") == index.of("e") == index.unused() == []


@pytest.mark.parametrize("blank", [b"\n", b"\n\n\n", b" \n", b"\r\n", b"\n" * 70_000])
def test_a_decision_after_blank_lines_is_chained_to_the_last_one(tmp_path, blank):
    log = open_log(tmp_path)
    first = log.append(verdict="accept", record=RECORDS[0], **WHO)
    log.path.write_bytes(log.path.read_bytes() + blank)
    assert log.append(verdict="accept", record=RECORDS[1], **WHO).previous == first.id
    assert (len(log.read()), log.examine().faults) == (2, [])


def test_blank_lines_alone_hold_no_decision(tmp_path):
    log = open_log(tmp_path)
    log.path.write_bytes(b"\n \n")
    assert log.append(verdict="accept", record=RECORDS[0], **WHO).previous == ""
    assert log.examine().faults == []


def test_a_last_line_that_ends_otherwise_is_damaged_as_before(tmp_path):
    log = open_log(tmp_path)
    log.append(verdict="accept", record=RECORDS[0], **WHO)
    log.path.write_bytes(log.path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(DamagedLogError, match="the last line was altered"):
        log.append(verdict="accept", record=RECORDS[1], **WHO)


def test_a_repair_leaves_a_link_to_the_log(tmp_path):
    log = open_log(tmp_path)
    for record in RECORDS:
        log.append(verdict="accept", record=record, **WHO)
    kept = tmp_path / "elsewhere" / "kept.jsonl"
    kept.parent.mkdir()
    log.path.rename(kept)
    log.path.symlink_to(kept)
    kept.write_bytes(kept.read_bytes().replace(b"accept", b"reject", 1))
    repaired = log_module.repair(log, time=WHO["time"])
    assert log.path.is_symlink() and repaired.before.is_file() and repaired.aside.is_file()
    assert DecisionLog(kept).examine().faults == []
    assert [one.record_id for one in DecisionLog(kept).read()] == [RECORDS[1].record_id]
