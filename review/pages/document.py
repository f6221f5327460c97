"""A whole document: its text, its records, what was left over, and adding a record that the machine missed."""

from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from review.adding import FIELDS, added_record, suggested
from review.editing import Draft, EditError, drafted, typed
from review.pages.decide import mine, named, same_release
from review.pages.edit import OPTIONS
from review.store import View
from review.text import Mark, around
from review.web import Posted, Refused, Someone, Visitor, as_path, page, see
from review.words import parties
from schemas import Span, StoredDocument

router = APIRouter()


@router.get("/document")
def document(who: Someone, id: str, at: int = 0) -> Response:
    """Show a document with the sentences of its records and the mentions that ended in none."""
    view = who.desk.store.view()
    stored, text = _found(view, id)
    leftovers = view.shelf.leftovers(id)
    records = view.shelf.records_of(id)
    marks = [Mark("left", one.span, one.mention) for one in leftovers if one.span.quotes(text)]
    offered = [one for one in view.shelf.possible(id) if view.decided.standing(one.record_id) is None]
    marks += [Mark("maybe", one.evidence, "possible") for one in offered if one.evidence.quotes(text)]
    marks += [Mark("ev", one.evidence) for one in records if one.evidence.quotes(text)]
    place = min(max(0, at), max(0, len(text) - 1))
    return page(
        "document.html",
        who,
        view=view,
        document=stored,
        records=records,
        leftovers=leftovers,
        offered=offered,
        decided={one.record_id for one in records if view.decided.standing(one.record_id)},
        added=_added(view, id),
        page=around(text, Span.of(text, place, place + 1), marks, width=60_000) if text else None,
    )


@router.post("/possible")
def possible(who: Someone, form: Posted) -> Response:
    """Take in a record that was only offered, or dismiss it; later runs keep to it."""
    named(who)
    view = who.desk.store.view()
    same_release(view, form)
    name = form["document"]
    one = next((one for one in view.shelf.possible(name) if one.record_id == form["record"]), None)
    if one is None or form["verdict"] not in ("accept", "reject"):
        raise Refused(404, "no such record is offered")
    if view.decided.standing(one.record_id) is None:  # else the same key twice, or somebody else was first
        taken = form["verdict"] == "accept"
        store = who.desk.store
        added = one.model_copy(update={"rank": _next_rank(view, name)})
        mine(
            who, store.add(added, reviewer=who.name, possible=True) if taken else store.dismiss(one, reviewer=who.name)
        )
        who.session.said = f"Saved: {parties(one)} {'taken in' if taken else 'dismissed'}."
    return see(f"/document?{urlencode({'id': name, 'at': one.evidence.start})}")


def _next_rank(view: View, document_id: str) -> int:
    return max((one.rank for one in view.shelf.records_of(document_id)), default=0) + 1


def _added(view: View, document_id: str) -> list[str]:
    """List records that curators added to a document and that no release has yet."""
    ids = dict.fromkeys(
        one.record_id for one in view.decided.effective() if one.document_id == document_id and one.added
    )
    return [one for one in ids if view.shelf.row(one) is None]


def _found(view: View, document_id: str) -> tuple[StoredDocument, str]:
    stored = view.shelf.document(document_id)
    if stored is None or stored.text is None:
        raise Refused(404, "the release holds no text of such a document")
    return stored, stored.text


@router.get("/add")
def add(who: Someone, document: str, start: int = 0, end: int = 0, mention: str = "") -> Response:
    """Show the form of a new record, filled in from what is mentioned around a place."""
    view = who.desk.store.view()
    stored, text = _found(view, document)
    if not 0 <= start < end <= len(text):
        drafts = {name: Draft(name, None, None) for name in FIELDS}
    else:
        drafts = suggested(text, start, end, who.desk.normalise, mention=mention)
    return _form(who, view, stored, drafts)


def _form(
    who: Visitor, view: View, stored: StoredDocument, drafts: dict[str, Draft], wrong: str = "", note: str = ""
) -> Response:
    text = stored.text or ""
    span = drafts["evidence"].span
    marks = [Mark(name, one.span, name) for name, one in drafts.items() if one.span and name != "evidence"]
    shown = around(text, span or Span.of(text, 0, min(1, len(text))), marks) if text else None
    return page(
        "add.html", who, 422 if wrong else 200, view=view, document=stored, drafts=drafts, page=shown, wrong=wrong,
        note=note, **OPTIONS,
    )  # fmt: skip


@router.get("/draft")
def draft(who: Someone, document: str, field: str, start: int, end: int, year: int | None = None) -> Response:
    """Read newly selected words as a field of the new record."""
    view = who.desk.store.view()
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
    view = who.desk.store.view()
    same_release(view, form)
    stored, text = _found(view, form["document"])
    try:
        record = added_record(form, stored, view, who.name, who.desk.normalise)
    except EditError as error:
        drafts = {
            name: typed(name, form, text, error if str(error).startswith(f"{name}:") else None) for name in FIELDS
        }
        return _form(who, view, stored, drafts, str(error), note=form["note"])
    mine(who, who.desk.store.add(record, reviewer=who.name, note=form["note"]))
    who.session.said = "Saved: a record added; the next run publishes it."
    return see(f"/record/{as_path(record.record_id)}")
