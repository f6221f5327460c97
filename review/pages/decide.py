"""Deciding: accept, reject, undo, skip, each answered with the next record of the list; and many records at once.

Many are decided in two steps: first a preview with a box to tick for each record, then the decision.
"""

import secrets
from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ledger.decisions import UnknownDecisionError
from review.filters import Filters, document_address, record_address
from review.pages.clash import show_clash
from review.pages.document import document_items, next_open_item
from review.pages.record import card_of
from review.rendering import parties, render
from review.store import ConcurrentDecisionError, SeenRecord
from review.view import LedgerView, cleaned_names
from review.web import CurrentUser, Form, ListFilters, PostedForm, User, redirect
from schemas import CooperationRecord, Decision

router = APIRouter()
MAX_AT_ONCE = 500


@router.post("/decide")
def decide(user: CurrentUser, form: PostedForm) -> Response:
    """Accept or reject a record as it was shown, and go to the next."""
    verdict, view = form.verdict, user.view_to_decide(form)
    card = card_of(view, form["record"])
    record, store = card.record, user.services.store
    keeps = verdict == "accept" and card.orphaned
    if keeps and not card.quotable:
        raise HTTPException(409, "the document no longer holds the record's sentence: it cannot be kept")
    try:
        if keeps:
            made = store.add(record, reviewer=user.name, last_seen=form.last_seen, note=form["note"])
        else:
            made = store.decide(
                record, verdict=verdict, reviewer=user.name, last_seen=form.last_seen, note=form["note"],
                **form.reject_reason(),
            )  # fmt: skip
    except ConcurrentDecisionError as clash:
        if not clash.is_repeated(user.name, verdict):
            back = form.address(card.id, record.document_id)
            return show_clash(user, form, clash, record, action="/decide", back=back)
    else:
        user.show_saved(f"{parties(record)} {'kept on your word' if keeps else f'{verdict}ed'}", made)
    return next_record(user, form, record)  # also after the same key twice, which is no clash


@router.post("/skip")
def skip(user: CurrentUser, form: PostedForm) -> Response:
    """Skip a record: this browser is not led to it again."""
    user.session.skipped.add(form["record"])
    return next_record(user, form, card_of(user.view(), form["record"]).record)


@router.post("/undo")
def undo(user: CurrentUser, form: PostedForm) -> Response:
    """Take a decision back, and show its record."""
    user.require_name()
    view = user.view()
    decision = view.history.by_id(form["decision"])
    if decision is None or not view.may_see(decision):
        raise HTTPException(404, "there is no such decision")
    undone = user.services.store.undo(decision.id, reviewer=user.name)
    user.show_saved("taken back", undone)
    view, record_id = user.view(), undone.record_id
    if view.record(record_id) is None:  # it was added, or a suggestion
        return redirect(document_address(view.document_of(record_id), record_id, form.filters))
    return redirect(form.address(record_id, view.document_of(record_id)))


def next_record(user: User, form: Form, record: CooperationRecord) -> Response:
    """Go to the next open record of the list, or of the document if the curator works in one."""
    view, filters, here = user.view(), form.filters, record.record_id
    if form.in_document:
        document = view.release.document(record.document_id)
        items = document_items(view, record.document_id, (document.text if document else None) or "")
        after = next_open_item([one for one in items if one.id not in user.session.skipped or one.id == here], here)
        return redirect(document_address(record.document_id, after.id if after else here, filters))
    next_id = view.table.next(here, filters, skipped=user.skipped_or_waiting(view))
    return redirect(record_address(next_id, filters) if next_id else f"/{filters.query()}")


@router.get("/bulk")
def preview(user: CurrentUser, filters: ListFilters) -> Response:
    """Show the first records of a list, without orphans, to be ticked. Of a list without filters none is ticked
    beforehand, so that nobody decides about the whole ledger by accident."""
    return _preview(user, filters)


