"""Each change has a cause: by the digests, and by running again with one thing frozen."""

import pytest

from ledger.causes import Causes, cause_summaries, causes_between
from ledger.reconcile import reconcile
from schemas import Digests, Extraction, Quarantined
from tests.support.toys import read

OLD = "In 2014 Ruritania lent Borduria 30 million dollars for a port."
EDITED = OLD.replace("2014", "2016")
MORE = OLD + " In 2015 Syldavia trained Genovia 7 thousand people for a dam."


def published(new):
    return Extraction(document=new.document, records=reconcile(None, new, [], causes=Causes()).records)


def again(**options):
    return lambda document: read(document.id, document.text, **options)


def digests(**changed):
    return Digests(**{"code": "c", "config": "g", "model": "m", "tables": "t", "decisions": "d", **changed})


@pytest.mark.parametrize(
    ("changed", "program"),
    [
        ({}, set()),
        ({"decisions": "x"}, set()),
        ({"code": "x"}, {"code"}),
        ({"config": "x"}, {"code"}),
        ({"model": "x", "tables": "x"}, {"model", "tables"}),
    ],
)
def test_digests_tell_what_changed_in_the_program(changed, program):
    assert causes_between(digests(), digests(**changed)).program == program
    assert causes_between(None, digests(**changed)).program == set()


def fields_of(reconciled):
    return {one.name: one.cause for change in reconciled.changes for one in change.fields}


def test_one_cause_alone():
    before = published(read("d", OLD))
    assert set(fields_of(reconcile(before, read("d", EDITED), [], causes=Causes())).values()) == {"source"}
    model = Causes(frozenset({"model"}))
    fields = fields_of(reconcile(before, read("d", OLD, amounts=2, model="m2"), [], causes=model))
    assert fields["amount.value"] == fields["extractor.model"] == "model"


def test_source_and_program_are_told_apart_by_reading_the_old_text_again():
    before = published(read("d", OLD))
    causes = Causes(frozenset({"code"}), reextract=again(amounts=2, code="2"))
    fields = fields_of(reconcile(before, read("d", EDITED, amounts=2, code="2"), [], causes=causes))
    assert fields["amount.value"] == "code"
    assert fields["year.start"] == fields["evidence.text"] == "source"


def test_without_a_way_to_read_again_the_source_is_named():
    before = published(read("d", OLD))
    causes = Causes(frozenset({"code"}))
    fields = fields_of(reconcile(before, read("d", EDITED, amounts=2), [], causes=causes))
    assert fields["amount.value"] == "source"


@pytest.mark.parametrize(
    ("frozen", "expected"),
    [
        ({"model": again(confidence=0.7)}, "model"),  # with the old model the sum would not have changed
        ({"model": again(amounts=2, confidence=0.8)}, "code"),  # with the old model it would have: the code is left
        ({}, "code"),  # nothing can be run
    ],
)
def test_parts_of_the_program_are_told_apart_by_freezing_one(frozen, expected):
    before = published(read("d", OLD))
    causes = Causes(frozenset({"code", "model"}), frozen=frozen)
    reconciled = reconcile(before, read("d", OLD, amounts=2, confidence=0.7), [], causes=causes)
    assert fields_of(reconciled)["amount.value"] == expected


def test_additions_and_removals_have_causes_and_reasons():
    causes = Causes(frozenset({"code"}), reextract=again(skip=("lent",)))
    reconciled = reconcile(published(read("d", OLD)), read("d", MORE, skip=("lent",)), [], causes=causes)
    told = {change.change: (change.cause, change.reason) for change in reconciled.changes}
    assert told == {"added": ("source", None), "removed": ("code", "extractor_stopped")}
    fewer = reconcile(published(read("d", MORE)), read("d", OLD), [], causes=Causes())
    assert [(one.cause, one.reason) for one in fewer.changes] == [("source", "no_longer_stated")]


@pytest.mark.parametrize(
    ("digest", "cause", "reason"), [("same", "code", "extractor_stopped"), ("other", "source", "extractor_stopped")]
)
def test_what_can_no_longer_be_read_has_a_cause_too(digest, cause, reason):
    before = published(read("d", OLD))
    known = before.document.digest if digest == "same" else digest
    unread = Quarantined(id="d", reason="encoding", detail="It is no text.", digest=known)
    (change,) = reconcile(before, unread, [], causes=Causes()).changes
    assert (change.change, change.cause, change.reason) == ("removed", cause, reason)


def test_what_is_gone_is_gone_with_its_source():
    reconciled = reconcile(published(read("d", MORE)), None, [], causes=Causes())
    assert {(one.change, one.cause, one.reason) for one in reconciled.changes} == {("removed", "source", "source_gone")}


def test_summaries_count_by_cause():
    before = published(read("d", MORE))
    model = reconcile(before, read("d", MORE, amounts=2), [], causes=Causes(frozenset({"model"}))).changes
    source = reconcile(before, read("d", OLD), [], causes=Causes()).changes
    assert cause_summaries([*model, *source]) == [
        "2 of 3 changes come from the new model",
        "1 of 3 changes comes from the source",
    ]
    assert cause_summaries([]) == []
