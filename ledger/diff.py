"""The differences between two states of the ledger, whole: the changes from one to another make the other of the one.

Every field that differs is listed, confidences and the program's version too. A change is ``moved`` where offsets or
the rank alone differ, ``changed`` otherwise; ``quiet`` tells the changes that no curator need look at.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas import Cause, Change, CooperationRecord, FieldChange, RemovalReason

_SPAN = {"start", "end", "text"}
CauseOf = Callable[[str, str], Cause]
"""The cause of a change, by record id and dotted field; the field is empty for an addition or a removal."""
PLACE = "evidence.start"
"""The field by which the cause of a mere move is asked for."""
_REASONS: Mapping[Cause, RemovalReason] = {"source": "no_longer_stated", "decision": "rejected"}
_STOPPED: RemovalReason = "extractor_stopped"
_MAIN: tuple[Cause, ...] = ("decision", "source", "model", "code", "tables")
QUIET_FIELDS = frozenset({"confidence", "extractor", "provenance", "act_id", "rank"})
"""The fields that state nothing: a change of these alone needs nobody's look."""
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A value that differs. ``offset`` marks a place in the text: a span's start or end, whatever it quotes."""

    name: str
    before: Any
    after: Any
    offset: bool = False


def leaves(before: Any, after: Any, path: str = "") -> Iterator[FieldDifference]:
    """List what differs, in the order of the paths. Lists are leaves; one whose offsets alone differ is an offset."""
    if before == after:
        return
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield FieldDifference(path, before, after, unplaced(before) == unplaced(after))
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
            yield from leaves(before[key], after[key], name)
        else:
            yield FieldDifference(name, before.get(key), after.get(key))


def unplaced(value: Any) -> Any:
    """Return a JSON value without the offsets of its spans."""
    if isinstance(value, dict):
        kept = {"text"} if value.keys() == _SPAN else value.keys()
        return {key: unplaced(value[key]) for key in kept}
    return [unplaced(one) for one in value] if isinstance(value, list | tuple) else value


def diff_records(
    before: Iterable[CooperationRecord | Plain],
    after: Iterable[CooperationRecord | Plain],
    *,
    cause_of: CauseOf | None = None,
    reasons: Mapping[str, RemovalReason] | None = None,
    into: Mapping[str, tuple[str, ...]] | None = None,
) -> list[Change]:
    """List the changes that make ``after`` of ``before``, by record id.

    Args:
        before: records (models, or their JSON values as ``records.jsonl`` has them), each id once.
        after: the same, under stable ids.
        cause_of: tells causes; the source by default.
        reasons: by record id, why it was removed; by default ``extractor_stopped`` where the program is the cause,
            ``rejected`` where a decision is, ``no_longer_stated`` where the source is.
        into: by record id, the records that inherit it.
    """
    old, new, changes = _by_id(before), _by_id(after), list[Change]()
    for key in sorted(old.keys() | new.keys()):
        change = _change(key, old.get(key), new.get(key), cause_of or _source)
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


def quiet(change: Change) -> bool:
    """Return whether a change leaves all that a record states as it was: offsets, rank, confidences, versions."""
    if change.change == "moved":
        return True
    return change.change == "changed" and all(one.name.partition(".")[0] in QUIET_FIELDS for one in change.fields)


def _source(record_id: str, name: str) -> Cause:
    return "source"


def _by_id(records: Iterable[CooperationRecord | Plain]) -> dict[str, CooperationRecord | Plain]:
    listed = [(_id_of(record), record) for record in records]
    found = dict(listed)
    if len(found) < len(listed):
        raise ValueError("two records have the same id")
    return found


def _id_of(record: CooperationRecord | Plain) -> str:
    return record.record_id if isinstance(record, CooperationRecord) else str(record["record_id"])


def _plain(record: CooperationRecord | Plain | None) -> dict[str, Any] | None:
    if isinstance(record, CooperationRecord):
        return record.model_dump(mode="json")
    return None if record is None else dict(record)


def _change(
    key: str, before: CooperationRecord | Plain | None, after: CooperationRecord | Plain | None, cause_of: CauseOf
) -> Change | None:
    if before is after or before == after:
        return None
    old, new = _plain(before), _plain(after)
    if old is None:
        return Change(record_id=key, change="added", after=new, cause=cause_of(key, ""))
    if new is None:
        cause = cause_of(key, "")
        return Change(record_id=key, change="removed", before=old, cause=cause, reason=_REASONS.get(cause, _STOPPED))
    if old == new:
        return None
    differing = [leaf for leaf in leaves(old, new) if not leaf.offset]
    fields = tuple(
        FieldChange(name=leaf.name, before=leaf.before, after=leaf.after, cause=cause_of(key, leaf.name))
        for leaf in differing
    )
    return Change(
        record_id=key,
        change="moved" if all(one.name == "rank" for one in fields) else "changed",
        fields=fields,
        before=old,
        after=new,
        cause=main_cause(fields) if fields else cause_of(key, PLACE),
    )


def main_cause(fields: Iterable[FieldChange]) -> Cause:
    """Return the cause of most fields that state something (of all, if none does); of equals, the more telling one."""
    listed = list(fields)
    telling = [one for one in listed if one.name.partition(".")[0] not in QUIET_FIELDS] or listed
    counts = {cause: sum(one.cause == cause for one in telling) for cause in _MAIN}
    return max(_MAIN, key=counts.__getitem__)
