"""The chain of the log: a line altered, lost or put in is found, named, and set aside when somebody asks for it."""

import json

import pytest

from ledger.decisions import DamagedLogError, DecisionLog, repair
from schemas import FieldDecision
from tests.support.toys import read

RECORDS = read("d", "In 2014 Ruritania lent Borduria 30 million dollars for a port.").records
WHO = {"reviewer": "Ada", "time": "2026-01-01T00:00:00Z", "release": "r1"}
NOW = "2026-11-23T09:00:00+00:00"


@pytest.fixture
def log(tmp_path):
    log = DecisionLog(tmp_path / "decisions.jsonl")
    for number in range(4):
        log.append(verdict="accept", record=RECORDS[0], note=f"note {number}", **WHO)
    return log


def lines(log):
    return log.path.read_bytes().splitlines(keepends=True)


def write(log, changed):
    log.path.write_bytes(b"".join(changed))


def test_each_line_names_the_one_before(log):
    plain = [json.loads(line) for line in lines(log)]
    assert [one["previous"] for one in plain] == ["", *[one["id"] for one in plain[:-1]]]
    assert log.examine().faults == []


def altered(found):
    return [found[0], found[1].replace(b"note 1", b"note 9"), *found[2:]]


def lost(found):
    return [found[0], *found[2:]]


def put_in(found):
    return [found[0], found[3], *found[1:]]


def unreadable(found):
    return [found[0], b'{"id": \xff}\n', *found[2:]]


def unchained(found):
    plain = json.loads(found[1])
    return [found[0], json.dumps({**plain, "previous": None}).encode() + b"\n", *found[2:]]


DAMAGE = [(altered, [0, 2, 3]), (lost, [0, 2, 3]), (unreadable, [0, 2, 3]), (unchained, [0, 2, 3])]


@pytest.mark.parametrize(("damage", "left"), DAMAGE)
def test_the_first_line_that_does_not_fit_is_named_and_the_rest_can_be_seen(log, damage, left):
    whole = log.read()
    write(log, damage(lines(log)))
    with pytest.raises(DamagedLogError, match=r"decisions\.jsonl, line 2"):
        log.read()
    assert log.examine().decisions == [whole[number] for number in left]
    assert [fault.line for fault in log.examine().faults] == [2]


def test_a_line_put_in_is_noticed(log):
    write(log, put_in(lines(log)))
    assert [fault.line for fault in log.examine().faults] == [2, 3]


def test_nothing_is_written_after_a_damaged_line(log):
    write(log, [*lines(log)[:3], b"{}\n"])
    before = log.path.read_bytes()
    with pytest.raises(DamagedLogError, match="the last line"):
        log.append(verdict="accept", record=RECORDS[0], **WHO)
    assert log.path.read_bytes() == before


@pytest.mark.parametrize(("damage", "left"), DAMAGE)
def test_a_repair_sets_aside_what_is_damaged_and_leaves_all_else_byte_for_byte(log, damage, left):
    whole, broken = log.read(), damage(lines(log))
    write(log, broken)
    done = repair(log, time=NOW)
    assert log.read() == [whole[number] for number in left]
    assert done.before.read_bytes() == b"".join(broken)
    assert set(lines(log)) >= {broken[0], *broken[-2:]}
    assert done.aside.read_bytes() == (b"" if damage is lost else broken[1])
    added = log.append(verdict="reject", record=RECORDS[0], **WHO)
    assert log.read()[-1] == added
    assert repair(log, time=NOW).faults == []


def test_a_sound_log_is_left_alone(log):
    before = log.path.read_bytes()
    done = repair(log, time=NOW)
    assert not done.faults and not done.before.exists() and not done.aside.exists()
    assert log.path.read_bytes() == before


def test_a_log_of_the_first_program_goes_on_chained(tmp_path, log):
    plain = [json.loads(line) for line in lines(log)]
    write(log, [json.dumps({**one, "previous": None}).encode() + b"\n" for one in plain])
    added = log.append(verdict="reject", record=RECORDS[0], **WHO)
    assert added.previous == plain[-1]["id"]
    assert len(log.read()) == 5


def test_a_value_that_no_record_can_have_is_not_given(log):
    impossible = {"name": "Genovia", "type": "country", "country": "QQQ"}
    with pytest.raises(ValueError, match="no country"):
        log.append(verdict="edit", record=RECORDS[0], fields=(FieldDecision(name="actor", given=impossible),), **WHO)
