"""The differences between two states of the ledger. They are complete: applied to the first, they give the second.

Every field that differs is listed, confidences and the program's version too. A change is ``moved`` where only offsets
or the rank differ, else ``changed``; ``is_quiet`` recognises the changes that no curator needs to look at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas import Cause, Change, CooperationRecord, FieldChange, RemovalReason

_SPAN = {"start", "end", "text"}
CauseOf = Callable[[str, str], Cause]
"""Returns the cause of a change, given record id and dotted field (empty for an added or removed record)."""
OFFSET_FIELD = "evidence.start"
"""The field that ``CauseOf`` is given where only offsets changed."""
_REASONS: Mapping[Cause, RemovalReason] = {"source": "no_longer_stated", "decision": "rejected"}
_STOPPED: RemovalReason = "extractor_stopped"
_CAUSE_ORDER: tuple[Cause, ...] = ("decision", "source", "model", "code", "tables")
QUIET_FIELDS = frozenset({"confidence", "extractor", "provenance", "act_id", "rank"})
"""Fields that say nothing about the act itself: a change in these alone needs no review."""
JsonRecord = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A value that differs. ``offset`` is true where only positions in the text differ, such as a span's start."""

    name: str
    before: Any
    after: Any
    offset: bool = False


def field_differences(before: Any, after: Any, path: str = "") -> Iterator[FieldDifference]:
    """List the values that differ between two JSON values, sorted by path. A list is compared as one value."""
    if before == after:
        return
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield FieldDifference(path, before, after, without_offsets(before) == without_offsets(after))
        return
    span = before.keys() == _SPAN == after.keys()
    for key in sorted(before.keys() | after.keys()):
        both = key in before and key in after
        if both and before[key] == after[key]:
            continue
        name = f"{path}.{key}" if path else str(key)
        if span and key != "text":
            yield FieldDifference(name, before[key], after[key], offset=True)
        elif both:
            yield from field_differences(before[key], after[key], name)
        else:
            yield FieldDifference(name, before.get(key), after.get(key))


def without_offsets(value: Any) -> Any:
    """Return a JSON value without the offsets of its spans."""
    if isinstance(value, dict):
        kept = {"text"} if value.keys() == _SPAN else value.keys()
        return {key: without_offsets(value[key]) for key in kept}
    return [without_offsets(one) for one in value] if isinstance(value, list | tuple) else value


def diff_records(
    before: Iterable[CooperationRecord | JsonRecord],
    after: Iterable[CooperationRecord | JsonRecord],
    *,
    cause_of: CauseOf | None = None,
    reasons: Mapping[str, RemovalReason] | None = None,
    into: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Change]:
    """List the changes that turn ``before`` into ``after``, sorted by record id.

    Args:
        before: records (models, or their JSON values as ``records.jsonl`` has them), each id once.
        after: the same, under stable ids.
        cause_of: returns the cause of each change; by default ``source``.
        reasons: by record id, why it was removed; by default ``extractor_stopped`` where the program is the cause,
            ``rejected`` where a decision is, ``no_longer_stated`` where the source is.
        into: by record id, the ids of the records that replace it.

    Raises:
        ValueError: two records of one side have the same id.
    """
    old, new, changes = _by_id(before), _by_id(after), list[Change]()
    for key in sorted(old.keys() | new.keys()):
        change = _change(key, old.get(key), new.get(key), cause_of or _from_source)
        if change is None:
            continue
        if reasons and key in reasons and change.change == "removed":
            change = change.model_copy(update={"reason": reasons[key]})
        if into and key in into and change.change in ("removed", "changed"):
            change = change.model_copy(update={"into": into[key]})
        changes.append(change)
    return changes


def release_order(record: CooperationRecord) -> tuple[str, int, str]:
    """Return the key by which a release sorts its records."""
    return (record.document_id, record.rank, record.record_id)


def is_quiet(change: Change) -> bool:
    """Return whether a change touches only offsets and QUIET_FIELDS, so that the record states the same as before."""
    if change.change == "moved":
        return True
    return change.change == "changed" and all(one.name.partition(".")[0] in QUIET_FIELDS for one in change.fields)


def _from_source(record_id: str, name: str) -> Cause:
    return "source"


def _by_id(records: Iterable[CooperationRecord | JsonRecord]) -> dict[str, CooperationRecord | JsonRecord]:
    listed = [(_id_of(record), record) for record in records]
    found = dict(listed)
    if len(found) < len(listed):
        raise ValueError("two records have the same id")
    return found


def _id_of(record: CooperationRecord | JsonRecord) -> str:
    return record.record_id if isinstance(record, CooperationRecord) else str(record["record_id"])


def _as_json(record: CooperationRecord | JsonRecord | None) -> dict[str, Any] | None:
    if isinstance(record, CooperationRecord):
        return record.model_dump(mode="json")
    return None if record is None else dict(record)


def _change(
    key: str,
    before: CooperationRecord | JsonRecord | None,
    after: CooperationRecord | JsonRecord | None,
    cause_of: CauseOf,
) -> Change | None:
    if before is after or before == after:
        return None
    old, new = _as_json(before), _as_json(after)
    if old is None:
        return Change(record_id=key, change="added", after=new, cause=cause_of(key, ""))
    if new is None:
        cause = cause_of(key, "")
        return Change(record_id=key, change="removed", before=old, cause=cause, reason=_REASONS.get(cause, _STOPPED))
    if old == new:
        return None
    differing = [one for one in field_differences(old, new) if not one.offset]
    fields = tuple(
        FieldChange(name=one.name, before=one.before, after=one.after, cause=cause_of(key, one.name))
        for one in differing
    )
    return Change(
        record_id=key,
        change="moved" if all(one.name == "rank" for one in fields) else "changed",
        fields=fields,
        before=old,
        after=new,
        cause=main_cause(fields) if fields else cause_of(key, OFFSET_FIELD),
    )


def main_cause(fields: Iterable[FieldChange]) -> Cause:
    """Return the most frequent cause, ties by ``_CAUSE_ORDER``; QUIET_FIELDS count only if no other field changed."""
    listed = list(fields)
    telling = [one for one in listed if one.name.partition(".")[0] not in QUIET_FIELDS] or listed
    counts = {cause: sum(one.cause == cause for one in telling) for cause in _CAUSE_ORDER}
    return max(_CAUSE_ORDER, key=counts.__getitem__)
