"""Decisions merged with a new extraction: four outcomes, and nobody is asked twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.causes import Causes
from ledger.decisions import DecisionLog, as_decided, standing
from ledger.decisions.merge import merge_record
from ledger.reconcile import reconcile, reconcile_decisions
from schemas import Decision, Extraction, FieldDecision
from tests.support.strategies import extractions
from tests.support.toys import read

LENT = "In 2014 Ruritania lent Borduria 30 million dollars for a port."
GRANTED = "In 2015 Syldavia granted Genovia 5 million dollars for a dam."
TEXT = f"{LENT} {GRANTED}"
RIGHT = {"kind": "money", "value": 40_000_000, "unit": "USD"}
WHO = {"reviewer": "Ada", "time": "2026-01-01T00:00:00Z", "release": "r1"}
NEW_CODE = Causes(frozenset({"code"}))


class Desk:
    """A curator's desk over one document: publish it, decide, publish it again."""

    def __init__(self, path, text=TEXT):
        self.log, self.name = DecisionLog(path / "decisions.jsonl"), "d"
        self.held = None
        self.publish(text)

    def publish(self, text, *, causes=NEW_CODE, **options):
        return self._take(reconcile(self.held, read(self.name, text, **options), self.log.read(), causes=causes), text)

    def unchanged(self):
        return self._take(reconcile_decisions(self.held, self.log.read()), self.held.document.text)

    def _take(self, reconciled, text):
        for record in reconciled.records:
            assert record.misquotes(text) == []
        self.held = Extraction(document=read(self.name, text).document, records=reconciled.records)
        return reconciled

    def record(self, kind="loan"):
        return next((one for one in self.held.records if one.kind == kind), None)

    def accept(self, **more):
        return self.log.append(verdict="accept", record=self.record(), **WHO, **more)

    def reject(self):
        return self.log.append(verdict="reject", record=self.record(), **WHO)

    def edit(self, given=RIGHT, name="amount"):
        seen = self.record().model_dump(mode="json")[name]
        fields = [FieldDecision(name=name, seen=seen, given=given)]
        return self.log.append(verdict="edit", record=self.record(), fields=fields, **WHO)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def outcomes(reconciled):
    return {(one.field, one.outcome) for one in reconciled.merged}


def causes(reconciled):
    return {one.name: one.cause for change in reconciled.changes for one in change.fields}


def test_an_accepted_record_is_marked_and_nothing_else(desk):
    before = desk.record()
    desk.accept()
    reconciled = desk.unchanged()
    assert outcomes(reconciled) == {("record", "kept")}
    assert (desk.record().review.state, desk.record().review.by) == ("accepted", "Ada")
    assert desk.record().model_copy(update={"review": before.review}) == before
    assert set(causes(reconciled).values()) == {"decision"}
    assert {one.cause for one in reconciled.changes} == {"decision"}


def test_an_edit_stands_and_remembers_the_machine(desk):
    desk.edit()
    reconciled = desk.unchanged()
    assert outcomes(reconciled) == {("amount", "kept")}
    assert desk.record().amount.value == 40_000_000
    assert desk.record().review.state == "edited"
    assert desk.record().review.original["amount"]["value"] == 30_000_000
    assert causes(reconciled)["amount.value"] == "decision"
    assert [one.name for one in desk.record().provenance if one.source == "curator"] == ["Ada"]


@pytest.mark.parametrize("verdict", ["accept", "reject", "edit"])
def test_settling_again_changes_nothing_and_asks_nobody(desk, verdict):
    getattr(desk, verdict)()
    first = desk.unchanged()
    for again in (desk.unchanged(), desk.publish(TEXT), desk.publish(TEXT, code="2")):
        assert again.changes == ()
        assert again.records == first.records
        assert {one.outcome for one in again.merged} == {"kept"}


def test_the_machine_comes_round(desk):
    desk.edit(given={**RIGHT, "value": 60_000_000})
    desk.unchanged()
    reconciled = desk.publish(TEXT, amounts=2)
    assert ("amount", "agreed") in outcomes(reconciled)
    assert desk.record().review.original is None
    assert desk.record().review.state == "edited"


def test_something_new_is_a_conflict_and_the_curators_value_stands(desk):
    desk.edit()
    desk.unchanged()
    reconciled = desk.publish(TEXT.replace("30 million", "35 million"), causes=Causes())
    (merged,) = reconciled.merged
    assert (merged.outcome, merged.seen["value"], merged.given["value"], merged.now["value"]) == (
        "conflict",
        30_000_000,
        40_000_000,
        35_000_000,
    )
    assert desk.record().amount.value == 40_000_000
    assert desk.record().review.original["amount"]["value"] == 35_000_000
    assert outcomes(desk.unchanged()) == {("amount", "conflict")}


