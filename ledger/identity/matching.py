"""Matching new records with old ones: an optimal assignment over the whole document, not a greedy one."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ledger.identity.similarity import THRESHOLD, Traits, similarity, traits_of
from schemas import CooperationRecord, Extraction, signature

_ORDER_PENALTY = 1e-7  # breaks ties between equal matches in favour of the records' order
_MAX_LANDMARKS = 256
_MAX_PAIRS = 250_000  # above this, only records that share a rare key (parties, amount, a trigram) are compared
_RARE_AT_MOST = 12  # a key that at most so many old records have

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Matching:
    """``pairs`` maps new to old indices; ``scores`` has the similarity of (old, new) pairs from THRESHOLD up."""

    pairs: Mapping[int, int]
    scores: Mapping[Pair, float]


def match(old: Extraction, new: Extraction) -> Matching:
    """Match the records of a document's new version with those of its old one.

    Records with the same signature, unique on both sides, are paired first and not scored. The others are paired so
    that the sum of their similarities is greatest. Indices are into ``old.records`` and ``new.records``.
    """
    pairs = _identical_pairs(old.records, new.records)
    taken = set(pairs.values())
    left_old = [at for at in text_order(old.records) if at not in taken]
    left_new = [at for at in text_order(new.records) if at not in pairs]
    scores = _scores(old, new, left_old, left_new, pairs)
    return Matching(pairs | _assign(left_old, left_new, scores), scores)


def _identical_pairs(old: Sequence[CooperationRecord], new: Sequence[CooperationRecord]) -> dict[int, int]:
    olds, fresh = _unique_signatures(old), _unique_signatures(new)
    places = sorted((olds[key], place) for key, place in fresh.items() if key in olds)
    return {place: at for at, place in places}


def _unique_signatures(records: Sequence[CooperationRecord]) -> dict[tuple[str, ...], int]:
    """Map each signature that only one record has to the record's index."""
    signatures = [signature(record) for record in records]
    counts = Counter(signatures)
    return {key: index for index, key in enumerate(signatures) if counts[key] == 1}


def text_order(records: Sequence[CooperationRecord]) -> list[int]:
    """Return indices sorted by place in the text, so that the order of the records has no effect."""
    return sorted(range(len(records)), key=[_text_position(record) for record in records].__getitem__)


def _text_position(record: CooperationRecord) -> tuple[object, ...]:
    year, amount = record.year, record.amount
    return (
        record.evidence.start,
        record.evidence.end,
        signature(record),
        record.actor.span.start,
        record.partner.span.start if record.partner else -1,
        amount.span.start if amount else -1,
        (year.start, year.end or 0) if year else (0, 0),
        (record.status, record.sector.code),
    )


def _scores(
    old: Extraction, new: Extraction, olds: list[int], fresh: list[int], same: Mapping[int, int]
) -> dict[Pair, float]:
    if not olds or not fresh:
        return {}
    marks = list(same.items())[:_MAX_LANDMARKS]
    old_marks = [old.records[at].evidence.start for _, at in marks]
    new_marks = [new.records[at].evidence.start for at, _ in marks]
    old_traits = {at: traits_of(old.records[at], old.document.text, old_marks) for at in olds}
    new_traits = {at: traits_of(new.records[at], new.document.text, new_marks) for at in fresh}
    scored = (
        ((one, other), similarity(old_traits[one], new_traits[other], landmarks=len(marks)))
        for one, other in _candidate_pairs(old_traits, new_traits)
    )
    return {pair: score for pair, score in scored if score >= THRESHOLD}


def preload() -> None:
    """Import what matching needs, which takes about a second, before it is needed."""
    import scipy.optimize
    import scipy.sparse.csgraph  # noqa: F401


def _candidate_pairs(old: Mapping[int, Traits], new: Mapping[int, Traits]) -> list[Pair]:
    """List the (old, new) pairs to compare: all, unless the document is huge."""
    if len(old) * len(new) <= _MAX_PAIRS:
        return [(one, other) for one in old for other in new]
    by_key: dict[object, list[int]] = defaultdict(list)
    for at, traits in old.items():
        for key in _keys(traits):
            by_key[key].append(at)
    rare = {key: places for key, places in by_key.items() if len(places) <= _RARE_AT_MOST}
    return sorted({(one, at) for at, traits in new.items() for key in _keys(traits) for one in rare.get(key, ())})


def _keys(traits: Traits) -> list[object]:
    return [traits.evidence, (traits.actor, traits.partner), (traits.amount, traits.partner), *traits.evidence]


def _assign(olds: list[int], fresh: list[int], scores: Mapping[Pair, float]) -> dict[int, int]:
    """Map new to old indices, solving each connected component of the scored pairs by itself."""
    if not scores:
        return {}
    from scipy.sparse import coo_array  # takes a second; a run without changes does not need it
    from scipy.sparse.csgraph import connected_components

    places = {("old", at): node for node, at in enumerate(olds)}
    places |= {("new", at): node for node, at in enumerate(fresh, start=len(olds))}
    ends = [places["old", old] for old, _ in scores], [places["new", new] for _, new in scores]
    _, groups = connected_components(coo_array((np.ones(len(scores)), ends), shape=(len(places),) * 2), directed=False)
    rows, columns = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for (side, at), group in zip(places, groups.tolist(), strict=True):
        (rows if side == "old" else columns)[group].append(at)
    found: dict[int, int] = {}
    for group, members in rows.items():
        if group in columns:
            found |= _solve(members, columns[group], scores)
    return found


def _solve(rows: list[int], columns: list[int], scores: Mapping[Pair, float]) -> dict[int, int]:
    gain = np.array([[scores.get((old, new), 0.0) for new in columns] for old in rows])
    late = np.abs(np.arange(len(rows))[:, None] / len(rows) - np.arange(len(columns))[None, :] / len(columns))
    from scipy.optimize import linear_sum_assignment

    best = linear_sum_assignment(np.where(gain > 0, gain - _ORDER_PENALTY * late, 0.0), maximize=True)
    return {columns[column]: rows[row] for row, column in zip(*best, strict=True) if gain[row, column] > 0}
