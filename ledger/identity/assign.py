"""Ids for the records of a new extraction: the parent's id for a matched record, else an id from content."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from ledger.identity.matching import Matching, match, text_order
from ledger.identity.similarity import grams, overlap
from schemas import CooperationRecord, Extraction, RemovalReason, act_id_of, record_id_of

_SURE_SCORE = 0.9  # a match this similar keeps its id even if another record is as similar
_TIE = 0.03  # where similarities differ by at most this, neither successor gets the old id
_OVERLAP = 0.6  # of the evidence, for a record that absorbed another


def renames(previous: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Map the new id of each renamed document to its old id.

    A document is renamed if its id is new and its digest is that of a document whose id is gone. Where several have the
    same digest, they are paired in sorted order.

    Args:
        previous: document id to digest, of the parent release (``manifest.digests.documents``).
        new: document id to digest, of this run.
    """
    old_names: dict[str, list[str]] = defaultdict(list)
    for name in sorted(previous.keys() - new.keys(), reverse=True):
        old_names[previous[name]].append(name)
    new_names = sorted(new.keys() - previous.keys())
    return {name: old_names[new[name]].pop() for name in new_names if old_names.get(new[name])}


@dataclass(frozen=True, slots=True)
class Identified:
    """The new records with their ids, in the given order, and how old records were merged or split.

    ``reasons`` maps the ids of old records that are gone to ``merged`` or ``split``. ``into`` maps them to the ids of
    their successors, and an old record that keeps its id to the new records that were split off it.
    """

    records: tuple[CooperationRecord, ...]
    reasons: dict[str, RemovalReason] = field(default_factory=dict)
    into: dict[str, tuple[str, ...]] = field(default_factory=dict)


def identify(old: Extraction | None, new: Extraction, *, owners: Mapping[str, str] | None = None) -> Identified:
    """Give the records of a new extraction their record ids and act ids.

    Args:
        old: the document in the parent release; None for a new document.
        new: the new extraction, whose records have ids derived from their content.
        owners: maps each record id and act id in use to its document; a new record never gets those of another's.
    """
    before = old.records if old else ()
    matching = match(old, new) if old else Matching({}, {})
    splits = _splits(matching)
    pairs = {new_at: old_at for new_at, old_at in matching.pairs.items() if old_at not in splits}
    used = {record.record_id for record in before}
    ids = {new_at: before[old_at].record_id for new_at, old_at in pairs.items()}
    for new_at in (one for one in text_order(new.records) if one not in pairs):
        ids[new_at] = _new_id(new.records[new_at], used, owners or {})
        used.add(ids[new_at])
    acts = _act_ids(before, new.records, pairs, owners or {})
    records = tuple(
        record.model_copy(update={"record_id": ids[new_at], "act_id": acts[record.act_id]})
        for new_at, record in enumerate(new.records)
    )
    merged, cut_off = _merges_and_splits(before, new.records, pairs, splits, matching)
    reasons: dict[int, RemovalReason] = {**dict.fromkeys(splits, "split"), **dict.fromkeys(merged, "merged")}
    return Identified(
        records,
        {before[old_at].record_id: reason for old_at, reason in reasons.items()},
        {
            before[old_at].record_id: tuple(ids[new_at] for new_at in new_ats)
            for old_at, new_ats in (splits | merged | cut_off).items()
        },
    )


def _splits(matching: Matching) -> dict[int, list[int]]:
    """Map the index of each old record that was split to the indices of its equally similar successors."""
    splits: dict[int, list[int]] = {}
    for new, old in matching.pairs.items():
        score = matching.scores.get((old, new), 1.0)
        rivals = [
            rival for (one, rival), other in matching.scores.items()
            if one == old and rival not in matching.pairs and other >= score - _TIE
        ]  # fmt: skip
        if rivals and score < _SURE_SCORE:
            splits[old] = sorted([new, *rivals])
    return splits


def _merges_and_splits(
    before: Sequence[CooperationRecord],
    after: Sequence[CooperationRecord],
    pairs: Mapping[int, int],
    splits: Mapping[int, Sequence[int]],
    matching: Matching,
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Find merged records and records split off one that stays.

    Returns:
        By index of an old record: for one that is gone, the matched new record that absorbed it (same actor, similar
        evidence); for one that stays, the unmatched new records that are similar to it.
    """
    kept, inherited = set(pairs.values()), set(chain.from_iterable(splits.values()))
    best, cut_off = dict[int, tuple[float, int]](), defaultdict[int, list[int]](list)
    for (old_at, new_at), score in sorted(matching.scores.items()):
        if old_at in kept and new_at not in pairs and new_at not in inherited:
            cut_off[old_at].append(new_at)
        elif (
            old_at not in kept and old_at not in splits and new_at in pairs and _absorbed(before[old_at], after[new_at])
        ):
            best[old_at] = max(best.get(old_at, (score, new_at)), (score, new_at))
    return {old_at: [new_at] for old_at, (_, new_at) in best.items()}, cut_off


def _absorbed(old: CooperationRecord, new: CooperationRecord) -> bool:
    return old.actor.name == new.actor.name and overlap(grams(old.evidence.text), grams(new.evidence.text)) >= _OVERLAP


def _new_id(record: CooperationRecord, used: Collection[str], owners: Mapping[str, str]) -> str:
    free = (record_id_of(record, occurrence) for occurrence in count())
    document = record.document_id
    return next(one for one in free if one not in used and owners.get(one, document) == document)


def _act_ids(
    before: Sequence[CooperationRecord],
    after: Sequence[CooperationRecord],
    pairs: Mapping[int, int],
    owners: Mapping[str, str],
) -> dict[str, str]:
    """Map each new act id to the old act id with which it shares most matched records, else to an unused id."""
    votes = Counter((after[new_at].act_id, before[old_at].act_id) for new_at, old_at in pairs.items())
    chosen: dict[str, str] = {}
    for new, old in sorted(sorted(votes), key=votes.__getitem__, reverse=True):
        if new not in chosen and old not in chosen.values():
            chosen[new] = old
    used = {record.act_id for record in before}
    for record in after:
        if record.act_id not in chosen:
            chosen[record.act_id] = _new_act_id(record, used | set(chosen.values()), owners)
    return chosen


def _new_act_id(record: CooperationRecord, used: Collection[str], owners: Mapping[str, str]) -> str:
    document = record.document_id
    others = (act_id_of(document, record.evidence.text, record.actor.name, record.kind, number) for number in count())
    return next(
        one for one in chain([record.act_id], others) if one not in used and owners.get(one, document) == document
    )
