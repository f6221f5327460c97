"""Curators' decisions merged with a new extraction: three ways, field by field.

For each decided field there is what the machine said when the curator decided (``seen``), what the curator said
(``given``) and what the machine says now. ``kept``: the machine says what it said. ``agreed``: it came round to the
curator's value. ``conflict``: it says something else; the curator's value stands, and the record is queued.
``orphaned``: the record is gone.

A rejected record that is extracted again stays out. Only where it states something else now is it published again,
marked ``rejected``, and queued as a conflict. One that is no longer extracted is ``agreed``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ledger.decisions.standing import WHOLE, Pin, Standing, standing
from ledger.decisions.values import given_value, machine_of, nearest, placed, states, values_of
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
    """Merge what stands of a record with what the machine says now.

    Args:
        machine: the record as extracted now, under its stable id.
        state: the record's standing.
        text: the document's text now.

    Returns:
        The record to publish (None if it is rejected as it is) and the outcome of each decided field; an accepted
        record whose fields are all kept has one outcome, for the field ``record``.
    """
    values = values_of(machine)
    state, refused = _what_can_be(machine, state, values, text)
    merged = _outcomes(values, state)
    if state.verdict == "reject":
        return (_marked(machine, state) if merged[0].outcome == "conflict" else None), merged
    return _published(machine, state, values, text), [*merged, *refused]


def _what_can_be(
    machine: CooperationRecord, state: Standing, values: Mapping[str, Any], text: str
) -> tuple[Standing, list[Merged]]:
    """Leave out given values that no record can have: the machine's stand, and a curator is asked again."""
    pins, refused = dict(state.pins), []
    for name, pin in state.pins.items():
        try:
            given_value(name, pin.given, machine=machine, text=text)
        except ValidationError:
            refused.append(_merged(state, name, "conflict", pins.pop(name), values[name]))
    return (replace(state, pins=pins), refused) if refused else (state, [])


def merge_missing(state: Standing, text: str | None) -> tuple[CooperationRecord | None, list[Merged]]:
    """Settle a decision whose record the machine does not extract: an added record may stand by its quotation.

    Args:
        state: the record's standing.
        text: the document's text now; None if the document is gone.
    """
    if state.verdict == "reject":
        return None, [_whole(state, "agreed")]
    if state.added is None or text is None or state.added.evidence.text not in text:
        return None, [_whole(state, "orphaned", seen=_seen(state))]
    machine = _as_added(state.added, text)
    published = _published(machine, state, values_of(machine), text)
    return published, [_whole(state, "kept", given=values_of(published, DECIDED_FIELDS))]


def documents_to_read_again(merged: Iterable[Merged], decisions: Sequence[Decision]) -> set[str]:
    """Name the documents in which a rejection was taken back since a release, which does not hold the record.

    A run reads them again though nothing else changed; one that does not falls back on the record as it was rejected.

    Args:
        merged: the release's outcomes (``merged.jsonl``).
        decisions: the whole log.
    """
    rejections = {one.id for one in decisions if one.verdict == "reject"}
    state = standing(decisions)
    withheld = (one for one in merged if one.outcome == "kept" and one.decision_id in rejections)
    return {one.document_id for one in withheld if not _rejected(state.get(one.record_id))}


def _rejected(state: Standing | None) -> bool:
    return state is not None and state.verdict == "reject"


def as_decided(record: CooperationRecord, state: Standing | None, text: str) -> CooperationRecord | None:
    """Return a published record as the decisions made since leave it, before the next release says so.

    What a page shows, and hands to ``DecisionLog.append`` as the record that the curator saw. None if it is rejected.
    """
    if added_by_curator(record) and state is not None:
        return merge_missing(state, text)[0]
    machine = machine_of(record)
    return machine if state is None else merge_record(machine, state, text)[0]


def added_by_curator(record: CooperationRecord) -> bool:
    """Return whether a published record is one that the machine missed."""
    return record.extractor.name == CURATOR


