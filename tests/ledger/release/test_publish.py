"""Publishing: all files, nothing when nothing changed, nothing half."""

import errno
import json
import os
import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from frictionless import Package

from coopledger import open_release
from ledger.errors import GateFailed, LedgerError
from ledger.release.publish import NothingChanged
from ledger.release.read import next_version
from ledger.release.validate import validate
from ledger.release.write import Unchanged
from schemas import FlatRecord, Quarantined
from tests.support.changes import apply
from tests.support.releases import CONTRACT, LATER, NOW, contents, documents, published, release
from tests.support.synthetic import acts_of, extraction

BAD = Quarantined(id="web/scan.pdf", reason="no_text", detail="The PDF holds no text.", digest="d")


def test_a_release_has_every_file_of_the_contract(tmp_path: Path) -> None:
    made = published(tmp_path, [*documents(), BAD])
    names = {path.name for path in made.path.iterdir()}
    assert names >= CONTRACT and (made.path / "schema" / "record.schema.json").is_file()
    assert validate(made.path) == []
    assert (made.path / "records.csv").read_text("utf-8").splitlines()[0].split(",") == list(FlatRecord.model_fields)
    versions = json.loads((tmp_path / "versions.json").read_bytes())
    assert versions["latest"] == made.version == "20261122T051500Z"
    assert versions["releases"][0]["path"] == f"releases/{made.version}"


def test_the_checksums_and_the_data_package_hold(tmp_path: Path) -> None:
    made = published(tmp_path, [*documents(), BAD])
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=made.path, check=True)
    report = Package(str(made.path / "datapackage.json")).validate()
    assert report.flatten(["name", "type", "message"]) == []


def test_every_document_ends_in_one_list(tmp_path: Path) -> None:
    empty = extraction("news/9.txt", [], preface="Nothing happened.")
    made = published(tmp_path, [*documents(3), empty, BAD])
    lists = made.manifest.documents
    assert (len(lists.with_records), lists.without_records, lists.quarantined) == (3, ("news/9.txt",), (BAD.id,))
    stored = {one.id: one for one in open_release(tmp_path).documents()}
    assert stored[BAD.id].text is None and stored[BAD.id].state == "quarantined"
    assert [one.detail for one in open_release(tmp_path).quarantined()] == [BAD.detail]


def test_a_run_that_changes_nothing_publishes_nothing(tmp_path: Path) -> None:
    published(tmp_path, documents())
    before = contents(tmp_path)
    assert isinstance(release(tmp_path, documents(), now=LATER), NothingChanged)
    same = [Unchanged(one.document.id, one.document.digest) for one in documents()]
    assert isinstance(release(tmp_path, same, now=LATER), NothingChanged)
    assert isinstance(release(tmp_path, documents(), now=LATER, program={"code": "new"}), NothingChanged)
    assert contents(tmp_path) == before


def test_the_changes_lead_from_one_release_to_the_next(tmp_path: Path) -> None:
    old = published(tmp_path, documents(40))
    new = published(tmp_path, documents(40, edits=0.5), now=LATER)
    assert new.manifest.parent == old.version and new.counts.added and new.counts.removed and new.counts.changed
    before, after = open_release(tmp_path, old.version), open_release(tmp_path)
    assert apply(after.changes(), before.records()) == list(after.records())


def test_unchanged_documents_are_carried_over_as_if_read_again(tmp_path: Path) -> None:
    old, new = documents(30), documents(30, edits=0.3)
    carried = [
        Unchanged(was.document.id, was.document.digest) if was == now else now
        for was, now in zip(old, new, strict=True)
    ]
    assert 5 < sum(isinstance(one, Unchanged) for one in carried) < 30
    for root, incoming in ((tmp_path / "a", new), (tmp_path / "b", carried)):
        published(root, old)
        published(root, incoming, now=LATER)
    one, other = (open_release(tmp_path / side) for side in "ab")
    assert contents(one.path) == contents(other.path)


def test_documents_that_do_not_come_in_are_gone_unless_added_to(tmp_path: Path) -> None:
    published(tmp_path, documents(6))
    more = [extraction("news/zz.txt", acts_of(random.Random(3), 2))]
    added = published(tmp_path, more, now=LATER, add=True)
    assert added.counts.documents == 7 and added.counts.removed == 0
    gone = published(tmp_path, more, now=LATER)
    assert gone.counts.documents == 1 and gone.counts.removed == 12
    assert {one.reason for one in open_release(tmp_path).changes()} == {"source_gone"}


@pytest.mark.parametrize("unread", [True, False])
def test_a_renamed_document_keeps_its_ids(tmp_path: Path, unread: bool) -> None:
    old = documents(5)
    published(tmp_path, old)
    ids = [record.record_id for record in open_release(tmp_path).records()]
    moved = [extraction(f"press/{number}.txt", acts_of(random.Random(f"7-{number}"), 2)) for number in range(5)]
    incoming = [Unchanged(one.document.id, one.document.digest) if unread else one for one in moved]
    made = published(tmp_path, incoming, now=LATER)
    assert [record.record_id for record in open_release(tmp_path).records()] == ids
    assert made.counts.removed == made.counts.added == 0
    before = open_release(tmp_path, made.manifest.parent or "")
    assert apply(open_release(tmp_path).changes(), before.records()) == list(open_release(tmp_path).records())
    assert validate(made.path) == []


