"""Curators' decisions in a release: taken in once, kept for good, whatever is read again."""

from pathlib import Path

import pytest

from coopledger import open_release
from ledger.decisions import DecisionLog
from ledger.errors import LedgerError
from ledger.release.publish import NothingChanged
from ledger.release.write import Unchanged
from schemas import CooperationRecord, Extraction, FieldDecision, Quarantined
from tests.support.changes import apply
from tests.support.releases import LATER, contents, documents, published, release
from tests.support.synthetic import extraction


def unread(found: list[Extraction]) -> list[Unchanged]:
    return [Unchanged(one.document.id, one.document.digest) for one in found]


def decide(root: Path, verdict: str, record: CooperationRecord, fields: tuple[FieldDecision, ...] = ()) -> None:
    log = DecisionLog(root / "decisions.jsonl")
    time = "2026-11-22T06:00:00Z"
    log.append(verdict=verdict, reviewer="ana", time=time, release="r", record=record, fields=fields)  # type: ignore[arg-type]


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    published(tmp_path, documents(6))
    first, second, third = list(open_release(tmp_path).records())[:3]
    decide(tmp_path, "accept", first)
    decide(tmp_path, "reject", second)
    decide(tmp_path, "edit", third, (FieldDecision(name="status", seen="committed", given="completed"),))
    return tmp_path


def test_new_decisions_are_taken_in_though_nothing_is_read(decided: Path) -> None:
    before = list(open_release(decided).records())
    made = published(decided, unread(documents(6)), now=LATER)
    assert made.manifest.merges and made.counts.records == 11
    after = list(open_release(decided).records())
    changes = {one.record_id: one for one in open_release(decided).changes()}
    assert {one.cause for one in changes.values() if one.change != "moved"} == {"decision"}
    assert changes[before[1].record_id].reason == "rejected"
    assert [record.review.state for record in after[:2]] == ["accepted", "edited"]
    assert after[1].status == "completed" and after[1].review.original == {"status": "committed"}
    assert apply(changes.values(), before) == after


def test_taking_them_in_twice_changes_nothing(decided: Path) -> None:
    published(decided, unread(documents(6)), now=LATER)
    assert isinstance(release(decided, unread(documents(6)), now=LATER), NothingChanged)
    assert isinstance(release(decided, documents(6), now=LATER, program={"code": "2"}), NothingChanged)


def test_read_again_or_carried_over_gives_the_same(decided: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    published(other, documents(6))
    (other / "decisions.jsonl").write_bytes((decided / "decisions.jsonl").read_bytes())
    one = published(decided, unread(documents(6)), now=LATER)
    two = published(other, documents(6), now=LATER)
    assert contents(one.path) == contents(two.path)


def test_a_decision_about_a_document_that_is_gone_is_listed(decided: Path) -> None:
    published(decided, documents(6), now=LATER)
    published(decided, documents(6)[2:], now=LATER.replace(day=25))
    made = published(decided, documents(7)[2:], now=LATER.replace(day=26))
    assert made.manifest.merges["orphaned"] >= 2
    assert {one.document_id for one in open_release(decided).merged()} == {"news/0000000.txt", "news/0000001.txt"}


def test_a_decision_about_a_document_that_cannot_be_read_stays_listed(decided: Path) -> None:
    rest = documents(6)[1:]
    bad = Quarantined(id="news/0000000.txt", reason="encrypted", detail="Take the password off.", digest="new")
    published(decided, [bad, *rest], now=LATER)
    outcomes = list(open_release(decided).merged())
    assert {one.outcome for one in outcomes if one.document_id == bad.id} >= {"orphaned"}
    more = extraction("news/zz.txt", [], preface="x")
    published(decided, [Unchanged(bad.id, "new"), *unread(rest), more], now=LATER)
    assert list(open_release(decided).merged()) == outcomes


def test_a_damaged_parent_is_not_built_on(decided: Path) -> None:
    path = open_release(decided).path / "records.jsonl"
    path.write_bytes(path.read_bytes().replace(b"loan", b"Loan", 1))
    with pytest.raises(LedgerError, match=r"damaged: records\.jsonl"):
        release(decided, documents(6), now=LATER)


def test_a_lost_list_of_releases_is_made_again(decided: Path) -> None:
    published(decided, documents(6), now=LATER)
    listed = (decided / "versions.json").read_bytes()
    (decided / "versions.json").unlink()
    assert isinstance(release(decided, documents(6), now=LATER), NothingChanged)
    assert (decided / "versions.json").read_bytes() == listed