def _preview(user: User, filters: Filters, *, form: Form | None = None, wrong: str = "") -> Response:
    """Show the preview; after a refused ``form``, with what was ticked and typed in it."""
    view = user.view()
    places = view.table.places(filters)
    rows = [row for row in view.table.rows(places[:MAX_AT_ONCE]) if row["why"] != "orphaned"]
    kept = {ticked.rpartition(" ")[0] for ticked in form.all("record")} if form else None
    for row in rows:
        row["last"] = view.last_decision_id(row["record_id"])
        row["ticked"] = filters.narrowed if kept is None else row["record_id"] in kept
    return render(
        "bulk.html", user, 422 if wrong else 200, view=view, filters=filters, rows=rows, total=len(places),
        most=MAX_AT_ONCE, curators=user.known_curators(view), wrong=wrong,
        note=form["note"] if form else "", assignee=form["assignee"] if form else "",
    )  # fmt: skip


@router.post("/bulk")
def decide_many(user: CurrentUser, form: PostedForm) -> Response:
    """Accept or reject the ticked records, each as it was shown."""
    view = user.view_to_decide(form)
    verdict, chosen = form.verdict, form.all("record")[:MAX_AT_ONCE]
    if not chosen:
        return _preview(user, form.filters, form=form, wrong="nothing is ticked")
    batch = secrets.token_hex(8)
    note = form["note"] or f"{verdict}ed with {len(chosen) - 1} others"
    seen = [one for ticked in chosen if (one := _seen_record(view, ticked)) is not None]
    reason = form.reject_reason().get("reason")
    made = user.services.store.decide_all(
        seen, verdict=verdict, reviewer=user.name, batch=batch, note=note, reason=reason
    )
    user.show_saved(f"{len(made)} {verdict}ed", *made)
    left = "" if len(made) == len(chosen) else f"&left={len(chosen) - len(made)}"
    return redirect(f"/batch?id={batch}{left}")


def _seen_record(view: LedgerView, ticked: str) -> SeenRecord | None:
    """Return a ticked record (``<record id> <last decision id>``) as it is shown; None if it is gone."""
    record_id, _, last = ticked.rpartition(" ")
    record = view.shown(record_id) if view.release.has(record_id) else None
    return SeenRecord(record, last) if record else None


@router.post("/assign")
def assign(user: CurrentUser, form: PostedForm) -> Response:
    """Assign the ticked records to a curator, or to two who decide blindly; without a name, they are assigned by lot
    again."""
    view = user.view_to_decide(form)
    record_ids = [ticked.rpartition(" ")[0] for ticked in form.all("record")[:MAX_AT_ONCE]]
    chosen = [one for one in record_ids if view.release.has(one)]
    names = cleaned_names(form["assignee"].split(","))
    if not chosen or len(names) > 2:
        wrong = "at most two can code a record" if chosen else "nothing is ticked"
        return _preview(user, form.filters, form=form, wrong=wrong)
    user.services.store.assign(chosen, names)
    user.show_saved(f"{len(chosen)} assigned to {' and '.join(names) or 'whom the lot gives'}")
    return redirect(f"/{form.filters.query()}")


@router.get("/batch")
def batch(user: CurrentUser, id: str, left: int = 0) -> Response:
    """Show the decisions of a batch, which are read from the log, so that it can be undone at any time."""
    view = user.view()
    decided = _of_batch(view.decisions(), id)
    if not decided:
        raise HTTPException(404, "there are no such decisions")
    standing = sum(view.history.is_effective(one) for one in decided)
    return render("batch.html", user, batch=id, decisions=decided, standing=standing, left=left)


def _of_batch(decisions: Sequence[Decision], batch: str) -> list[Decision]:
    return [one for one in decisions if batch and one.batch == batch and not one.undoes]


@router.post("/batch/undo")
def undo_batch(user: CurrentUser, form: PostedForm) -> Response:
    """Undo all decisions of a batch that still stand."""
    user.require_name()
    view = user.view()
    standing = [one.id for one in _of_batch(view.decisions(), form["batch"]) if view.history.is_effective(one)]
    if not standing:
        raise HTTPException(404, "nothing of this kind stands any more")
    try:
        undone = user.services.store.undo_all(standing, reviewer=user.name)
    except UnknownDecisionError as error:
        raise HTTPException(404, "the log has another content than before") from error
    user.show_saved(f"{len(undone)} taken back", *undone)
    return redirect("/")
