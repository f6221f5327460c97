"""A document as a place to work: its records and suggestions in the order of the text, and their marks in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.decisions import as_decided
from review.card import marks_of
from review.queue import ONE_OF_TWO
from review.store import View
from review.text import Mark
from schemas import CooperationRecord


@dataclass(frozen=True, slots=True)
class Item:
    """A record of a document as decided so far, or one only offered; ``said`` is what was decided, in a word."""

    record: CooperationRecord
    said: str = ""
    offered: bool = False
    open: bool = True

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.record_id


def items_of(view: View, document_id: str, text: str) -> list[Item]:
    """List the records of a document, those that curators added too, and the suggestions that nobody decided about."""
    here = [_published(view, one, text) for one in view.shelf.records_of(document_id)]
    fresh = [one for one in view.decided.added_to(document_id) if view.shelf.row(one.record_id) is None]
    here += [Item(one, "added", open=False) for one in fresh]
    offered = [one for one in view.shelf.possible(document_id) if view.decided.standing(one.record_id) is None]
    return sorted([*here, *(Item(one, offered=True) for one in offered)], key=_place)


def _published(view: View, record: CooperationRecord, text: str) -> Item:
    state = view.standing(record.record_id)
    if state is None:
        return Item(record, open=not view.queue.settled(record.record_id))
    said = view.said(record.record_id)
    mine = view.eyes in said.curators and ONE_OF_TWO in said.verdict  # it waits for somebody else
    return Item(as_decided(record, state, text) or record, ", ".join(said.verdict), open=not (said.done or mine))


def _place(item: Item) -> tuple[int, bool, int, str]:
    return item.record.evidence.start, item.offered, item.record.rank, item.id


def following(items: Sequence[Item], record_id: str) -> Item | None:
    """Return the next open item of a document after one, from the top after the last; None if none is open."""
    place = next((place for place, item in enumerate(items) if item.id == record_id), -1)
    return next((item for item in (*items[place + 1 :], *items[: place + 1]) if item.open), None)


def marks_in(view: View, items: Sequence[Item], chosen: Item | None, document_id: str, text: str) -> Iterator[Mark]:
    """List what is marked in the text: leftovers, the sentence of each item, and the words of the one chosen."""
    for one in view.shelf.leftovers(document_id):
        if one.span.quotes(text):
            yield Mark("left", one.span, one.mention)
    for item in items:
        if item.record.evidence.quotes(text):
            title = "possible" if item.offered else ""
            yield Mark("maybe" if item.offered else "ev", item.record.evidence, title, item.id)
    if chosen is not None:
        yield from marks_of(chosen.record, text)
