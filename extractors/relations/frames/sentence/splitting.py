"""Several gifts under one verb: "approved a $20 million loan to Ghana and a $5 million grant to Togo"."""

from dataclasses import replace
from itertools import pairwise

from extractors.relations.frames.sentence.event import Event, Slot
from extractors.relations.frames.sentence.units import Unit

_GIVING = frozenset({"give", "approve", "fund", "receive", "sym", "found"})
_KINDS = frozenset({"loan", "grant", "export_credit", "investment", "technical_assistance"})
_TAKERS = frozenset({"to", "for", "in", "obj", "with"})
_BEFORE, _AFTER = 4, 3


def split_gifts(units: list[Unit], event: Event) -> list[Event]:
    """Return an event for each sum with a noun of giving of its own, or the event alone where there are fewer than two.

    What stands before the first sum is shared; a sum without a taker has the one of the next.
    """
    if event.verb is None or event.triggers[0].shape not in _GIVING:
        return [event]
    gifts = [(start, k) for k in event.nouns if k > event.anchor and (start := _sum_of(units, k)) is not None]
    starts = [start for start, _ in gifts]
    if len(set(starts)) < 2 or not all(_apart(units, a[1], b[0]) for a, b in pairwise(gifts)):
        return [event]
    stops = [*starts[1:], event.last]
    pieces = [_piece(units, event, k, start, stop) for (start, k), stop in zip(gifts, stops, strict=True)]
    shared = [slot for slot in event.slots if slot.noun is None or slot.noun.at < starts[0]]
    _lend_takers(pieces, any(slot.relation in _TAKERS for slot in shared))
    for piece in pieces:
        piece.slots = [*map(_copy, shared), *piece.slots]
    return pieces


def _sum_of(units: list[Unit], k: int) -> int | None:
    """Where the sum of the noun at ``k`` begins: "a $5 million grant", "a grant of $5 million"; None without one."""
    form = units[k].form
    if form is None or form.trigger.kind not in _KINDS:
        return None
    for j in range(k - 1, max(-1, k - 1 - _BEFORE), -1):
        if units[j].amount is not None:
            return j
        if units[j].kind != "word" or units[j].lower in {"and", "to", "for"}:
            break
    after = [u for u in units[k + 1 : k + 1 + _AFTER] if u.amount is not None]
    return k if after and units[k + 1].lower in {"of", "worth", "("} else None


def _apart(units: list[Unit], noun: int, start: int) -> bool:
    return any(u.lower in {"and", ",", "plus", "alongside"} for u in units[noun + 1 : start])


def _piece(units: list[Unit], event: Event, k: int, start: int, stop: int) -> Event:
    form = units[k].form
    named = [form.trigger] if form is not None else []
    slots = [slot for slot in event.slots if slot.noun is not None and start <= slot.noun.at < stop]
    return replace(
        event,
        triggers=[*(t for t in event.triggers if t.pos == "v"), *named],
        first=start,
        last=stop,
        start=units[start].start,
        end=units[stop - 1].end,
        nouns=[k],
        slots=slots,
    )


def _lend_takers(pieces: list[Event], known: bool) -> None:
    for piece, after in reversed(list(pairwise(pieces))):
        if not known and not piece.slots_of(*_TAKERS):
            piece.slots += [_copy(slot) for slot in after.slots_of(*_TAKERS)]


def _copy(slot: Slot) -> Slot:
    return replace(slot)
