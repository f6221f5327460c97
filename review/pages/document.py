"""The page of a whole document: its text, records, suggestions and unclaimed mentions; taking in suggestions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ledger.decisions import as_decided
from review.filters import ONE_OF_TWO, Filters, document_address
from review.pages.clash import show_clash
from review.pages.record import card_of, record_marks
from review.rendering import parties, render
from review.store import ConcurrentDecisionError
from review.text import CHUNK, WIDE, Mark, excerpt, pieces
from review.view import LedgerView
from review.web import CurrentUser, PostedForm, redirect
from schemas import CooperationRecord, Span, StoredDocument

router = APIRouter()


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """A record of a document as decided so far, or a suggestion (``offered``); ``status``: the decision in a word."""

    record: CooperationRecord
    status: str = ""
    offered: bool = False
    open: bool = True

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.record_id


def document_items(view: LedgerView, document_id: str, text: str) -> list[DocumentItem]:
    """List a document's records, also those that curators added, and undecided suggestions, in order of their text."""
    items = [_item_of(view, one, text) for one in view.release.records_of(document_id)]
    for one in view.added_to(document_id):
        if not view.release.has(one.record_id):
            items.append(_added_item(view, one))
    for one in view.release.possible_records(document_id):
        if view.standing(one.record_id) is None:
            items.append(DocumentItem(one, offered=True))
    return sorted(items, key=_position)


def _item_of(view: LedgerView, record: CooperationRecord, text: str) -> DocumentItem:
    state = view.standing(record.record_id)
    if state is None:
        return DocumentItem(record, open=not view.table.settled(record.record_id))
    status = view.status(record.record_id)
    waits = view.curator in status.curators and ONE_OF_TWO in status.verdict  # for the other coder
    shown = as_decided(record, state, text) or record
    return DocumentItem(shown, ", ".join(status.verdict), open=not (status.done or waits))


def _added_item(view: LedgerView, added: CooperationRecord) -> DocumentItem:
    word = "rejected" if view.is_rejected(added.record_id) else "added"
    return DocumentItem(view.shown(added.record_id) or added, word, open=False)


def _position(item: DocumentItem) -> tuple[int, bool, int, str]:
    return item.record.evidence.start, item.offered, item.record.rank, item.id


def next_open_item(items: Sequence[DocumentItem], record_id: str) -> DocumentItem | None:
    """Return the next open item after a record, starting over after the last; None if none is open."""
    place = next((place for place, item in enumerate(items) if item.id == record_id), -1)
    return next((item for item in (*items[place + 1 :], *items[: place + 1]) if item.open), None)


def document_marks(
    view: LedgerView, items: Sequence[DocumentItem], chosen: DocumentItem | None, document_id: str, text: str
) -> Iterator[Mark]:
    """Yield the marks of a text: unclaimed mentions, the sentence of each item, the quotations of the chosen one."""
    for one in view.release.unclaimed(document_id):
        if one.span.quotes(text):
            yield Mark("left", one.span, one.mention)
    for item in items:
        if item.record.evidence.quotes(text):
            title = "possible" if item.offered else ""
            yield Mark("maybe" if item.offered else "ev", item.record.evidence, title, item.id)
    if chosen is not None:
        yield from record_marks(chosen.record, text)


def document_text(view: LedgerView, document_id: str) -> tuple[StoredDocument, str]:
    """Return a document and its text. Raises HTTPException: the release has no such document, or no text of it."""
    stored = view.release.document(document_id)
    if stored is None or stored.text is None:
        raise HTTPException(404, "the release holds no text of such a document")
    return stored, stored.text


@router.get("/document")
def document(user: CurrentUser, id: str, record: str = "", at: int = 0, list: str = "") -> Response:
    """Show a document with all its records and suggestions marked in the text, one of them open for a decision.

    Args:
        user: the curator.
        id: the document.
        record: the record or suggestion to open.
        at: the offset to begin reading at, if no record is opened.
        list: the query string of the list that the curator came from.
    """
    view = user.view()
    stored, text = document_text(view, id)
    items = document_items(view, id, text)
    chosen = next((one for one in items if one.id == record), None)
    quoted = chosen is not None and chosen.record.evidence.quotes(text)
    place = min(max(0, at), max(0, len(text) - 1))
    span = chosen.record.evidence if chosen and quoted else Span.of(text, place, min(place + 1, len(text)))
    number = items.index(chosen) if chosen else -1
    return render(
        "document.html",
        user,
        view=view,
        document=stored,
        filters=Filters.of_query(list),
        items=items,
        chosen=chosen,
        card=card_of(view, chosen.id) if chosen and not chosen.offered else None,
        previous=items[number - 1] if number > 0 else None,
        next=items[number + 1] if number + 1 < len(items) else None,
        following=next_open_item(items, record),
        unclaimed=view.release.unclaimed(id),
        quoted=quoted,
        page=excerpt(text, span, [*document_marks(view, items, chosen, id, text)], width=WIDE) if text else None,
        place="document",
    )


@router.get("/text")
def text(user: CurrentUser, document: str, start: int, end: int, record: str = "", place: str = "") -> Response:
    """Return a further chunk of a document's text, with the offsets of the rest."""
    view = user.view()
    _, whole = document_text(view, document)
    if not 0 <= start < end <= len(whole):
        raise HTTPException(404, "there is no such text")
    low, high = (max(start, end - CHUNK), end) if start == 0 and (record or place) else (start, min(end, start + CHUNK))
    if place == "document":
        items = document_items(view, document, whole)
        chosen = next((one for one in items if one.id == record), None)
        marks = [*document_marks(view, items, chosen, document, whole)]
    else:
        shown = view.shown(record) if record else None
        marks = [*record_marks(shown, whole)] if shown else []
    return render(
        "text.html", user, parts_=pieces(whole, marks, low, high), low=low, high=high, start=start, end=end,
        document=document, record=record, place=place,
    )  # fmt: skip


@router.post("/possible")
def decide_suggestion(user: CurrentUser, form: PostedForm) -> Response:
    """Take in a suggestion as a record, or dismiss it; later runs respect the decision."""
    view, store = user.view_to_decide(form), user.services.store
    document_id, verdict = form.exactly("document"), form.verdict
    offered = next((one for one in view.release.possible_records(document_id) if one.record_id == form["record"]), None)
    if offered is None:
        raise HTTPException(404, "no such record is offered")
    _, text = document_text(view, document_id)
    after = next_open_item(document_items(view, document_id, text), offered.record_id)
    try:
        if verdict == "accept":
            added = offered.model_copy(update={"rank": view.release.next_rank(document_id)})
            made = store.add(added, reviewer=user.name, last_seen=form.last_seen, possible=True)
        else:
            made = store.dismiss(offered, reviewer=user.name, last_seen=form.last_seen)
    except ConcurrentDecisionError as clash:
        if not clash.is_repeated(user.name, verdict):
            back = document_address(document_id, offered.record_id, form.filters)
            return show_clash(user, form, clash, offered, action="/possible", back=back)
    else:
        user.show_saved(f"{parties(offered)} {'taken in' if verdict == 'accept' else 'dismissed'}", made)
    return redirect(document_address(document_id, after.id if after else offered.record_id, form.filters))
