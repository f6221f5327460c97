"""Ids for a document's new records: the parent's where the act is the same, from content where it is new."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

from ledger.identity.matching import Matching, in_text, match
from ledger.identity.similarity import grams, overlap
from schemas import CooperationRecord, Extraction, RemovalReason, act_id_of, record_id_of

_SURE = 0.9  # a record this like its old one is that one, whatever else came beside it
_EVEN = 0.03  # two successors whose likeness differs by less have the same right to the old id: neither gets it
_SHARED = 0.6  # of the evidence, for a successor


def renames(previous: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Map the id of each document that has a new name to its old id.

    A document is renamed if its id is new and its digest is that of a document whose id is gone. Of several with the
    same digest, the first new id (sorted) takes the first old one.

    Args:
        previous: document id to digest, of the parent release (``manifest.digests.documents``).
        new: document id to digest, of this run.
    """
    gone: dict[str, list[str]] = defaultdict(list)
    for name in sorted(previous.keys() - new.keys(), reverse=True):
        gone[previous[name]].append(name)
    fresh = sorted(new.keys() - previous.keys())
    return {name: gone[new[name]].pop() for name in fresh if gone.get(new[name])}


@dataclass(frozen=True, slots=True)
class Identified:
    """``records`` under their ids (in the given order), and what became of the old ones, by their ids.

    ``reasons`` tells of those that are gone which were merged into another and which were split; ``into`` names their
    successors, and of those that stay the new ones that were cut off the same act.
    """

    records: tuple[CooperationRecord, ...]
    reasons: dict[str, RemovalReason] = field(default_factory=dict)
    into: dict[str, tuple[str, ...]] = field(default_factory=dict)


def identify(old: Extraction | None, new: Extraction, *, owners: Mapping[str, str] | None = None) -> Identified:
    """Give the records of a new extraction their ids.

    Args:
        old: the document as the parent release holds it; None for a new document.
        new: the new extraction, whose records bear ids of their own content.
        owners: record ids in use, each with its document: no new record gets that of another document.
    """
    before = old.records if old else ()
    matching = match(old, new) if old else Matching({}, {})
    splits = _splits(matching)
    pairs = {place: at for place, at in matching.pairs.items() if at not in splits}
    used = {record.record_id for record in before}
    ids = {place: before[at].record_id for place, at in pairs.items()}
    for place in (at for at in in_text(new.records) if at not in pairs):
        ids[place] = _fresh_id(new.records[place], used, owners or {})
        used.add(ids[place])
    acts = _acts(before, new.records, pairs)
    records = tuple(
        record.model_copy(update={"record_id": ids[place], "act_id": acts[record.act_id]})
        for place, record in enumerate(new.records)
    )
    merged, cut_off = _merges_and_splits(before, new.records, pairs, splits, matching)
    reasons: dict[int, RemovalReason] = {**dict.fromkeys(splits, "split"), **dict.fromkeys(merged, "merged")}
    return Identified(
        records,
        {before[at].record_id: reason for at, reason in reasons.items()},
        {
            before[at].record_id: tuple(ids[place] for place in places)
            for at, places in (splits | merged | cut_off).items()
        },
    )


def _splits(matching: Matching) -> dict[int, list[int]]:
    """Find the old records that new ones inherit in equal parts, each with the places of its successors."""
    splits: dict[int, list[int]] = {}
    for new, old in matching.pairs.items():
        score = matching.scores.get((old, new), 1.0)
        rivals = [
            at for (one, at), other in matching.scores.items()
            if one == old and at not in matching.pairs and other >= score - _EVEN
        ]  # fmt: skip
        if rivals and score < _SURE:
            splits[old] = sorted([new, *rivals])
    return splits


def _merges_and_splits(
    before: Sequence[CooperationRecord],
    after: Sequence[CooperationRecord],
    pairs: Mapping[int, int],
    splits: Mapping[int, Sequence[int]],
    matching: Matching,
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Find what was merged, and what was cut off.

    Returns:
        For an old record that is gone the one, kept for another old one, that took it in: its actor and its words. For
        an old record that stays the new ones that are like it, too.
    """
    kept, inherited = set(pairs.values()), set(chain.from_iterable(splits.values()))
    best, cut_off = dict[int, tuple[float, int]](), defaultdict[int, list[int]](list)
    for (at, place), score in sorted(matching.scores.items()):
        if at in kept and place not in pairs and place not in inherited:
            cut_off[at].append(place)
        elif at not in kept and at not in splits and place in pairs and _took_in(before[at], after[place]):
            best[at] = max(best.get(at, (score, place)), (score, place))
    return {at: [place] for at, (_, place) in best.items()}, cut_off


def _took_in(old: CooperationRecord, new: CooperationRecord) -> bool:
    return old.actor.name == new.actor.name and overlap(grams(old.evidence.text), grams(new.evidence.text)) >= _SHARED


def _fresh_id(record: CooperationRecord, used: Collection[str], owners: Mapping[str, str]) -> str:
    free = (record_id_of(record, occurrence) for occurrence in count())
    here = record.document_id
    return next(one for one in free if one not in used and owners.get(one, here) == here)


def _acts(
    before: Sequence[CooperationRecord], after: Sequence[CooperationRecord], pairs: dict[int, int]
) -> dict[str, str]:
    """Map the acts of a new extraction to those of the parent with which they share most records."""
    votes = Counter((after[place].act_id, before[at].act_id) for place, at in pairs.items())
    chosen: dict[str, str] = {}
    for new, old in sorted(sorted(votes), key=votes.__getitem__, reverse=True):
        if new not in chosen and old not in chosen.values():
            chosen[new] = old
    used = {record.act_id for record in before}
    for record in after:
        if record.act_id not in chosen:
            chosen[record.act_id] = _fresh_act(record, used | set(chosen.values()))
    return chosen


def _fresh_act(record: CooperationRecord, used: Collection[str]) -> str:
    inputs = record.document_id, record.evidence.text, record.actor.name, record.kind
    others = (act_id_of(*inputs, occurrence) for occurrence in count())
    return next(one for one in chain([record.act_id], others) if one not in used)
