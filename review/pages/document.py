"""A whole document: its text, its records, what was left over, and adding a record that the machine missed."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.adding import FIELDS, added_record, suggested
from review.card import card_of
from review.editing import Draft, EditError, drafted, typed
from review.items import following, items_of, marks_in
from review.pages.decide import mine, named, same_release
from review.pages.edit import OPTIONS
from review.queue import Filters
from review.store import View
from review.text import WIDE, Mark, around
from review.web import Form, Posted, Refused, Someone, Visitor, document_address, page, see
from review.words import REASONS, parties
from schemas import Span, StoredDocument

router = APIRouter()
_LONGEST = 5_000


@router.get("/document")
def document(who: Someone, id: str, record: str = "", at: int = 0, list: str = "") -> Response:
    """Show a document with all its records and suggestions in the text, one of them opened to be decided.

    Args:
        who: the curator.
        id: the document.
        record: the record or suggestion to open.
        at: where to begin reading, where none is opened.
        list: the query of the list that the curator came from.
    """
    view, filters = who.view(), Filters.of_query(list)
    stored, text = _found(view, id)
    items = items_of(view, id, text)
    chosen = next((one for one in items if one.id == record), None)
    place = min(max(0, at), max(0, len(text) - 1))
    shown = chosen.record.evidence if chosen else None
    quoted = shown is not None and shown.quotes(text)
    span = shown if shown is not None and quoted else Span.of(text, place, min(place + 1, len(text)))
    number = items.index(chosen) if chosen else -1
    return page(
        "document.html",
        who,
        view=view,
        document=stored,
        filters=filters,
        items=items,
        chosen=chosen,
        card=card_of(view, chosen.id) if chosen and not chosen.offered else None,
        previous=items[number - 1] if number > 0 else None,
        next=items[number + 1] if number + 1 < len(items) else None,
        following=following(items, record),
        leftovers=view.shelf.leftovers(id),
        quoted=quoted,
        page=around(text, span, [*marks_in(view, items, chosen, id, text)], width=WIDE) if text else None,
        place="document",
        reasons=REASONS,
        undoable=who.undoable(view.decided) if who.name else None,
        decisions=len(view.decided.all),
    )


@router.post("/possible")
def possible(who: Someone, form: Posted) -> Response:
    """Take in a record that was only offered, or dismiss it; later runs keep to it."""
    named(who)
    view = who.view()
    same_release(view, form)
    name = form["document"]
    one = next((one for one in view.shelf.possible(name) if one.record_id == form["record"]), None)
    if one is None or form["verdict"] not in ("accept", "reject"):
        raise Refused(404, "no such record is offered")
    _, text = _found(view, name)
    after = following(items_of(view, name, text), one.record_id)
    if view.decided.standing(one.record_id) is None:  # else the same key twice, or somebody else was first
        taken = form["verdict"] == "accept"
        store = who.desk.store
        added = one.model_copy(update={"rank": _next_rank(view, name)})
        mine(
            who, store.add(added, reviewer=who.name, possible=True) if taken else store.dismiss(one, reviewer=who.name)
        )
        who.session.said = f"Saved: {parties(one)} {'taken in' if taken else 'dismissed'}."
    return see(document_address(name, after.id if after else one.record_id, form.filters))


def _next_rank(view: View, document_id: str) -> int:
    return max((one.rank for one in view.shelf.records_of(document_id)), default=0) + 1


def _found(view: View, document_id: str) -> tuple[StoredDocument, str]:
    stored = view.shelf.document(document_id)
    if stored is None or stored.text is None:
        raise Refused(404, "the release holds no text of such a document")
    return stored, stored.text


@router.get("/add")
def add(who: Someone, document: str, start: int = 0, end: int = 0, mention: str = "", list: str = "") -> Response:
    """Show the form of a new record, filled in from what is mentioned around a place."""
    view = who.view()
    stored, text = _found(view, document)
    if not 0 <= start < end <= len(text):
        drafts = {name: Draft(name, None, None) for name in FIELDS}
    else:
        drafts = suggested(text, start, end, who.desk.normalise, mention=mention)
    return _form(who, view, stored, drafts, Filters.of_query(list))


@router.get("/add/here")
def here(who: Someone, document: str, start: int, end: int, list: str = "") -> Response:
    """Draft a record from words selected in the document: a party, a sum, a year, or the sentence that states it."""
    view = who.view()
    stored, text = _found(view, document)
    if not 0 <= start < end <= len(text) or end - start > _LONGEST:
        raise Refused(400, "select the words of one act")
    drafts = suggested(text, start, end, who.desk.normalise)
    return page(
        "add_here.html", who, view=view, document=stored, drafts=drafts, note="", place="document",
        filters=Filters.of_query(list), **OPTIONS,
    )  # fmt: skip


def _form(
    who: Visitor,
    view: View,
    stored: StoredDocument,
    drafts: dict[str, Draft],
    filters: Filters,
    form: Form | None = None,
    wrong: str = "",
) -> Response:
    text = stored.text or ""
    span = drafts["evidence"].span
    marks = [Mark(name, one.span, name) for name, one in drafts.items() if one.span and name != "evidence"]
    shown = around(text, span or Span.of(text, 0, min(1, len(text))), marks) if text else None
    return page(
        "add.html", who, 422 if wrong else 200, view=view, document=stored, drafts=drafts, page=shown, wrong=wrong,
        filters=filters, note=form["note"] if form else "", place=form["place"] if form else "", **OPTIONS,
    )  # fmt: skip


@router.get("/draft")
def draft(who: Someone, document: str, field: str, start: int, end: int, year: int | None = None) -> Response:
    """Read newly selected words as a field of the new record."""
    view = who.view()
    _, text = _found(view, document)
    if field not in FIELDS:
        raise Refused(404, "there is no such field")
    try:
        read = drafted(field, text, start, end, who.desk.normalise, year=year)
    except EditError as error:
        raise Refused(400, str(error)) from error
    return page("draft.html", who, document_id=document, draft=read, **OPTIONS)


@router.post("/add")
def save(who: Someone, form: Posted) -> Response:
    """Log the new record, and show it."""
    named(who)
    view = who.view()
    same_release(view, form)
    stored, text = _found(view, form["document"])
    try:
        record = added_record(form, stored, view, who.name, who.desk.normalise)
    except EditError as error:
        drafts = {
            name: typed(name, form, text, error if str(error).startswith(f"{name}:") else None) for name in FIELDS
        }
        return _form(who, view, stored, drafts, form.filters, form, str(error))
    mine(who, who.desk.store.add(record, reviewer=who.name, note=form["note"]))
    who.session.said = "Saved: a record added; the next run publishes it."
    return see(form.address(record.record_id, record.document_id))
