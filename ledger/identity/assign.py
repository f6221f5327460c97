"""Ids for a document's new records: the parent's where the act is the same, from content where it is new."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ledger.identity.matching import Matching, Pair, in_text, match
from ledger.identity.similarity import grams, overlap
from schemas import CooperationRecord, Extraction, act_id_of, record_id_of

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
class Lineage:
    """What became of an old record: ``merged`` into one record or ``split`` into several, by their ids."""

    reason: Literal["merged", "split"]
    into: tuple[str, ...]


def split_evenly(matching: Matching) -> tuple[dict[int, int], dict[int, tuple[int, ...]]]:
    """Take the match from an old record that new ones inherit in equal parts.

    Returns:
        The pairs (new to old) that remain, and for each old record that is split the places of its successors.
    """
    pairs, splits = dict(matching.pairs), dict[int, tuple[int, ...]]()
    for new, old in matching.pairs.items():
        score = matching.scores.get((old, new), 1.0)
        rivals = [
            at for (one, at), other in matching.scores.items()
            if one == old and at not in matching.pairs and other >= score - _EVEN
        ]  # fmt: skip
        if rivals and score < _SURE:
            splits[old] = tuple(sorted([new, *rivals]))
            del pairs[new]
    return pairs, splits


def lineage_of(
    old: Extraction,
    new: Extraction,
    pairs: Mapping[int, int],
    splits: Mapping[int, tuple[int, ...]],
    scores: Mapping[Pair, float],
    ids: Mapping[int, str],
) -> tuple[dict[str, Lineage], dict[str, tuple[str, ...]]]:
    """Name the successors of old records: by old id, and by kept id the new records that were cut off it."""
    lineage = {
        old.records[at].record_id: Lineage("split", tuple(ids[one] for one in into)) for at, into in splits.items()
    }
    matched = {at: place for place, at in pairs.items()}
    for at in set(range(len(old.records))) - set(matched) - set(splits):
        into = _merged_into(old.records[at], at, new, pairs, scores)
        if into is not None:
            lineage[old.records[at].record_id] = Lineage("merged", (ids[into],))
    fresh = set(ids) - set(pairs) - {one for into in splits.values() for one in into}
    split_off = {
        old.records[at].record_id: tuple(ids[one] for one in sorted(fresh) if (at, one) in scores)
        for at in matched
        if any((at, one) in scores for one in fresh)
    }
    return lineage, split_off


def _merged_into(
    record: CooperationRecord, at: int, new: Extraction, pairs: Mapping[int, int], scores: Mapping[Pair, float]
) -> int | None:
    """Find the record, kept for another old one, that took this one in: its parties, and its words or its amount."""
    found = [(scores[at, place], place) for place in pairs if (at, place) in scores]
    near = [(score, place) for score, place in found if _took_in(record, new.records[place])]
    return max(near)[1] if near else None


def _took_in(old: CooperationRecord, new: CooperationRecord) -> bool:
    return old.actor.name == new.actor.name and overlap(grams(old.evidence.text), grams(new.evidence.text)) >= _SHARED


@dataclass(frozen=True, slots=True)
class Identified:
    """``records`` under their ids (in the given order); ``lineage`` tells for an old id what became of it.

    ``split_off`` tells for a kept id which new ones were cut off the same old act.
    """

    records: tuple[CooperationRecord, ...]
    lineage: dict[str, Lineage] = field(default_factory=dict)
    split_off: dict[str, tuple[str, ...]] = field(default_factory=dict)


def identify(old: Extraction | None, new: Extraction, *, owners: Mapping[str, str] | None = None) -> Identified:
    """Give the records of a new extraction their ids.

    Args:
        old: the document as the parent release holds it; None for a new document.
        new: the new extraction, whose records bear ids of their own content.
        owners: record ids in use, each with its document: no new record gets that of another document.
    """
    before = old.records if old else ()
    matching = match(old, new) if old else None
    pairs, splits = split_evenly(matching) if matching else ({}, {})
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
    if old is None or matching is None:
        return Identified(records)
    lineage, split_off = lineage_of(old, new, pairs, splits, matching.scores, ids)
    return Identified(records, lineage, split_off)


def _fresh_id(record: CooperationRecord, used: Collection[str], owners: Mapping[str, str]) -> str:
    found, occurrence = record_id_of(record), 0
    while found in used or owners.get(found, record.document_id) != record.document_id:
        occurrence += 1
        found = record_id_of(record, occurrence)
    return found


def _acts(
    before: Sequence[CooperationRecord], after: Sequence[CooperationRecord], pairs: dict[int, int]
) -> dict[str, str]:
    """Map the acts of a new extraction to those of the parent with which they share most records."""
    votes = Counter((after[place].act_id, before[at].act_id) for place, at in pairs.items())
    chosen: dict[str, str] = {}
    for (new, old), _ in sorted(votes.items(), key=_by_votes):
        if new not in chosen and old not in chosen.values():
            chosen[new] = old
    used = {record.act_id for record in before}
    for record in after:
        if record.act_id not in chosen:
            chosen[record.act_id] = _fresh_act(record, used | set(chosen.values()))
    return chosen


def _by_votes(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return (-item[1], item[0])


def _fresh_act(record: CooperationRecord, used: Collection[str]) -> str:
    found, occurrence = record.act_id, 0
    while found in used:
        found = act_id_of(record.document_id, record.evidence.text, record.actor.name, record.kind, occurrence)
        occurrence += 1
    return found
