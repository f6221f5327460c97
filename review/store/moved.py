"""A record that the release has no longer, put back into the text as it is now."""

from ledger.decisions.values import nearest, placed
from schemas import CooperationRecord, Span


def moved(record: CooperationRecord, text: str) -> CooperationRecord:
    """Quote the text as it is now, if it still holds the record's evidence; else leave the record as it is."""
    old = record.evidence
    at = old.start if old.quotes(text) else nearest(text, old.text, old.start)
    if at < 0:
        return record
    evidence = Span.of(text, at, at + len(old.text))
    plain = placed(record.model_dump(mode="json", exclude={"evidence"}), text, evidence, evidence)
    return CooperationRecord.model_validate({**plain, "evidence": evidence.model_dump()})
