"""Ids for a document's new records: the parent's where the act is the same, from content where it is new."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ledger.identity.heirs import Heir, heirs_of, split_apart
from ledger.identity.matching import in_text, match
from schemas import CooperationRecord, Extraction, act_id_of, record_id_of


@dataclass(frozen=True, slots=True)
class Identified:
    """``records`` under their ids (in the given order); ``heirs`` tells for an old id what became of it.

    ``beside`` tells for a kept id which new ones were cut off the same old act.
    """

    records: tuple[CooperationRecord, ...]
    heirs: dict[str, Heir] = field(default_factory=dict)
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)


def identify(old: Extraction | None, new: Extraction, *, taken: Collection[str] = frozenset()) -> Identified:
    """Give the records of a new extraction their ids.

    Args:
        old: the document as the parent release holds it; None for a new document.
        new: the new extraction, whose records bear ids of their own content.
        taken: ids that no new record may get, because records of other documents bear them.
    """
    before = old.records if old else ()
    matching = match(old, new) if old else None
    pairs, splits = split_apart(matching) if matching else ({}, {})
    used = {record.record_id for record in before}
    ids = {place: before[at].record_id for place, at in pairs.items()}
    for place in (at for at in in_text(new.records) if at not in pairs):
        ids[place] = _fresh(new.records[place], used, taken)
        used.add(ids[place])
    acts = _acts(before, new.records, pairs)
    records = tuple(
        record.model_copy(update={"record_id": ids[place], "act_id": acts[record.act_id]})
        for place, record in enumerate(new.records)
    )
    if old is None or matching is None:
        return Identified(records)
    heirs, beside = heirs_of(old, new, pairs, splits, matching.scores, ids)
    return Identified(records, heirs, beside)


def _fresh(record: CooperationRecord, used: Collection[str], taken: Collection[str]) -> str:
    occurrence = 0
    while (found := record_id_of(record, occurrence)) in used or found in taken:
        occurrence += 1
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
