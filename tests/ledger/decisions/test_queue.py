"""The curators' queue: what comes first, and what is not asked again."""

import pandas as pd
import pytest

from ledger.causes import Causes
from ledger.decisions import SETTLED, DecisionLog, list_records
from ledger.reconcile import reconcile
from ledger.release.read import change_summaries
from schemas import Extraction, FlatRecord, flatten
from tests.support.toys import read

LINES = [
    "In 2014 Ruritania lent Borduria 30 million dollars for a port.",
    "In 2015 Syldavia granted Genovia 500 million dollars for a dam.",
    "In 2016 Latveria trained Wakanda 7 thousand people for a school.",
    "In 2017 Elbonia invested in Freedonia 2 million dollars for wells.",
]
WHO = {"reviewer": "Ada", "time": "2026-01-01T00:00:00Z"}


class Ledger:
    def __init__(self, path):
        self.log, self.held, self.reconciled, self.number = DecisionLog(path / "decisions.jsonl"), None, None, 0

    def publish(self, lines=LINES, **options):
        self.number += 1
        new = read("d", " ".join(lines), **options)
        self.reconciled = reconcile(self.held, new, self.log.read(), causes=Causes())
        self.held = Extraction(document=new.document, records=self.reconciled.records)

    def queue(self):
        rows = [flatten(record).model_dump() for record in self.reconciled.records]
        found = list_records(
            pd.DataFrame(rows, columns=list(FlatRecord.model_fields)),
            self.log.read(),
            release=f"r{self.number}",
            changes=change_summaries(one.model_dump_json() for one in self.reconciled.changes)
            if self.number > 1
            else None,
            merged=self.reconciled.merged,
        )
        return found[found["why"] != SETTLED]

    def decide(self, verdict, kind):
        record = next(one for one in self.held.records if one.kind == kind)
        return self.log.append(verdict=verdict, record=record, release=f"r{self.number}", **WHO)


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.publish()
    return ledger


def listed(queue):
    return list(zip(queue["why"], queue["kind"], strict=True))


def test_a_first_release_is_all_new_the_headline_and_the_money_first(ledger):
    queue = ledger.queue()
    assert [why for why, _ in listed(queue)] == ["new"] * 4
    assert [kind for _, kind in listed(queue)] == ["loan", "grant", "training", "investment"]
    assert queue["priority"].is_monotonic_decreasing


def test_doubt_and_money_go_first(ledger):
    table = pd.DataFrame([flatten(one).model_dump() for one in ledger.reconciled.records])
    table["amount_usd"] = [None, 9e8, None, None]
    table["confidence"] = [0.8, 0.8, 0.8, 0.1]
    assert list(list_records(table, [], release="r1")["kind"]) == ["investment", "grant", "loan", "training"]


def test_what_was_decided_leaves_the_queue_at_once_and_for_good(ledger):
    ledger.decide("accept", "loan")
    ledger.decide("reject", "grant")
    assert {kind for _, kind in listed(ledger.queue())} == {"training", "investment"}
    ledger.publish()
    assert listed(ledger.queue()) == [("unreviewed", "training"), ("unreviewed", "investment")]


def test_conflicts_and_orphans_come_first_then_what_changed(ledger):
    for kind in ("loan", "training"):
        ledger.decide("accept", kind)
    changed = [LINES[0].replace("30", "31"), LINES[1], LINES[3].replace("2 million", "3 million")]
    new = "In 2001 Wakanda granted Sokovia 1 million dollars for a bridge of boats."
    ledger.publish([*changed, new])
    queue = ledger.queue()
    assert listed(queue) == [
        ("conflict", "loan"),
        ("orphaned", "training"),
        *[("changed", "investment"), ("new", "grant")],
        ("unreviewed", "grant"),
    ]
    assert queue["fields_in_question"][0] == ("amount",)
    assert "amount" in queue["fields_in_question"][2]
    assert queue["causes"][2] == ("source",)
    ledger.decide("accept", "loan")
    assert "conflict" not in set(ledger.queue()["why"])
    ledger.decide("accept", "investment")
    assert "investment" not in set(ledger.queue()["kind"])


def test_quiet_changes_ask_nobody(ledger):
    for kind in ("loan", "grant", "training", "investment"):
        ledger.decide("accept", kind)
    ledger.publish(["Preface.", *LINES], confidence=0.5)
    assert len(ledger.reconciled.changes) == 4
    assert ledger.queue().empty
