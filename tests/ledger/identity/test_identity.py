"""Ids: from content at first, then kept, whatever is reordered, edited elsewhere or renamed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.causes import Causes
from ledger.identity import identify, match, renames
from ledger.reconcile import reconcile
from schemas import Extraction
from tests.support.strategies import acts, extraction, extractions, fillers, lines, sentences
from tests.support.toys import read


def ids(records):
    return {(one.evidence.text, one.partner.name, one.evidence.start): one.record_id for one in records}


def by_words(records):
    return {(one.evidence.text, one.partner.name): (one.record_id, one.act_id) for one in records}


def published(new, previous=None):
    reconciled = reconcile(previous, new, [], causes=Causes())
    return Extraction(document=new.document, records=reconciled.records)


@given(extractions, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order_of_records(new, random):
    shuffled = list(new.records)
    random.shuffle(shuffled)
    again = new.model_copy(update={"records": tuple(shuffled)})
    assert ids(identify(None, again).records) == ids(identify(None, new).records)


@given(extractions, extractions, st.randoms(use_true_random=False))
def test_kept_ids_do_not_depend_on_the_order_of_records(old, new, random):
    before = published(old)
    olds, news = list(before.records), list(new.records)
    random.shuffle(olds)
    random.shuffle(news)
    shuffled = identify(
        before.model_copy(update={"records": tuple(olds)}), new.model_copy(update={"records": tuple(news)})
    )
    assert ids(shuffled.records) == ids(identify(before, new).records)


@given(extractions)
def test_the_same_extraction_again_keeps_every_id(new):
    before = published(new)
    assert identify(before, before).records == before.records
    assert identify(before, new).records == before.records


@given(extractions, extractions)
def test_ids_are_unique(old, new):
    records = identify(published(old), new).records
    assert len({one.record_id for one in records}) == len(records)


@given(acts, st.lists(fillers, max_size=3), st.integers(0, 7), sentences)
def test_ids_do_not_move_by_edits_elsewhere(text, more, place, further):
    before = published(extraction("d", text))
    edited = [*text[:place], *more, *([] if further in text else [further]), *text[place:]]
    after = by_words(identify(before, extraction("d", edited)).records)
    assert {key: after[key] for key in by_words(before.records)} == by_words(before.records)


@given(acts, st.integers(0, 6))
def test_ids_do_not_move_when_another_act_is_deleted(text, place):
    before = by_words(published(extraction("d", text)).records)
    kept = [one for at, one in enumerate(text) if at != place]
    after = by_words(identify(published(extraction("d", text)), extraction("d", kept)).records)
    assert after == {key: before[key] for key in after}


@given(acts, st.randoms(use_true_random=False))
def test_ids_do_not_move_when_sentences_do(text, random):
    before = published(extraction("d", text))
    moved = list(text)
    random.shuffle(moved)
    assert by_words(identify(before, extraction("d", moved)).records) == by_words(before.records)


@given(lines)
def test_ids_do_not_move_by_renaming(text):
    before = published(extraction("old.txt", text))
    reconciled = reconcile(before, extraction("new.txt", text), [], causes=Causes())
    assert [one.record_id for one in reconciled.records] == [one.record_id for one in before.records]
    assert {one.document_id for one in reconciled.records} <= {"new.txt"}
    assert {(one.change, one.cause) for one in reconciled.changes} <= {("changed", "source")}


EDITS = {
    "amount": ("lent Borduria 30 million", "lent Borduria 40 million"),
    "year": ("In 2014 Ruritania", "In 2015 Ruritania"),
    "partner": ("lent Borduria", "lent Syldavia"),
    "words": ("for a port", "for a deep port on the northern coast"),
    "emoji": ("Preface.", "Preface 🌊🌊 and more."),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_retouched_act_keeps_its_id(edit):
    text = "Preface. In 2014 Ruritania lent Borduria 30 million dollars for a port."
    before = published(read("d", text))
    after = identify(before, read("d", text.replace(*EDITS[edit]))).records
    assert [one.record_id for one in after] == [one.record_id for one in before.records]
    assert [one.act_id for one in after] == [one.act_id for one in before.records]


def test_another_act_in_place_of_the_old_one_gets_an_id_of_its_own():
    before = published(read("d", "In 2014 Ruritania lent Borduria 30 million dollars for a port."))
    after = identify(before, read("d", "In 2003 Wakanda trained Elbonia 20 thousand people for forty village wells."))
    assert not {one.record_id for one in after.records} & {one.record_id for one in before.records}


def test_matching_is_an_assignment_not_a_walk():
    sum_and_port = "In 2014 Ruritania lent Borduria 3 million dollars for a port."
    port = "In 2014 Ruritania lent Borduria for a port."
    sum_and_big_port = "In 2014 Ruritania lent Borduria 3 million dollars for a big port."
    old, new = read("d", f"{sum_and_port} {port}"), read("d", f"{sum_and_big_port} {sum_and_port}")
    assert dict(match(old, new).pairs) == {1: 0, 0: 1}


def test_a_record_cut_in_two_equal_parts_is_split():
    old = published(read("d", "In 2014 Ruritania granted Borduria 11 million dollars for works at Ada and Bea."))
    part = "In 2014 Ruritania granted Borduria {} million dollars for works at {}."
    new = read("d", f"{part.format(5, 'Ada')} {part.format(6, 'Bea')}")
    reconciled = reconcile(old, new, [], causes=Causes())
    (removed,) = [change for change in reconciled.changes if change.change == "removed"]
    assert (removed.reason, removed.cause) == ("split", "source")
    assert set(removed.into) == {one.record_id for one in reconciled.records}


def test_a_kept_record_names_what_was_cut_off_it():
    granted = "In 2014 Ruritania granted Borduria"
    old = published(read("d", f"{granted} 11 million dollars for works at Ada and Bea."))
    new = read("d", f"{granted} 11 million dollars for works at Ada. {granted} for Bea.")
    reconciled = reconcile(old, new, [], causes=Causes())
    told = {change.change: (change.record_id, change.into) for change in reconciled.changes}
    assert told["changed"] == (old.records[0].record_id, (told["added"][0],))


def test_a_record_taken_in_by_another_is_merged():
    both = "In 2014 Ruritania granted Borduria 5 million dollars for a port."
    old = published(read("d", f"{both} In 2014 Ruritania granted Borduria 6 million dollars for a dam."))
    one = read("d", "In 2014 Ruritania granted Borduria 11 million dollars for a port and a dam.")
    reconciled = reconcile(old, one, [], causes=Causes())
    removed = [change for change in reconciled.changes if change.change == "removed"]
    assert [(change.reason, change.into) for change in removed] == [("merged", (reconciled.records[0].record_id,))]


def test_ids_in_use_elsewhere_are_not_given_again():
    new = read("d", "In 2014 Ruritania lent Borduria 3 million dollars for a port.")
    usual = identify(None, new).records[0].record_id
    assert identify(None, new, owners={usual: "other"}).records[0].record_id != usual


def test_renames_go_by_digest():
    assert renames({"a": "1", "b": "2", "c": "2"}, {"a": "9", "x": "2", "y": "2", "z": "2"}) == {"x": "b", "y": "c"}
    assert renames({"a": "1"}, {"a": "1", "copy": "1"}) == {}
