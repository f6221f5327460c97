"""Deciding many at once: first what would be decided, each with a box that is to be ticked; then it is done."""

import secrets
from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.decisions import UnknownDecisionError
from review.pages.decide import mine, named, same_release, why_rejected
from review.store import Clash, View
from review.web import Form, Listed, Posted, Refused, Someone, Visitor, page, see
from review.words import REASONS
from schemas import Decision, Verdict

router = APIRouter()
AT_ONCE = 500
_VERDICTS: dict[str, Verdict] = {"accept": "accept", "reject": "reject"}


@router.get("/bulk")
def preview(who: Someone, filters: Listed) -> Response:
    """Show what can be decided: the first records of a list, but for orphans. None is ticked of a list that is not
    narrowed, so that nobody decides about the whole ledger by accident."""
    view = who.view()
    places = view.queue.places(filters)
    rows = [row for row in view.queue.rows(places[:AT_ONCE]) if row["why"] != "orphaned"]
    for row in rows:
        row["last"] = view.last(row["record_id"])
    ticked = filters.narrowed
    return page(
        "bulk.html", who, view=view, filters=filters, rows=rows, total=len(places), most=AT_ONCE, ticked=ticked,
        reasons=REASONS,
    )  # fmt: skip


@router.post("/bulk")
def decide(who: Someone, form: Posted) -> Response:
    """Accept or reject the records that were left ticked, each as it was shown."""
    named(who)
    view = who.view()
    same_release(view, form)
    verdict = _VERDICTS.get(form["verdict"])
    chosen = form.all("record")[:AT_ONCE]
    if verdict is None or not chosen:
        raise Refused(400, "nothing is ticked" if verdict else "accept or reject")
    batch = secrets.token_hex(8)
    note = form["note"] or f"{verdict}ed with {len(chosen) - 1} others"
    done = sum(_decided(who, view, form, one, verdict, batch, note) for one in chosen)
    who.session.said = f"Saved: {done} {verdict}ed."
    left = "" if done == len(chosen) else f"&left={len(chosen) - done}"
    return see(f"/batch?id={batch}{left}")


def _decided(who: Visitor, view: View, form: Form, chosen: str, verdict: Verdict, batch: str, note: str) -> bool:
    record_id, _, last = chosen.rpartition(" ")
    record = view.shown(record_id)
    if record is None or view.shelf.record(record_id) is None:
        return False
    try:
        made = who.desk.store.decide(
            record, verdict=verdict, reviewer=who.name, last_seen=last, note=note, batch=batch, **why_rejected(form)
        )
    except Clash:
        return False
    mine(who, made)
    return True


@router.get("/batch")
def done(who: Someone, id: str, left: int = 0) -> Response:
    """Show what was decided at once, which the log tells, so that it can be taken back at any time."""
    decided = who.view().decided
    batch = _of(decided.all, id)
    if not batch:
        raise Refused(404, "there are no such decisions")
    standing = {one.id for one in decided.effective()}
    return page(
        "batch.html", who, batch=id, decisions=batch, standing=sum(one.id in standing for one in batch), left=left
    )


def _of(decisions: Sequence[Decision], batch: str) -> list[Decision]:
    return [one for one in decisions if batch and one.batch == batch and not one.undoes]


@router.post("/batch/undo")
def undo(who: Someone, form: Posted) -> Response:
    """Take back all that was decided at once and still stands."""
    named(who)
    decided = who.view().decided
    standing = {one.id for one in decided.effective()}
    batch = [one for one in _of(decided.all, form["batch"]) if one.id in standing]
    if not batch:
        raise Refused(404, "nothing of this kind stands any more")
    try:
        for one in batch:
            mine(who, who.desk.store.undo(one.id, reviewer=who.name))
    except UnknownDecisionError as error:
        raise Refused(404, "the log has another content than before") from error
    who.session.said = f"Saved: {len(batch)} taken back."
    return see("/")