@pytest.mark.parametrize(
    ("names", "said"), [(["b", "a"], "comes after b"), (["a", "a"], "comes twice")], ids=["unsorted", "twice"]
)
def test_an_input_out_of_order_publishes_nothing(tmp_path: Path, names: list[str], said: str) -> None:
    published(tmp_path, documents(3))
    before = contents(tmp_path)
    with pytest.raises(LedgerError, match=said):
        release(tmp_path, [extraction(name, [], preface="x") for name in names], now=LATER)
    assert contents(tmp_path) == before and not list(tmp_path.glob(".staging*"))


def test_a_document_that_is_not_the_parents_cannot_be_unchanged(tmp_path: Path) -> None:
    published(tmp_path, documents(3))
    with pytest.raises(LedgerError, match="run again"):
        release(tmp_path, [Unchanged("news/0000000.txt", "other")], now=LATER)


def test_a_record_that_misquotes_is_refused(tmp_path: Path) -> None:
    one = documents(1)[0]
    moved = one.document.model_copy(update={"text": "x" + one.document.text})
    with pytest.raises(LedgerError, match="misquotes the text at"):
        release(tmp_path, [one.model_copy(update={"document": moved})])


def test_a_folder_that_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(LedgerError, match=r"is not a ledger: .* thesis.doc"):
        release(tmp_path, documents(1))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]
    with pytest.raises(LedgerError, match="is a file"):
        release(tmp_path / "thesis.doc", documents(1))


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only file system")])
def test_a_full_disk_fails_cleanly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    published(tmp_path, documents(3))
    before = contents(tmp_path)

    def full(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match=said):
        release(tmp_path, documents(4), now=LATER)
    monkeypatch.undo()
    assert contents(tmp_path) == before and not list(tmp_path.glob(".staging*"))
    assert published(tmp_path, documents(4), now=LATER).counts.documents == 4


def test_two_writers_never_mix(tmp_path: Path) -> None:
    published(tmp_path, documents(3))
    with FileLock(tmp_path / ".lock"), pytest.raises(LedgerError, match="another run"):
        release(tmp_path, documents(4), now=LATER, wait=0)


def test_leftovers_are_swept_and_a_whole_release_is_listed(tmp_path: Path) -> None:
    published(tmp_path, documents(3))
    first = (tmp_path / "versions.json").read_bytes()
    second = published(tmp_path, documents(4), now=LATER)
    (tmp_path / "versions.json").write_bytes(first)  # killed after the rename, before the list
    torn = tmp_path / ".staging-20261201T000000Z"
    torn.mkdir()
    (torn / "records.jsonl").write_text("{")
    assert isinstance(release(tmp_path, documents(4), now=LATER), NothingChanged)
    assert open_release(tmp_path).version == second.version and not torn.exists()


def test_a_gate_refuses_with_a_report_until_it_is_accepted(tmp_path: Path) -> None:
    published(tmp_path, documents(20))
    with pytest.raises(GateFailed, match="removals") as refused:
        release(tmp_path, documents(5), now=LATER, accept_gates=())
    assert refused.value.failed == ("removals",)
    assert "news/0000019.txt" in refused.value.report.read_text("utf-8")
    assert json.loads((tmp_path / "gate-report.json").read_bytes())["gates"][0]["passed"] is False
    assert open_release(tmp_path).manifest.counts.documents == 20
    made = published(tmp_path, documents(5), now=LATER, accept_gates=("removals",))
    assert made.manifest.gates[0]["accepted"] and not (tmp_path / "gate-report.html").exists()


def test_no_such_gate(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no such gate: taste"):
        release(tmp_path, documents(1), accept_gates=("taste",))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("now", "latest", "version"),
    [
        (NOW, None, "20261122T051500Z"),
        (NOW, "20261122T051500Z", "20261122T051500Z-001"),
        (NOW, "20261122T051500Z-009", "20261122T051500Z-010"),
        (NOW - timedelta(hours=1), "20261122T051500Z", "20261122T051500Z-001"),
        (NOW + timedelta(seconds=1), "20261122T051500Z-001", "20261122T051501Z"),
        (datetime.fromisoformat("2026-11-22T06:15:00+01:00"), None, "20261122T051500Z"),
    ],
)
def test_versions_sort_in_time(now: datetime, latest: str | None, version: str) -> None:
    assert next_version(now, latest) == version
    assert latest is None or version > latest


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        next_version(datetime(2026, 1, 1), None)
    assert next_version(datetime(2026, 1, 1, tzinfo=UTC), None) == "20260101T000000Z"