def test_a_conflict_is_settled_by_a_new_decision(desk):
    desk.edit()
    desk.unchanged()
    desk.publish(TEXT, amounts=3)
    desk.edit()
    assert outcomes(desk.publish(TEXT, amounts=3)) == {("amount", "kept")}
    assert desk.record().amount.value == 40_000_000


def test_an_accepted_value_stands_against_a_new_one(desk):
    desk.accept()
    desk.unchanged()
    reconciled = desk.publish(TEXT, amounts=2)
    assert ("amount", "conflict") in outcomes(reconciled)
    assert desk.record().amount.value == 30_000_000
    assert desk.record().review.state == "accepted"
    assert reconciled.changes[0].cause == "code"


def test_what_the_curator_did_not_decide_follows_the_machine(desk):
    desk.edit()
    desk.unchanged()
    desk.publish(TEXT.replace("2014", "2016"))
    assert (desk.record().year.start, desk.record().amount.value) == (2016, 40_000_000)


def test_a_rejected_record_goes_and_stays_out(desk):
    desk.reject()
    (removed,) = [one for one in desk.unchanged().changes if one.change == "removed"]
    assert (removed.reason, removed.cause) == ("rejected", "decision")
    assert desk.record() is None
    assert [one.rank for one in desk.held.records] == [1]
    for reconciled in (desk.publish("Preface. " + TEXT), desk.publish(TEXT, code="3", confidence=0.4)):
        assert outcomes(reconciled) == {("record", "kept")}
        assert desk.record() is None


def test_a_rejected_record_comes_back_marked_if_it_states_something_new(desk):
    key = desk.reject().record_id
    desk.unchanged()
    reconciled = desk.publish(TEXT.replace("30 million", "35 million"), causes=Causes())
    assert outcomes(reconciled) == {("record", "conflict")}
    assert (desk.record().record_id, desk.record().review.state) == (key, "rejected")
    assert outcomes(desk.unchanged()) == {("record", "conflict")}
    desk.reject()
    assert outcomes(desk.unchanged()) == {("record", "kept")}
    assert desk.record() is None


def test_a_rejected_record_that_is_no_longer_extracted_is_agreed(desk):
    desk.reject()
    desk.unchanged()
    assert outcomes(desk.publish(GRANTED)) == {("record", "agreed")}


def test_an_undone_rejection_brings_the_record_back(desk):
    before = desk.record()
    rejected = desk.reject()
    desk.unchanged()
    desk.log.undo(rejected.id, reviewer="Bo", time="2026-01-02T00:00:00Z")
    reconciled = desk.unchanged()
    assert desk.record() == before
    assert [(one.change, one.cause) for one in reconciled.changes if one.record_id == before.record_id] == [
        ("added", "decision")
    ]
    assert reconciled.merged == ()


def test_an_undone_edit_leaves_the_machines_value(desk):
    before = desk.record()
    edited = desk.edit()
    desk.unchanged()
    desk.log.undo(edited.id, reviewer="Bo", time="2026-01-02T00:00:00Z")
    assert causes(desk.unchanged())["amount.value"] == "decision"
    assert desk.record() == before


@pytest.mark.parametrize("verdict", ["accept", "edit"])
def test_a_decision_without_its_record_is_an_orphan_and_finds_it_again(desk, verdict):
    key = getattr(desk, verdict)().record_id
    desk.unchanged()
    assert outcomes(desk.publish(GRANTED, causes=Causes())) == {("record", "orphaned")}
    assert outcomes(desk.unchanged()) == {("record", "orphaned")}
    desk.publish(TEXT, causes=Causes())
    assert desk.record().record_id == key
    assert desk.record().review.by == "Ada"


def test_decisions_about_a_document_that_is_gone_are_orphans(desk):
    desk.accept()
    assert outcomes(reconcile(desk.held, None, desk.log.read(), causes=Causes())) == {("record", "orphaned")}
    assert outcomes(reconcile(None, None, desk.log.read(), causes=Causes())) == {("record", "orphaned")}


def test_what_a_curator_added_stands_as_long_as_its_quotation(desk):
    missed = read("d", TEXT).records[0]
    desk.held = None
    desk.publish(TEXT, skip=("lent",))
    desk.log.append(verdict="accept", added=missed, **WHO)
    reconciled = desk.unchanged()
    assert [(one.change, one.cause) for one in reconciled.changes] == [("added", "decision")]
    assert (desk.record().review.state, desk.record().rank) == ("accepted", 2)
    assert desk.unchanged().changes == ()
    moved = desk.publish("Preface 🌊. " + TEXT, skip=("lent",))
    assert {one.change for one in moved.changes} == {"moved"}
    assert outcomes(moved) == {("record", "kept")}
    assert {one.outcome for one in desk.publish(TEXT).merged} == {"agreed"}
    assert desk.record().extractor.name == "toy"
    assert outcomes(desk.publish(GRANTED, skip=("lent",))) == {("record", "orphaned")}
    assert desk.record() is None


