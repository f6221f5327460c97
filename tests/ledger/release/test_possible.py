"""``possible.jsonl``: offered to curators, no part of the ledger; what they say of one holds for later runs."""

from pathlib import Path

from coopledger import open_release
from ledger.decisions import DecisionLog
from ledger.release.validate import validate
from ledger.release.write import Unchanged
from schemas import CooperationRecord, Extraction, PossibleRecord, record_of
from tests.support.releases import LATER, documents, published


def less_likely(found: list[Extraction]) -> list[Extraction]:
    """Hold the last record of each document for less likely than the threshold."""
    return [
        one.model_copy(update={"records": one.records[:-1], "possible": (without_id(one.records[-1]),)})
        for one in found
    ]


def without_id(record: CooperationRecord) -> PossibleRecord:
    return PossibleRecord(**{name: getattr(record, name) for name in PossibleRecord.model_fields})


def test_they_are_written_read_counted_and_carried_over(tmp_path: Path) -> None:
    given = less_likely([one for one in documents(8) if one.records])
    made = published(tmp_path, given)
    release = open_release(tmp_path)
    wanted = sorted((one.possible[0] for one in given), key=lambda one: one.document_id)
    assert list(release.possible()) == wanted and made.counts.possible == len(wanted)
    assert not {record_of(one).record_id for one in wanted} & {one.record_id for one in release.records()}
    assert validate(made.path) == []
    log = DecisionLog(tmp_path / "decisions.jsonl")
    log.append(verdict="accept", reviewer="Ada", time="t", release="r", record=next(release.records()))
    later = [Unchanged(one.document.id, one.document.digest) for one in given]
    published(tmp_path, later, now=LATER)
    assert list(open_release(tmp_path).possible()) == wanted


def test_what_is_taken_in_is_published_and_what_is_dismissed_is_offered_no_more(tmp_path: Path) -> None:
    given = less_likely([one for one in documents(8) if one.records])
    published(tmp_path, given)
    taken, dismissed, *rest = [record_of(one) for one in open_release(tmp_path).possible()]
    log = DecisionLog(tmp_path / "decisions.jsonl")
    log.append(verdict="accept", reviewer="Ada", time="t", release="r", added=taken, possible=True)
    log.append(verdict="reject", reviewer="Ada", time="t", release="r", record=dismissed, possible=True)
    published(tmp_path, given, now=LATER)
    release = open_release(tmp_path)
    assert taken.record_id in {one.record_id for one in release.records()}
    assert [record_of(one).record_id for one in release.possible()] == [one.record_id for one in rest]
    raised = [
        one.model_copy(update={"records": (*one.records, record_of(one.possible[0])), "possible": ()}) for one in given
    ]
    published(tmp_path, raised, now=LATER.replace(day=28), program={"model": "2"})
    ids = [one.record_id for one in open_release(tmp_path).records()]
    assert ids.count(taken.record_id) == 1 and dismissed.record_id not in ids
