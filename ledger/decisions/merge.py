"""Three-way merge, field by field, of curators' decisions with a new extraction.

For each decided field there are three values: the extracted value when the curator decided (``seen``), the curator's
(``given``), and the extracted value now. The outcome is ``kept`` if the extracted value is still ``seen``, ``agreed``
if it is now ``given``, and ``conflict`` if it is another; then the curator's value is published and the record queued.
It is ``orphaned`` if the record is no longer extracted.

A rejected record that is extracted again is withheld. Only if it now states something else is it published, marked
``rejected``, and queued as a conflict. If it is no longer extracted, the outcome is ``agreed``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ledger.decisions.standing import WHOLE_RECORD, Pin, Standing, standing
from ledger.decisions.values import given_value, machine_record, meaning, nearest_occurrence, requoted, values_of
from schemas import (
    DECIDED_FIELDS,
    CooperationRecord,
    Decision,
    Extraction,
    Extractor,
    Merged,
    Outcome,
    Provenance,
    Review,
    Span,
)

CURATOR = "curator"


def merge_record(
    machine: CooperationRecord, state: Standing, text: str
) -> tuple[CooperationRecord | None, list[Merged]]:
    """Merge the decisions about a record with the record as extracted now.

    Args:
        machine: the record as extracted now, under its stable id.
        state: the record's standing.
        text: the document's text now.

    Returns:
        The record to publish (None if it is withheld) and the outcome of each decided field. A record that was accepted
        whole and whose fields are all kept has one outcome, for the field ``record``.
    """
    values = values_of(machine)
    state, refused = _drop_impossible(machine, state, values, text)
    merged = _outcomes(values, state)
    if state.verdict == "reject":
        return (_marked_rejected(machine, state) if merged[0].outcome == "conflict" else None), merged
    return _apply_pins(machine, state, values, text), [*merged, *refused]


def _drop_impossible(
    machine: CooperationRecord, state: Standing, values: Mapping[str, Any], text: str
) -> tuple[Standing, list[Merged]]:
    """Drop given values that a record cannot have; each is a conflict, and the extracted value is published."""
    pins, refused = dict(state.pins), []
    for name, pin in state.pins.items():
        try:
            given_value(name, pin.given, machine=machine, text=text)
        except ValidationError:
            refused.append(_for_field(state, name, "conflict", pins.pop(name), values[name]))
    return (replace(state, pins=pins), refused) if refused else (state, [])


def merge_missing(state: Standing, text: str | None) -> tuple[CooperationRecord | None, list[Merged]]:
    """Merge the decisions about a record that is not extracted; one that a curator added is published if still quoted.

    Args:
        state: the record's standing.
        text: the document's text now; None if the document is gone.

    Returns:
        The record to publish, if any, and the outcome for the whole record.
    """
    if state.verdict == "reject":
        return None, [_for_record(state, "agreed")]
    if state.added is None or text is None or state.added.evidence.text not in text:
        return None, [_for_record(state, "orphaned", seen=_seen_values(state))]
    machine = _added_record(state.added, text)
    published = _apply_pins(machine, state, values_of(machine), text)
    return published, [_for_record(state, "kept", given=values_of(published, DECIDED_FIELDS))]


def documents_to_reextract(merged: Iterable[Merged], decisions: Sequence[Decision]) -> set[str]:
    """Return the ids of documents with a record that a release withheld and whose rejection was undone since.

    A run extracts them again, though nothing else changed; otherwise the record comes back as it was when rejected.

    Args:
        merged: the release's outcomes (``merged.jsonl``).
        decisions: the whole log.
    """
    rejections = {one.id for one in decisions if one.verdict == "reject"}
    state = standing(decisions)
    withheld = (one for one in merged if one.outcome == "kept" and one.decision_id in rejections)
    return {one.document_id for one in withheld if not _is_rejected(state.get(one.record_id))}


def _is_rejected(state: Standing | None) -> bool:
    return state is not None and state.verdict == "reject"


def as_decided(record: CooperationRecord, state: Standing | None, text: str) -> CooperationRecord | None:
    """Return a published record with the decisions made since the release applied; None if it is rejected.

    Pages show this record, and pass it to ``DecisionLog.append`` as the one that the curator saw.
    """
    if added_by_curator(record) and state is not None:
        added = merge_missing(state, text)[0]
        return added and added.model_copy(update={"document_id": record.document_id})
    machine = machine_record(record)
    return machine if state is None else merge_record(machine, state, text)[0]


def added_by_curator(record: CooperationRecord) -> bool:
    """Return whether a curator added a published record that the program missed."""
    return record.extractor.name == CURATOR


def machine_records(extraction: Extraction) -> tuple[CooperationRecord, ...]:
    """Return the extracted records as they were before any decision, without those that curators added."""
    return tuple(machine_record(record) for record in extraction.records if not added_by_curator(record))


def _outcome(name: str, pin: Pin, now: Any) -> Outcome:
    extracted = meaning(name, now)
    if extracted == meaning(name, pin.seen):
        return "kept"
    return "agreed" if extracted == meaning(name, pin.given) else "conflict"


def _outcomes(now: Mapping[str, Any], state: Standing) -> list[Merged]:
    if state.verdict == "reject":
        return [_rejection_outcome(now, state)]
    merged = [
        _for_field(state, name, _outcome(name, pin, now[name]), pin, now[name]) for name, pin in state.pins.items()
    ]
    all_kept = all(one.outcome == "kept" for one in merged)
    return [_for_record(state, "kept")] if all_kept and state.whole else merged


def _rejection_outcome(now: Mapping[str, Any], state: Standing) -> Merged:
    seen, read = _seen_values(state), {name: now[name] for name in DECIDED_FIELDS}
    new = seen is not None and any(meaning(name, seen[name]) != meaning(name, read[name]) for name in read)
    return _for_record(state, "conflict" if new else "kept", seen=seen, now=read)


def _marked_rejected(machine: CooperationRecord, state: Standing) -> CooperationRecord:
    review = Review(state="rejected", by=state.decision.reviewer, at=state.decision.time)
    return machine.model_copy(update={"review": review})


def _seen_values(state: Standing) -> dict[str, Any] | None:
    return None if state.record is None else values_of(machine_record(state.record), DECIDED_FIELDS)


def _for_field(state: Standing, name: str, outcome: Outcome, pin: Pin, now: Any) -> Merged:
    return Merged(
        decision_id=pin.decision_id,
        record_id=state.decision.record_id,
        document_id=state.decision.document_id,
        field=name,
        outcome=outcome,
        seen=pin.seen,
        given=pin.given,
        now=now,
    )


def _for_record(state: Standing, outcome: Outcome, *, seen: Any = None, given: Any = None, now: Any = None) -> Merged:
    return _for_field(state, WHOLE_RECORD, outcome, Pin(state.decision.id, seen, given), now)


def _apply_pins(machine: CooperationRecord, state: Standing, values: Mapping[str, Any], text: str) -> CooperationRecord:
    """Return the extracted record with the decided values, the review and the curator's provenance."""
    decision, pins = state.decision, state.pins
    overridden = [name for name, pin in pins.items() if meaning(name, pin.given) != meaning(name, values[name])]
    given = {name: given_value(name, pins[name].given, machine=machine, text=text) for name in overridden}
    review = Review(
        state="edited" if any(_is_edit(name, pin, state) for name, pin in pins.items()) else "accepted",
        by=decision.reviewer,
        at=decision.time,
        original={name: values[name] for name in overridden} or None,
    )
    by_hand = tuple(Provenance(field=name, source="curator", name=decision.reviewer) for name in overridden)
    update = {**given, "review": review, "provenance": (*machine.provenance, *by_hand)}
    return machine.model_copy(update=update)


def _is_edit(name: str, pin: Pin, state: Standing) -> bool:
    """Return whether the curator changed the extracted value; an added record had none, unless ``seen`` holds one."""
    had_value = state.added is None or pin.seen is not None
    return had_value and meaning(name, pin.given) != meaning(name, pin.seen)


def _added_record(added: CooperationRecord, text: str) -> CooperationRecord:
    """Return a record that a curator added, with its quotations found again in the present text."""
    update = {"review": Review(), "extractor": Extractor(name=CURATOR, version="", model="")}
    return requoted_record(added, text).model_copy(update=update)


def requoted_record(record: CooperationRecord, text: str) -> CooperationRecord:
    """Return a record with its spans moved to the nearest same quotation; unchanged if its evidence is gone."""
    old = record.evidence
    at = nearest_occurrence(text, old.text, old.start)
    if at < 0 or not record.misquotes(text):
        return record
    evidence = Span.of(text, at, at + len(old.text))
    plain = requoted(record.model_dump(mode="json", exclude={"evidence"}), text, evidence, evidence)
    return CooperationRecord.model_validate({**plain, "evidence": evidence.model_dump()})
