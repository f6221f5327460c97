"""One record: its text, its fields, its story."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.card import Card, card_of, marks_of
from review.items import items_of, marks_in
from review.queue import Filters
from review.store import View
from review.text import CHUNK, Mark, pieces
from review.web import Listed, Refused, Someone, Visitor, page
from review.words import REASONS

router = APIRouter()


@router.get("/record/{record_id:path}")
def record(who: Someone, filters: Listed, record_id: str) -> Response:
    """Show one record within a list."""
    view = who.view()
    return show(who, view, found(view, record_id), filters)


def found(view: View, record_id: str) -> Card:
    """Gather what is shown of a record. Raises Refused: there is none such."""
    card = card_of(view, record_id)
    if card is None:
        raise Refused(404, "there is no such record")
    return card


def show(who: Visitor, view: View, card: Card, filters: Filters, status: int = 200) -> Response:
    """Show a record."""
    return page(
        "record.html",
        who,
        status,
        view=view,
        card=card,
        filters=filters,
        total=len(view.queue.places(filters)),
        position=view.queue.position(card.id, filters),
        next=view.queue.next(card.id, filters, skipped=who.passed_over(view)),
        previous=view.queue.previous(card.id, filters),
        reasons=REASONS,
        undoable=who.undoable(view.decided) if who.name else None,
        decisions=len(view.decided.all),
    )


@router.get("/text")
def text(who: Someone, document: str, start: int, end: int, record: str = "", place: str = "") -> Response:
    """Return a further part of a document's text, and where it goes on."""
    view = who.view()
    stored = view.shelf.document(document)
    if stored is None or stored.text is None or not 0 <= start < end <= len(stored.text):
        raise Refused(404, "there is no such text")
    marks = _marks(view, document, stored.text, record, whole=place == "document")
    low, high = (max(start, end - CHUNK), end) if start == 0 and (record or place) else (start, min(end, start + CHUNK))
    parts = pieces(stored.text, marks, low, high)
    return page(
        "text.html", who, parts_=parts, low=low, high=high, start=start, end=end, document=document, record=record,
        place=place,
    )  # fmt: skip


def _marks(view: View, document_id: str, text: str, record_id: str, *, whole: bool) -> list[Mark]:
    if whole:
        items = items_of(view, document_id, text)
        chosen = next((one for one in items if one.id == record_id), None)
        return list(marks_in(view, items, chosen, document_id, text))
    shown = view.shown(record_id) if record_id else None
    return list(marks_of(shown, text)) if shown else []
