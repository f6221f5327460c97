"""Decisions follow a record into its renamed document, whatever is read again and whoever takes the old name."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coopledger import open_release
from ledger.decisions import DecisionLog, documents_to_reextract, list_records
from ledger.errors import LedgerError
from ledger.reconcile import Reconciled
from ledger.release import write
from ledger.release.publish import NothingChanged, Published
from ledger.release.validate import validate
from ledger.release.write import Incoming, Unchanged
from schemas import CooperationRecord, Extraction, FieldDecision, PossibleRecord, record_of
from tests.support.releases import NOW, published, release
from tests.support.synthetic import acts_of, extraction

ACTS, OTHERS = acts_of(random.Random(3), 4), acts_of(random.Random(77), 2)
VERDICTS = ["accept", "edit", "reject", "add", "take in", "dismiss"]


def read(name: str, preface: str = "") -> Extraction:
    """Read the document: the third of its acts is only possible, the fourth is missed."""
    whole = extraction(name, ACTS, preface=preface)
    unsure = whole.records[2]
    possible = PossibleRecord(**{field: getattr(unsure, field) for field in PossibleRecord.model_fields})
    return whole.model_copy(update={"records": whole.records[:2], "possible": (possible,)})


class Ledger:
    """An output folder that gets a release a day; the document is ``a.txt`` at first."""

    def __init__(self, root: Path) -> None:
        self.root, self.day, self.log = root, 0, DecisionLog(root / "decisions.jsonl")
        self.digest = read("a.txt").digest
        self.run(read("a.txt"))

    def run(self, *incoming: Incoming, model: str = "model") -> Published | NothingChanged:
        self.day += 1
        made = release(self.root, incoming, now=NOW + timedelta(days=self.day), program={"model": model})
        assert validate(open_release(self.root)) == []
        return made

    def rename(self) -> None:
        self.run(Unchanged("b.txt", self.digest))

    def decide(self, what: str) -> CooperationRecord:
        """Decide about one of the document's records, and return it."""
        latest = open_release(self.root)
        first, unsure = next(iter(latest.records())), record_of(next(iter(latest.possible())))
        missed = extraction("a.txt", ACTS).records[3].model_copy(update={"record_id": "rec-by-hand"})
        status = FieldDecision(name="status", seen="committed", given="completed")
        given: dict[str, dict[str, Any]] = {
            "accept": {"verdict": "accept", "record": first},
            "edit": {"verdict": "edit", "record": first, "fields": (status,)},
            "reject": {"verdict": "reject", "record": first},
            "add": {"verdict": "accept", "added": missed},
            "take in": {"verdict": "accept", "added": unsure, "possible": True},
            "dismiss": {"verdict": "reject", "record": unsure, "possible": True},
        }
        found = self.log.append(reviewer="ana", time="t", release=latest.version, **given[what])
        return found.record or found.added or first

    def held(self, document: str) -> set[tuple[str, str]]:
        """The records of a document by the act's sentence, each with what it is worth."""
        records = [one for one in open_release(self.root).records() if one.document_id == document]
        possible = [one for one in open_release(self.root).possible() if one.document_id == document]
        listed = {(one.evidence.text, f"{one.review.state}, {one.status}, {one.record_id}") for one in records}
        return listed | {(one.evidence.text, "possible") for one in possible}

    def outcomes(self) -> set[tuple[str, str, str]]:
        return {(one.document_id, one.record_id, one.outcome) for one in open_release(self.root).merged()}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


