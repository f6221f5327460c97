import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.decisions import DecisionLog, UnknownDecisionError, repair
from ledger.errors import LedgerError
from review.filters import Filters
from review.store import ConcurrentDecisionError, SeenRecord, Store
from tests.support.editions import SECOND, released, second_edition


def first(store: Store) -> Any:
    view = store.view()
    return view.shown(str(view.table.frame["record_id"].iloc[0]))


def test_a_decision_is_on_the_disk_and_out_of_the_queue(output: Path) -> None:
    store = Store(output)
    record, before = first(store), store.view().table.states(Filters())["open"]
    decision = store.decide(record, verdict="accept", reviewer="Ada", last_seen="")
    assert json.loads((output / "decisions.jsonl").read_text())["id"] == decision.id
    assert store.view().table.states(Filters())["open"] == before - 1
    store.undo(decision.id, reviewer="Ada")
    assert store.view().table.states(Filters())["open"] == before


def test_what_another_program_writes_is_seen(output: Path) -> None:
    store = Store(output)
    record, before = first(store), store.view().table.states(Filters())["open"]
    DecisionLog(output / "decisions.jsonl").append(
        verdict="reject",
        reviewer="Bea",
        time="2026-11-23T09:00:00+00:00",
        release=store.view().release.version,
        record=record,
    )
    assert store.view().table.states(Filters())["open"] == before - 1
    assert store.view().history.standing(record.record_id).verdict == "reject"  # type: ignore[union-attr]


def test_a_clash_writes_nothing(output: Path) -> None:
    store = Store(output)
    record = first(store)
    store.decide(record, verdict="accept", reviewer="Ada", last_seen="")
    with pytest.raises(ConcurrentDecisionError) as clash:
        store.decide(record, verdict="reject", reviewer="Bea", last_seen="")
    assert [one.reviewer for one in clash.value.theirs] == ["Ada"]
    assert len((output / "decisions.jsonl").read_text().splitlines()) == 1


def test_a_clash_between_two_programs_takes_the_later_back(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, other = Store(output), Store(output)
    record = first(store)
    transaction = DecisionLog.transaction

    def late(self: DecisionLog) -> Any:
        monkeypatch.setattr(DecisionLog, "transaction", transaction)
        other.decide(record, verdict="reject", reviewer="Bea", last_seen="")
        return transaction(self)

    monkeypatch.setattr(DecisionLog, "transaction", late)
    with pytest.raises(ConcurrentDecisionError):
        store.decide(record, verdict="accept", reviewer="Ada", last_seen="")
    state = store.view().history.standing(record.record_id)
    assert state is not None and (state.verdict, state.decision.reviewer) == ("reject", "Bea")


def test_a_new_release_is_noticed(output: Path) -> None:
    store = Store(output)
    assert set(store.view().table.frame["why"]) == {"new"}
    released(output, second_edition(), SECOND)
    assert store.view().release.version == "20261121T060000Z"
    assert "changed" in set(store.view().table.frame["why"])


def test_a_log_that_was_replaced_is_read_anew(output: Path) -> None:
    store = Store(output)
    store.decide(first(store), verdict="accept", reviewer="Ada", last_seen="")
    before = store.view().table.states(Filters())["open"]
    fresh = output / "fresh"
    fresh.write_text("")
    fresh.replace(output / "decisions.jsonl")
    assert store.view().table.states(Filters())["open"] == before + 1


def test_a_torn_last_line_waits_until_it_is_whole(output: Path) -> None:
    store = Store(output)
    store.decide(first(store), verdict="accept", reviewer="Ada", last_seen="")
    path = output / "decisions.jsonl"
    line = path.read_text()
    with path.open("a") as file:
        file.write(line[:40])
    assert len(store.view().history.all) == 1


def test_a_damaged_line_hides_nothing_and_stops_all_writing_until_it_is_repaired(output: Path) -> None:
    store = Store(output)
    record = first(store)
    for verdict in ("accept", "reject"):
        store.decide(record, verdict=verdict, reviewer="Ada", last_seen=None)
    path = output / "decisions.jsonl"
    one, two = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(one + b"{}\n" + two)
    for program in (store, Store(output)):
        for _ in range(2):
            assert [one.verdict for one in program.view().history.all] == ["accept", "reject"]
            assert [fault.line for fault in program.faults()] == [2]
            with pytest.raises(LedgerError, match="line 2"):
                program.decide(record, verdict="accept", reviewer="Ada", last_seen=None)
            with pytest.raises(LedgerError, match="line 2"):
                program.undo(program.view().history.all[0].id, reviewer="Ada")
    assert path.read_bytes() == one + b"{}\n" + two
    repair(DecisionLog(path), time="2026")
    store.decide(record, verdict="accept", reviewer="Ada", last_seen=None)
    assert not store.faults()


def test_a_release_outside_of_the_ledger_is_refused(two: Path) -> None:
    versions = json.loads((two / "versions.json").read_text())
    versions["releases"][0]["path"] = "../elsewhere"
    (two / "versions.json").write_text(json.dumps(versions))
    store = Store(two)
    with pytest.raises(LedgerError, match="outside"):
        store.release(versions["releases"][0]["version"])


@pytest.mark.parametrize("version", ["", "..", "latest/../..", "20990101T000000Z"])
def test_a_release_that_is_not_listed_is_refused(output: Path, version: str) -> None:
    with pytest.raises(LedgerError):
        Store(output).release(version)


def test_the_clock_is_the_page_own(output: Path) -> None:
    store = Store(output, clock=lambda: datetime(2030, 1, 1, tzinfo=UTC))
    assert (
        store.decide(first(store), verdict="accept", reviewer="Ada", last_seen="").time == "2030-01-01T00:00:00+00:00"
    )


def test_many_are_decided_and_taken_back_in_one_step(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, syncs = Store(output), list[int]()
    flush = os.fsync
    monkeypatch.setattr("os.fsync", lambda handle: (syncs.append(handle), flush(handle)))
    frame = store.view().table.frame
    seen = [SeenRecord(record, "") for key in frame["record_id"] if (record := store.view().record(key)) is not None]
    store.decide(seen[0].record, verdict="reject", reviewer="Bea", last_seen="")
    syncs.clear()
    made = store.decide_all(seen, verdict="accept", reviewer="Ada", batch="one")
    assert len(syncs) == 1 and [one.record_id for one in made] == [one.record.record_id for one in seen[1:]]
    assert len(store.undo_all([one.id for one in made], reviewer="Ada")) == len(made) and len(syncs) == 2
    log = DecisionLog(output / "decisions.jsonl").read()
    assert len(log) == 1 + 2 * len(made) and [*filter(store.view().history.is_effective, log)] == log[:1]
    with pytest.raises(UnknownDecisionError):
        store.undo_all([log[0].id, "dec-none"], reviewer="Ada")
    assert DecisionLog(output / "decisions.jsonl").read() == log
