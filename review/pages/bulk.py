"""Accepting many at once: first what would be accepted, each with a box to leave it out; then it is done."""

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.decisions import UnknownDecisionError
from review.pages.decide import named, same_release
from review.store import Clash, View
from review.web import Listed, Posted, Refused, Someone, Visitor, page, see

router = APIRouter()
AT_ONCE = 500


@router.get("/bulk")
def preview(who: Someone, filters: Listed) -> Response:
    """Show what would be accepted: the first records of a list, but for orphans."""
    view = who.desk.store.view()
    places = view.queue.places(filters)
    rows = [row for row in view.queue.rows(places[:AT_ONCE]) if row["why"] != "orphaned"]
    for row in rows:
        row["last"] = view.decided.last(row["record_id"])
    return page(
        "bulk.html", who, view=view, filters=filters, rows=rows, total=len(places), most=AT_ONCE, batch=None, clashes=()
    )


@router.post("/bulk")
def accept(who: Someone, form: Posted) -> Response:
    """Accept the records that were left ticked, each as it was shown."""
    named(who)
    view = who.desk.store.view()
    same_release(view, form)
    chosen = form.all("record")[:AT_ONCE]
    if not chosen:
        raise Refused(400, "nothing is ticked")
    note = form["note"] or f"accepted with {len(chosen) - 1} others"
    done, clashes = [], []
    for one in chosen:
        record_id, _, last = one.rpartition(" ")
        decision = _accepted(who, view, record_id, last, note)
        done += [decision] if decision else []
        clashes += [] if decision else [record_id]
    batch = done[0] if done else ""
    who.session.batches[batch] = tuple(done)
    who.session.said = f"Saved: {len(done)} accepted."
    return page(
        "bulk.html", who, view=who.desk.store.view(), filters=form.filters, rows=[], total=len(done), most=AT_ONCE,
        batch=batch, clashes=clashes,
    )  # fmt: skip


def _accepted(who: Visitor, view: View, record_id: str, last: str, note: str) -> str | None:
    record = view.shown(record_id)
    if record is None or view.shelf.record(record_id) is None:
        return None
    try:
        return who.desk.store.decide(record, verdict="accept", reviewer=who.name, last_seen=last, note=note).id
    except Clash:
        return None


@router.post("/bulk/undo")
def undo(who: Someone, form: Posted) -> Response:
    """Take back all that was accepted at once."""
    named(who)
    batch = who.session.batches.pop(form["batch"], ())
    if not batch:
        raise Refused(404, "there is nothing of this kind to take back; each decision can be undone by itself")
    standing = {one.id for one in who.desk.store.view().decided.effective()}
    try:
        for decision in batch:
            if decision in standing:
                who.desk.store.undo(decision, reviewer=who.name)
    except UnknownDecisionError as error:
        raise Refused(404, "the log has another content than before") from error
    who.session.said = f"Saved: {len(batch)} taken back."
    return see(f"/{form.filters.query()}")