@pytest.mark.parametrize("settled", [True, False], ids=["settled", "renamed at once"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_decision_holds_after_a_rename_whatever_is_read_again(ledger: Ledger, verdict: str, settled: bool) -> None:
    ledger.decide(verdict)
    if settled:
        ledger.run(Unchanged("a.txt", ledger.digest))
    ledger.rename()
    expected = ledger.held("b.txt")
    assert {one.document_id for one in open_release(ledger.root).merged()} == {"b.txt"}
    ledger.run(read("b.txt"), model="another")
    assert ledger.held("b.txt") == expected
    ledger.run(read("b.txt", "A line more.\n"), model="another")
    assert ledger.held("b.txt") == expected
    ledger.run(Unchanged("c.txt", read("b.txt", "A line more.\n").digest), model="another")
    ledger.run(read("c.txt", "Two lines\nmore.\n"), model="another")
    assert ledger.held("c.txt") == expected
    assert {one.document_id for one in open_release(ledger.root).merged()} == {"c.txt"}
    assert {one.outcome for one in open_release(ledger.root).merged()} <= {"kept", "agreed"}


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("newcomer", ["same acts", "other acts", "all acts", "nothing"])
def test_who_takes_the_old_name_takes_no_decisions(ledger: Ledger, verdict: str, newcomer: str) -> None:
    decided = ledger.decide(verdict)
    ledger.rename()
    expected, outcomes = ledger.held("b.txt"), ledger.outcomes()
    fresh = {
        "same acts": read("a.txt", "A newer edition.\n"),
        "other acts": extraction("a.txt", OTHERS),
        "all acts": extraction("a.txt", ACTS, preface="A newer edition.\n"),
        "nothing": extraction("a.txt", [], preface="Of other things."),
    }[newcomer]
    ledger.run(fresh, Unchanged("b.txt", ledger.digest))
    assert ledger.held("b.txt") == expected and ledger.outcomes() == outcomes
    records = list(open_release(ledger.root).records())
    added = [one for one in records if one.document_id == "a.txt"]
    assert len(added) == len(fresh.records)
    assert {one.review.state for one in added} <= {"unreviewed"}
    assert decided.record_id not in {one.record_id for one in added}
    shared = Counter(act for act, _ in {(one.act_id, one.document_id) for one in records})
    assert set(shared.values()) <= {1}
    ledger.run(fresh, read("b.txt", "A line more.\n"), model="another")
    assert ledger.held("b.txt") == expected
    ledger.run(read("b.txt", "A line more.\n"), model="another")
    assert ledger.held("b.txt") == expected and not ledger.held("a.txt")


@pytest.mark.parametrize("verdict", ["reject", "dismiss"])
@pytest.mark.parametrize("reread", [True, False], ids=["read again", "unread"])
def test_a_rejection_is_taken_back_after_a_rename(ledger: Ledger, verdict: str, reread: bool) -> None:
    before = {act for act, _ in ledger.held("a.txt")}
    ledger.decide(verdict)
    ledger.run(Unchanged("a.txt", ledger.digest))
    ledger.rename()
    assert {act for act, _ in ledger.held("b.txt")} < before
    ledger.log.undo(ledger.log.read()[-1].id, reviewer="ana", time="t")
    again = documents_to_reextract(open_release(ledger.root).merged(), ledger.log.read())
    assert verdict == "dismiss" or again == {"b.txt"}
    ledger.run(read("b.txt") if reread or verdict == "dismiss" else Unchanged("b.txt", ledger.digest))
    assert {act for act, _ in ledger.held("b.txt")} == before


def test_an_orphan_is_listed_under_its_documents_present_name(ledger: Ledger) -> None:
    orphan = ledger.decide("accept")
    ledger.rename()
    missed = read("b.txt")
    ledger.run(missed.model_copy(update={"records": missed.records[1:]}), model="another")
    assert ledger.outcomes() == {("b.txt", orphan.record_id, "orphaned")}
    latest = open_release(ledger.root)
    listed = list_records(
        latest.frame(), ledger.log.read(), release=latest.version, changes=latest.changes(), merged=latest.merged()
    )
    assert dict(zip(listed["record_id"], listed["document_id"], strict=True))[orphan.record_id] == "b.txt"
    ledger.log.append(verdict="accept", reviewer="ana", time="t", release=latest.version, added=orphan)
    ledger.run(Unchanged("b.txt", ledger.digest), model="another")
    assert ledger.outcomes() == {("b.txt", orphan.record_id, "kept")}
    assert orphan.record_id in {one.record_id for one in open_release(ledger.root).records()}


def test_a_release_with_one_id_twice_is_not_published(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = open_release(ledger.root).version
    monkeypatch.setattr(write, "reconcile", _as_read)
    twice = extraction("b.txt", ACTS)
    with pytest.raises(LedgerError, match=r"a\.txt and b\.txt would both have the record rec-"):
        release(ledger.root, [read("a.txt"), _with_ids_of(read("a.txt"), twice)], now=NOW)
    with pytest.raises(LedgerError, match=r"b\.txt: two of its records have one id"):
        release(ledger.root, [read("a.txt"), _with_ids_of(twice, twice, first=True)], now=NOW)
    assert open_release(ledger.root).version == before


@pytest.mark.parametrize("unread", [True, False], ids=["unread", "read again"])
def test_a_release_that_holds_one_id_twice_is_put_right(tmp_path: Path, unread: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "reconcile", _as_read)
        patch.setattr(write.DataWriter, "_claim_ids", lambda *_: None)
        one, other = read("a.txt"), extraction("b.txt", ACTS)
        made = published(tmp_path, [one, _with_ids_of(one, other)])
        assert {problem.code for problem in validate(made.path)} >= {"twice"}
    both = [Unchanged(each.id, each.digest) for each in (one, other)] if unread else [one, other]
    made = published(tmp_path, [*both, extraction("z.txt", OTHERS)], now=NOW + timedelta(days=1))
    assert validate(made.path) == []
    assert Counter(record.document_id for record in open_release(tmp_path).records()) == {
        "a.txt": 2, "b.txt": 4, "z.txt": 2,
    }  # fmt: skip


def _as_read(_: Any, new: Extraction, *__: Any, **___: Any) -> Reconciled:
    return Reconciled(records=new.records)


def _with_ids_of(one: Extraction, other: Extraction, *, first: bool = False) -> Extraction:
    """Give the records of one document the ids of another's, in their order; or all the id of the first."""
    ids = [record.record_id for record in one.records]
    ids += [record.record_id for record in other.records[len(ids) :]]
    listed = zip(other.records, ids[:1] * len(ids) if first else ids, strict=True)
    return other.model_copy(
        update={"records": tuple(record.model_copy(update={"record_id": found}) for record, found in listed)}
    )
