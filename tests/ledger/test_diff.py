"""Differences: nothing of nothing, and enough to make the later state of the earlier one."""

import json
from operator import attrgetter, itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.causes import Causes
from ledger.diff import diff_records, field_differences, is_quiet, release_order
from ledger.reconcile import reconcile
from ledger.release.compare import diff_files
from schemas import Extraction
from tests.support.changes import apply
from tests.support.strategies import extractions
from tests.support.toys import read


def published(new, previous=None):
    reconciled = reconcile(previous, new, [], causes=Causes())
    return Extraction(document=new.document, records=reconciled.records)


def plain(records):
    return [one.model_dump(mode="json") for one in records]


@given(extractions)
def test_no_difference_from_itself(new):
    records = published(new).records
    assert diff_records(records, records) == []
    assert diff_records(records, plain(records)) == []


@given(extractions, extractions)
def test_applying_the_difference_gives_the_later_state(old, new):
    before = published(old)
    after = published(new, before)
    changes = diff_records(before.records, after.records)
    assert apply(changes, before.records) == sorted(after.records, key=release_order)
    assert changes == diff_records(plain(before.records), plain(after.records))


@given(extractions, extractions)
def test_settled_changes_lead_from_release_to_release(old, new):
    before = published(old)
    reconciled = reconcile(before, new, [], causes=Causes())
    assert apply(reconciled.changes, before.records) == list(reconciled.records)


@given(extractions, extractions)
def test_differences_tell_fields_of_what_changed_alone(old, new):
    before = published(old)
    for change in diff_records(before.records, published(new, before).records):
        assert (change.before is None) == (change.change == "added")
        assert (change.after is None) == (change.change == "removed")
        assert bool(change.fields) == (change.change == "changed") or change.change == "moved"
        assert (change.reason is None) == (change.change != "removed")
        assert all(one.before != one.after for one in change.fields)


TEXT = "In 2014 Ruritania lent Borduria 30 million dollars for a port."
KINDS = [
    ("the sum", TEXT.replace("30", "40"), {}, "changed", {"amount.value", "evidence.text"}, False),
    ("a new preface", "Preface. " + TEXT, {}, "moved", set(), True),
    ("a confidence", TEXT, {"confidence": 0.7}, "changed", {"confidence.record"}, True),
]


@pytest.mark.parametrize(("what", "text", "options", "kind", "fields", "calm"), KINDS)
def test_kinds_of_change(what, text, options, kind, fields, calm):
    before = published(read("d", TEXT))
    (change,) = reconcile(before, read("d", text, **options), [], causes=Causes()).changes
    assert change.change == kind
    assert fields <= {one.name for one in change.fields}
    assert is_quiet(change) == calm


def test_a_new_version_of_the_program_alone_is_no_change():
    before = published(read("d", TEXT, code="1", model="m1"))
    reconciled = reconcile(before, read("d", TEXT, code="2", model="m2"), [], causes=Causes(frozenset({"code"})))
    assert reconciled.changes == ()
    assert reconciled.records == before.records


def test_changes_that_do_not_fit_are_refused():
    records = published(read("d", TEXT)).records
    added = diff_records([], records)
    with pytest.raises(ValueError, match="cannot be added"):
        apply(added, records)
    with pytest.raises(ValueError, match="cannot be removed"):
        apply(diff_records(records, []), [])
    with pytest.raises(ValueError, match="same id"):
        diff_records([*records, *records], [])


SPAN = {"start": 1, "end": 3, "text": "ab"}
LEAVES = [
    ({"a": 1}, {"a": 1}, []),
    ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("a.c", False)]),
    ({"a": None}, {"a": {"b": 1}}, [("a", False)]),
    ({"a": SPAN}, {"a": {**SPAN, "start": 2, "end": 4}}, [("a.end", True), ("a.start", True)]),
    ({"year": {"start": 1, "end": 2}}, {"year": {"start": 2, "end": 2}}, [("year.start", False)]),
    ({"a": [SPAN]}, {"a": [{**SPAN, "start": 2, "end": 4}]}, [("a", True)]),
    ({"a": {}}, {"a": {"b": None}}, [("a.b", False)]),
]


@pytest.mark.parametrize(("before", "after", "expected"), LEAVES)
def test_leaves(before, after, expected):
    assert [(leaf.name, leaf.offset) for leaf in field_differences(before, after)] == expected


@given(st.lists(st.tuples(st.sampled_from("abc"), extractions, extractions), max_size=3, unique_by=itemgetter(0)))
def test_files_differ_as_their_records_do(tmp_path_factory, documents):
    folder = tmp_path_factory.mktemp("files")
    before, after = [], []
    for name, old, new in sorted(documents, key=itemgetter(0)):
        held = published(read(name, old.document.text))
        before += held.records
        after += published(read(name, new.document.text), held).records
    paths = [folder / "before.jsonl", folder / "after.jsonl"]
    for path, records in zip(paths, (before, after), strict=True):
        path.write_text("".join(f"{json.dumps(one, sort_keys=True)}\n" for one in plain(records)))
    changes = list(diff_files(*paths))
    assert sorted(changes, key=attrgetter("record_id")) == diff_records(before, after)
    assert list(diff_files(paths[0], paths[0])) == []


def test_records_of_a_renamed_document_are_found_again(tmp_path):
    before = published(read("z", TEXT))
    after = published(read("a", TEXT), before)
    for name, one in (("before", before), ("after", after)):
        (tmp_path / name).write_text("".join(f"{json.dumps(line)}\n" for line in plain(one.records)))
    (change,) = diff_files(tmp_path / "before", tmp_path / "after")
    assert [one.name for one in change.fields] == ["document_id"]
