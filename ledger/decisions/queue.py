"""The curators' queue: conflicts, then orphans, then new and changed records, each by doubt times weight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ledger.decisions.standing import Standing, disputed, standing
from ledger.decisions.values import is_stated
from ledger.diff import QUIET_FIELDS, is_quiet
from schemas import Change, Decision, Merged, flatten

if TYPE_CHECKING:
    import pandas as pd

TIERS = ("conflict", "orphaned", "changed", "new", "unreviewed")
"""Why a record is in the queue. ``changed`` and ``new`` rank alike; ``unreviewed`` ones come from earlier releases."""

SETTLED = "settled"
"""The value of ``why`` for a record that needs no review."""

_RANKS = {"conflict": 0, "orphaned": 1, "changed": 2, "new": 2, "unreviewed": 3, SETTLED: 4}
_MILLION = 1e6
_NEVER_IN_QUESTION = QUIET_FIELDS | {"document_id", "review"}


def list_records(
    records: pd.DataFrame,
    decisions: Sequence[Decision],
    *,
    release: str,
    changes: Iterable[Change] | None = None,
    merged: Iterable[Merged] = (),
) -> pd.DataFrame:
    """List all records: those to review, the most urgent first, then the settled ones.

    A record is settled if it is decided in full, nothing in it changed since, and no two curators differ about it.

    Args:
        records: the release's flat records (``records.parquet``), in the release's order.
        decisions: the whole log.
        release: the release's version; what changed in it is not queued again for a record that was decided in this
            release or a later one.
        changes: the release's changes (``change_summaries`` reads them fast); None for a first release,
            in which every record is new.
        merged: the release's outcomes of decisions (``merged.jsonl``).

    Returns:
        The flat columns, and ``why`` (one of TIERS, or SETTLED), ``fields_in_question`` and ``causes`` (tuples of
        names), ``doubt`` (1 - confidence), ``weight`` (higher for large amounts and for the headline record) and
        ``priority`` (doubt times weight).
    """
    state = standing(decisions)
    open_state = {key: one for key, one in state.items() if one.decision.release < release}
    why, fields, causes = _reasons(changes, open_state, decided=state.keys() - open_state.keys())
    documents = dict[str, str]()
    for one in merged:
        documents[one.record_id] = one.document_id
        if one.outcome in ("conflict", "orphaned") and one.record_id in open_state:
            earlier = fields.get(one.record_id, ()) if why.get(one.record_id) == "conflict" else ()
            why[one.record_id] = one.outcome
            fields[one.record_id] = (*earlier, one.field)
    settled = {key for key, one in state.items() if one.complete} - why.keys() - _disputed_ids(decisions)
    rows = _with_orphans(records, why, open_state, documents)
    rest = "new" if changes is None else "unreviewed"
    ids = rows["record_id"].tolist()
    queue = rows.assign(
        why=[SETTLED if key in settled else why.get(key, rest) for key in ids],
        fields_in_question=[fields.get(key, ()) for key in ids],
        causes=[causes.get(key, ()) for key in ids],
    )
    return _sort(queue)


def _disputed_ids(decisions: Iterable[Decision]) -> set[str]:
    """Return the ids of the records about which two curators differ."""
    of: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        of[decision.record_id].append(decision)
    return {key for key, several in of.items() if len(several) > 1 and disputed(several)}


def _reasons(
    changes: Iterable[Change] | None, state: Mapping[str, Standing], *, decided: Collection[str]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Map the id of each record whose change needs review to why, to its fields in question and to the causes.

    Records that were ``decided`` with these changes in view are left out.
    """
    why: dict[str, str] = {}
    fields: dict[str, tuple[str, ...]] = {}
    causes: dict[str, tuple[str, ...]] = {}
    for change in changes or ():
        in_question = None if change.record_id in decided else _fields_in_question(change, state.get(change.record_id))
        if in_question is not None:
            why[change.record_id] = "new" if change.change == "added" else "changed"
            fields[change.record_id] = in_question
            causes[change.record_id] = tuple(sorted({one.cause for one in change.fields} or {change.cause}))
    return why, fields, causes


def _fields_in_question(change: Change, state: Standing | None) -> tuple[str, ...] | None:
    if change.change == "removed" or is_quiet(change):
        return None
    if change.change == "added":
        return () if state is None else None
    stated = (one.name for one in change.fields if one.cause != "decision" and is_stated(one.name))
    decided = state.pins.keys() if state else set[str]()
    names = dict.fromkeys(path.partition(".")[0] for path in stated)
    return tuple(name for name in names if name not in decided | _NEVER_IN_QUESTION) or None


def _with_orphans(
    records: pd.DataFrame, why: Mapping[str, str], state: Mapping[str, Standing], documents: Mapping[str, str]
) -> pd.DataFrame:
    """Add a row for each orphan, under the id that its document has in the release."""
    orphans = [
        one.record.model_copy(update={"document_id": documents[key]})
        for key, one in state.items()
        if why.get(key) == "orphaned" and one.record is not None
    ]
    if not orphans:
        return records
    import pandas as pd

    rows = pd.DataFrame([flatten(record).model_dump() for record in orphans], columns=list(records.columns))
    return pd.concat([records, rows.astype(records.dtypes.to_dict(), errors="ignore")], ignore_index=True)


def _sort(queue: pd.DataFrame) -> pd.DataFrame:
    """Sort by tier, then by falling priority; equal ones stay in the release's order."""
    usd = queue["amount_usd"].fillna(0).astype(float).clip(lower=0)
    doubt = 1 - queue["confidence"].astype(float)
    weight = 1 + np.log10(1 + usd / _MILLION) + (queue["rank"] == 1)
    queue = queue.assign(doubt=doubt, weight=weight, priority=doubt * weight)
    order = np.lexsort((-queue["priority"].to_numpy(), queue["why"].map(_RANKS).to_numpy()))
    return queue.iloc[order].reset_index(drop=True)