def test_an_added_record_can_be_edited_and_rejected(desk):
    missed = read("d", TEXT).records[0]
    desk.held = None
    desk.publish(TEXT, skip=("lent",))
    desk.log.append(verdict="accept", added=missed, **WHO)
    desk.unchanged()
    desk.edit()
    desk.unchanged()
    assert (desk.record().amount.value, desk.record().review.state) == (40_000_000, "edited")
    assert desk.unchanged().changes == ()
    desk.reject()
    assert [(one.change, one.reason) for one in desk.unchanged().changes] == [("removed", "rejected")]


def test_a_renamed_document_takes_its_decisions_along(desk):
    desk.edit()
    desk.unchanged()
    desk.name = "renamed"
    reconciled = desk.publish(TEXT, causes=Causes())
    assert outcomes(reconciled) == {("amount", "kept")}
    assert desk.record().amount.value == 40_000_000
    assert causes(reconciled)["document_id"] == "source"
    assert {one.document_id for one in reconciled.merged} == {"renamed"}


def test_a_page_shows_what_was_decided_before_the_next_release_does(desk):
    desk.edit()
    shown = as_decided(desk.record(), standing(desk.log.read())[desk.record().record_id], TEXT)
    desk.log.append(verdict="accept", record=shown, **WHO)
    desk.unchanged()
    assert desk.record().amount.value == 40_000_000
    assert as_decided(desk.record(), standing(desk.log.read())[shown.record_id], TEXT) == desk.record()
    desk.reject()
    assert as_decided(desk.record(), standing(desk.log.read())[shown.record_id], TEXT) is None
    assert as_decided(desk.record(), None, TEXT).review.state == "unreviewed"


GIVEN = [
    ("partner", {"name": "Genovia", "type": "country", "country": "MCO"}, "Genovia"),
    ("partner", None, None),
    ("year", {"start": 2013}, 2013),
    ("sector", {"code": "430"}, "430"),
    ("status", "completed", "completed"),
    ("amount", {"kind": "count", "value": 3, "unit": "port"}, 3),
]


@pytest.mark.parametrize(("name", "value", "expected"), GIVEN)
def test_a_given_value_needs_no_more_than_what_it_states(desk, name, value, expected):
    desk.edit(given=value, name=name)
    desk.unchanged()
    stated = getattr(desk.record(), name)
    got = [getattr(stated, part, None) for part in ("name", "start", "code", "value")]
    assert expected in [stated, *got]
    assert outcomes(desk.unchanged()) == {(name, "kept")}


verdicts = st.sampled_from(["accept", "reject", "edit"])


@given(extractions, extractions, extractions, st.lists(st.tuples(st.integers(0, 9), verdicts), max_size=4))
def test_merging_is_idempotent(first, second, third, verdicts):
    held = Extraction(document=first.document, records=reconcile(None, first, [], causes=Causes()).records)
    log = [decide(number, held.records[at % len(held.records)], verdict)
           for number, (at, verdict) in enumerate(verdicts) if held.records]  # fmt: skip
    for new in (second, third, third):
        reconciled = reconcile(held, new, log, causes=NEW_CODE)
        assert all(record.misquotes(new.document.text) == [] for record in reconciled.records)
        held = Extraction(document=new.document, records=reconciled.records)
        again = reconcile(held, new, log, causes=Causes())
        assert (again.changes, again.records, again.merged) == ((), reconciled.records, reconciled.merged)
        assert reconcile_decisions(held, log, merged=reconciled.merged).changes == ()


def decide(number, record, verdict):
    year = {"start": 2001 + number, "end": None}
    seen = record.model_dump(mode="json")["year"]
    return Decision(
        id=f"dec-{number}",
        record_id=record.record_id,
        document_id=record.document_id,
        release="1",
        verdict=verdict,
        fields=(FieldDecision(name="year", seen=seen, given=year),) if verdict == "edit" else (),
        reviewer="Ada",
        time="t",
        record=record,
    )


def test_a_given_value_that_cannot_be_leaves_the_machine_s_and_asks_again():
    (record,) = read("d", TEXT).records[:1]
    given = {**record.model_dump(mode="json")["actor"], "country": "QQQ"}
    decision = Decision(
        id="dec-1", record_id=record.record_id, document_id="d", release="r", verdict="edit", reviewer="Ada", time="t",
        fields=(FieldDecision(name="actor", seen=None, given=given),), record=record,
    )  # fmt: skip
    merged, outcomes = merge_record(record, standing([decision])[record.record_id], TEXT)
    assert merged is not None and merged.actor == record.actor
    assert [(one.field, one.outcome) for one in outcomes] == [("actor", "conflict")]
