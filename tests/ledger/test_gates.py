"""Gates: what stops a release, why, and by whose leave it goes on."""

import re

import pytest
from pydantic import ValidationError

from ledger.causes import Causes
from ledger.gates import GATES, GateWatch, gate_settings
from ledger.reconcile import reconcile
from schemas import Decision, Extraction, FieldDecision, Span, Unclaimed
from tests.support.toys import read, sentence

NAMES = ["Borduria", "Syldavia", "Genovia", "Elbonia", "Latveria", "Wakanda", "Zubrowka", "Arstotzka"]
LINES = [sentence("Ruritania", "lent", name, 10 + at, 2000 + at, "a port") for at, name in enumerate(NAMES)]
WITHOUT_SUMS = [re.sub(r" \d+ million dollars", "", one) for one in LINES]


def text(lines):
    return " ".join(lines)


def held(lines, unclaimed=0):
    new = read("d", text(lines))
    records = reconcile(None, new, [], causes=Causes()).records
    return Extraction(document=new.document, records=records, unclaimed=leftovers(text(lines), unclaimed))


def leftovers(whole, number):
    spans = [Span.of(whole, at, at + 4) for at in range(number)]
    return tuple(Unclaimed(document_id="d", mention="amount", span=span, reason="no_party") for span in spans)


def judge(before, lines, *, unclaimed=0, overrides=None, **options):
    watch = GateWatch(gate_settings(overrides))
    new = read("d", text(lines)).model_copy(update={"unclaimed": leftovers(text(lines), unclaimed)})
    watch.document(before, reconcile(before, new, [], causes=Causes()))
    return {one.name: one for one in watch.results(**options)}


CASES = [
    ("nothing", LINES, 0, set()),
    ("five records are gone", LINES[:3], 0, {"removals"}),
    ("so few are gone that it matters little", LINES[:5], 0, set()),
    ("sums are no longer read", WITHOUT_SUMS, 0, {"filled"}),
    ("sums end in no record", LINES, 8, {"unclaimed"}),
    ("a few sums end in no record", LINES, 2, set()),
]


@pytest.mark.parametrize(("what", "lines", "unclaimed", "expected"), CASES)
def test_gates(what, lines, unclaimed, expected):
    results = judge(held(LINES), lines, unclaimed=unclaimed)
    assert list(results) == list(GATES)
    assert {name for name, one in results.items() if one.stops} == expected
    for name in expected:
        assert results[name].offending
        assert results[name].measured > results[name].limit
        assert "offending" not in results[name].as_dict()


def test_what_a_gate_shows():
    gone = judge(held(LINES), LINES[:2])["removals"].offending
    assert {one["reason"] for one in gone} == {"no_longer_stated"}
    assert {one["evidence"] for one in gone} == set(LINES[2:])
    emptied = judge(held(LINES), WITHOUT_SUMS)["filled"].offending
    assert {one["field"] for one in emptied} == {"amount"}


def test_a_gate_can_be_accepted_by_name():
    result = judge(held(LINES), LINES[:2], accept=["removals"])["removals"]
    assert (result.passed, result.accepted, result.stops) == (False, True, False)
    with pytest.raises(ValueError, match="no such gate: removal "):
        judge(held(LINES), LINES, accept=["removal"])


SCORES = [
    ({}, {}, set()),
    ({"year": {"f1": 0.9}}, {"year": {"f1": 0.895}}, set()),
    ({"year": {"f1": 0.9}}, {"year": {"f1": 0.85}}, {"year.f1"}),
    ({"ece": 0.1}, {"ece": 0.2}, {"ece"}),
    ({"ece": 0.2}, {"ece": 0.1}, set()),
    ({"documents": 500, "ok": True}, {"documents": 400, "ok": False}, set()),
    ({"gone": 0.9}, {"new": 0.1}, set()),
]


@pytest.mark.parametrize(("before", "now", "expected"), SCORES)
def test_scores_on_gold_data(before, now, expected):
    result = judge(None, LINES, scores=(before, now))["scores"]
    assert {one["score"] for one in result.offending} == expected
    assert result.passed == (not expected)


def test_a_first_release_and_an_empty_one_pass():
    assert not any(one.stops for one in judge(None, LINES).values())
    assert not any(one.stops for one in GateWatch().results())


def decided(before, verdict, names, **fields):
    found = [one for one in before.records if one.partner.name in names]
    return [
        Decision(
            id=f"dec-{number}", record_id=one.record_id, document_id="d", release="r", verdict=verdict,
            fields=tuple(FieldDecision(name=name, seen=None, given=given) for name, given in fields.items()),
            reviewer="Ada", time="t", record=one,
        )
        for number, one in enumerate(found)
    ]  # fmt: skip


STRICT = {"filled": {"least": 0, "fall": 0.0}, "removals": {"least": 0, "share": 0.0}, "unclaimed": {"least": 0}}


@pytest.mark.parametrize("verdict", ["reject", "accept"])
@pytest.mark.parametrize("names", [NAMES[:6], NAMES])
def test_decisions_never_stop_a_release(verdict, names):
    lines = [*LINES, *WITHOUT_SUMS[:4]]
    before = held(lines, unclaimed=3)
    watch = GateWatch(gate_settings(STRICT))
    new = read("d", text(lines)).model_copy(update={"unclaimed": leftovers(text(lines), 3)})
    log = decided(before, verdict, names)
    watch.document(before, reconcile(before, new, log, causes=Causes()))
    assert not [one.name for one in watch.results() if one.stops]


def test_a_sum_that_a_curator_took_out_stops_nothing():
    before = held(LINES)
    log = decided(before, "edit", NAMES[:6], amount=None)
    watch = GateWatch(gate_settings(STRICT))
    watch.document(before, reconcile(before, read("d", text(LINES)), log, causes=Causes()))
    assert not [one.name for one in watch.results() if one.stops]


def test_accepted_records_that_are_no_longer_read_still_count():
    before = held(LINES)
    watch = GateWatch()
    log = decided(before, "accept", NAMES[:3])
    watch.document(before, reconcile(before, read("d", text(LINES[:2])), log, causes=Causes()))
    assert [one.name for one in watch.results() if one.stops] == ["removals"]


def test_settings_are_overridden_by_name(tmp_path):
    assert judge(held(LINES), LINES[:3], overrides={"removals": {"share": 0.9}})["removals"].passed
    file = tmp_path / "gates.toml"
    file.write_text("[removals]\nleast = 100\n")
    assert judge(held(LINES), LINES[:3], overrides=file)["removals"].passed
    with pytest.raises(ValidationError):
        gate_settings({"removals": {"shares": 0.9}})
    with pytest.raises(ValidationError):
        gate_settings({"removal": {"share": 0.9}})
