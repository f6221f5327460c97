"""Splits and merges: what became of an old record that has no one new record of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ledger.identity.matching import Matching, Pair
from ledger.identity.similarity import overlap
from ledger.identity.traits import grams
from schemas import CooperationRecord, Extraction

_SURE = 0.9  # a record this like its old one is that one, whatever else came beside it
_EVEN = 0.03  # two heirs whose likeness differs by less have the same right to the old id: neither gets it
_SHARED = 0.6  # of the evidence, for an heir


@dataclass(frozen=True, slots=True)
class Heir:
    """What became of an old record: ``merged`` into one record or ``split`` into several, by their ids."""

    reason: Literal["merged", "split"]
    into: tuple[str, ...]


def split_apart(matching: Matching) -> tuple[dict[int, int], dict[int, tuple[int, ...]]]:
    """Take the match from an old record that new ones inherit in equal parts.

    Returns:
        The pairs (new to old) that remain, and for each old record that is split the places of its heirs.
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


def heirs_of(
    old: Extraction,
    new: Extraction,
    pairs: Mapping[int, int],
    splits: Mapping[int, tuple[int, ...]],
    scores: Mapping[Pair, float],
    ids: Mapping[int, str],
) -> tuple[dict[str, Heir], dict[str, tuple[str, ...]]]:
    """Name the heirs of old records: by old id, and by kept id the new records that were cut off it."""
    heirs = {old.records[at].record_id: Heir("split", tuple(ids[one] for one in into)) for at, into in splits.items()}
    matched = {at: place for place, at in pairs.items()}
    for at in set(range(len(old.records))) - set(matched) - set(splits):
        into = _merged_into(old.records[at], at, new, pairs, scores)
        if into is not None:
            heirs[old.records[at].record_id] = Heir("merged", (ids[into],))
    fresh = set(ids) - set(pairs) - {one for into in splits.values() for one in into}
    beside = {
        old.records[at].record_id: tuple(ids[one] for one in sorted(fresh) if (at, one) in scores)
        for at in matched
        if any((at, one) in scores for one in fresh)
    }
    return heirs, beside


def _merged_into(
    record: CooperationRecord, at: int, new: Extraction, pairs: Mapping[int, int], scores: Mapping[Pair, float]
) -> int | None:
    """Find the record, kept for another old one, that took this one in: its parties, and its words or its amount."""
    found = [(scores[at, place], place) for place in pairs if (at, place) in scores]
    near = [(score, place) for score, place in found if _took_in(record, new.records[place])]
    return max(near)[1] if near else None


def _took_in(old: CooperationRecord, new: CooperationRecord) -> bool:
    return old.actor.name == new.actor.name and overlap(grams(old.evidence.text), grams(new.evidence.text)) >= _SHARED
