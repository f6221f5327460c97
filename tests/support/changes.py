"""The other way round from a difference: what changes make of a state."""

from collections.abc import Iterable

from ledger.diff import release_order
from schemas import Change, CooperationRecord


def apply(changes: Iterable[Change], records: Iterable[CooperationRecord]) -> list[CooperationRecord]:
    """Make the later state of the earlier one; records come in a release's order (document, rank, id).

    Raises:
        ValueError: a change does not fit: it adds what is there, or changes or removes what is not.
    """
    state = {record.record_id: record for record in records}
    for change in changes:
        if (change.record_id in state) == (change.change == "added"):
            raise ValueError(
                f"{change.record_id} cannot be {change.change}: it is {'' if change.before else 'not '}new"
            )
        state.pop(change.record_id, None)
        if change.after is not None:
            state[change.record_id] = CooperationRecord.model_validate(change.after, extra="ignore")
    return sorted(state.values(), key=release_order)