def machine_records(extraction: Extraction) -> tuple[CooperationRecord, ...]:
    """Return the records that the machine read, as it made them: without those that curators added."""
    return tuple(machine_of(record) for record in extraction.records if not added_by_curator(record))


def _outcome(name: str, pin: Pin, now: Any) -> Outcome:
    said = states(name, now)
    if said == states(name, pin.seen):
        return "kept"
    return "agreed" if said == states(name, pin.given) else "conflict"


def _outcomes(now: Mapping[str, Any], state: Standing) -> list[Merged]:
    if state.verdict == "reject":
        return [_rejection(now, state)]
    merged = [_merged(state, name, _outcome(name, pin, now[name]), pin, now[name]) for name, pin in state.pins.items()]
    all_kept = all(one.outcome == "kept" for one in merged)
    return [_whole(state, "kept")] if all_kept and state.whole else merged


def _rejection(now: Mapping[str, Any], state: Standing) -> Merged:
    seen, read = _seen(state), {name: now[name] for name in DECIDED_FIELDS}
    new = seen is not None and any(states(name, seen[name]) != states(name, read[name]) for name in read)
    return _whole(state, "conflict" if new else "kept", seen=seen, now=read)


def _marked(machine: CooperationRecord, state: Standing) -> CooperationRecord:
    review = Review(state="rejected", by=state.decision.reviewer, at=state.decision.time)
    return machine.model_copy(update={"review": review})


def _seen(state: Standing) -> dict[str, Any] | None:
    return None if state.record is None else values_of(machine_of(state.record), DECIDED_FIELDS)


def _merged(state: Standing, name: str, outcome: Outcome, pin: Pin, now: Any) -> Merged:
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


def _whole(state: Standing, outcome: Outcome, *, seen: Any = None, given: Any = None, now: Any = None) -> Merged:
    return _merged(state, WHOLE, outcome, Pin(state.decision.id, seen, given), now)


def _published(machine: CooperationRecord, state: Standing, values: Mapping[str, Any], text: str) -> CooperationRecord:
    decision, pins = state.decision, state.pins
    overridden = [name for name, pin in pins.items() if states(name, pin.given) != states(name, values[name])]
    given = {name: given_value(name, pins[name].given, machine=machine, text=text) for name in overridden}
    review = Review(
        state="edited" if any(_edits(name, pin, state) for name, pin in pins.items()) else "accepted",
        by=decision.reviewer,
        at=decision.time,
        original={name: values[name] for name in overridden} or None,
    )
    by_hand = tuple(Provenance(field=name, source="curator", name=decision.reviewer) for name in overridden)
    update = {**given, "review": review, "provenance": (*machine.provenance, *by_hand)}
    return machine.model_copy(update=update)


def _edits(name: str, pin: Pin, state: Standing) -> bool:
    """Return whether a curator gave another value than was there; of an added record nothing was."""
    there = state.added is None or pin.seen is not None
    return there and states(name, pin.given) != states(name, pin.seen)


def _as_added(added: CooperationRecord, text: str) -> CooperationRecord:
    """Return a record that the machine missed, quoting the text as it is now."""
    update = {"review": Review(), "extractor": Extractor(name=CURATOR, version="", model="")}
    return moved_to(added, text).model_copy(update=update)


def moved_to(record: CooperationRecord, text: str) -> CooperationRecord:
    """Return a record that quotes a text as it is now, nearest to where it was; as it is where its evidence is gone."""
    old = record.evidence
    at = nearest(text, old.text, old.start)
    if at < 0 or not record.misquotes(text):
        return record
    evidence = Span.of(text, at, at + len(old.text))
    plain = placed(record.model_dump(mode="json", exclude={"evidence"}), text, evidence, evidence)
    return CooperationRecord.model_validate({**plain, "evidence": evidence.model_dump()})
