"""One act told twice is one record: news tell theirs in the headline, the lead and the body."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from extractors.reader.pieces import entity_of
from extractors.records.instances import Instance


def merged(found: Iterable[Instance], title_end: int) -> list[Instance]:
    """Return instances without those that tell another's act again, likeliest first.

    What is kept takes a year or sum from the other where it has none itself. ``title_end`` is where the title ends.
    """
    kept: list[Instance] = []
    by_names: dict[object, list[int]] = defaultdict(list)
    by_place: dict[object, list[int]] = defaultdict(list)
    for one in sorted(found, key=_order):
        names = _names(one)
        near = {*by_names[names], *by_names[names[::-1]], *by_place[one.evidence, names[0]]}
        at = next((i for i in sorted(near) if _retells(one, kept[i], title_end)), None)
        if at is None:
            by_names[names].append(len(kept))
            by_place[one.evidence, names[0]].append(len(kept))
            kept.append(one)
        else:
            first = kept[at]
            told = first.told + (one.act is not first.act)
            kept[at] = replace(first, told=told, year=first.year or one.year, amount=first.amount or one.amount)
    return kept


def _order(one: Instance) -> tuple[float, int, int, int]:
    return -one.likely, one.act.start, one.actor.start, one.partner.start if one.partner else -1


def _retells(one: Instance, other: Instance, title_end: int) -> bool:
    a, b = _names(one), _names(other)
    same, swapped = a == b, a == b[::-1]
    if one.act is other.act:
        return same or swapped
    if not _agree(_sum(one), _sum(other)):
        return False
    partial = a[0] == b[0] and (a[1] is None or b[1] is None)
    if one.evidence == other.evidence:
        return same or swapped or partial
    if not same or not _agree(_year(one), _year(other)):
        return False
    opening = min(one.act.start, other.act.start) <= title_end
    return opening or _kind(one) == _kind(other) or (_sum(one) is not None and _sum(other) is not None)


def _names(one: Instance) -> tuple[str | None, str | None]:
    return entity_of(one.actor), entity_of(one.partner) if one.partner else None


def _agree(a: object, b: object) -> bool:
    return a is None or b is None or a == b


def _sum(one: Instance) -> tuple[float | None, str] | None:
    return (one.sum.value, one.sum.unit) if one.sum else None


def _year(one: Instance) -> int | None:
    return one.when.first if one.when else None


def _kind(one: Instance) -> str:
    return one.act.kind
