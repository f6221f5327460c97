"""Deciding: accept, reject, undo, skip. Each answers with the next record of the list."""

from typing import Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.decisions import UnknownDecisionError
from review.pages.record import found
from review.queue import Filters
from review.store import Clash, View
from review.web import Form, Posted, Refused, Someone, Visitor, as_path, page, see
from review.words import parties
from schemas import Decision, RejectReason, Verdict

router = APIRouter()
_VERDICTS: dict[str, Verdict] = {"accept": "accept", "reject": "reject"}


@router.post("/decide")
def decide(who: Someone, form: Posted) -> Response:
    """Accept or reject a record as it was shown, and go on."""
    verdict = _VERDICTS.get(form["verdict"])
    if verdict is None:
        raise Refused(400, "accept or reject")
    named(who)
    view = who.desk.store.view()
    same_release(view, form)
    card = found(view, form["record"])
    if verdict == "accept" and card.orphaned:
        return _keep(who, form, view)
    try:
        made = who.desk.store.decide(
            card.record,
            verdict=verdict,
            reviewer=who.name,
            last_seen=seen(form),
            note=form["note"],
            **why_rejected(form),
        )
    except Clash as clash:
        if all(one.reviewer == who.name and one.verdict == verdict and not one.undoes for one in clash.theirs):
            return onward(who, form["record"], form.filters)  # the same key twice
        return clashed(who, form, clash, "/decide")
    mine(who, made)
    who.session.said = f"Saved: {parties(card.record)} {verdict}ed."
    return onward(who, form["record"], form.filters)


def _keep(who: Visitor, form: Form, view: View) -> Response:
    """Keep a record that the machine reads no longer, on the curator's word."""
    card = found(view, form["record"])
    if not card.quotable:
        raise Refused(409, "the document no longer holds the record's sentence: it cannot be kept")
    mine(who, who.desk.store.add(card.record, reviewer=who.name, note=form["note"]))
    who.session.said = f"Saved: {parties(card.record)} kept on your word."
    return onward(who, card.id, form.filters)


@router.post("/skip")
def skip(who: Someone, form: Posted) -> Response:
    """Leave a record for later: this browser is not led to it again."""
    who.session.skipped.add(form["record"])
    return onward(who, form["record"], form.filters)


@router.post("/undo")
def undo(who: Someone, form: Posted) -> Response:
    """Take a decision back, and show its record."""
    named(who)
    try:
        undone = who.desk.store.undo(form["decision"], reviewer=who.name)
        mine(who, undone)
    except UnknownDecisionError as error:
        raise Refused(404, "there is no such decision") from error
    view = who.desk.store.view()
    who.session.said = "Saved: taken back."
    if view.record(undone.record_id) is None:  # it was a record that the curator had added
        return see(f"/document?{urlencode({'id': undone.document_id})}")
    return see(f"/record/{as_path(undone.record_id)}{form.filters.query()}")


def named(who: Visitor) -> None:
    """Insist on a name."""
    if not who.name:
        raise Refused(403, "say who you are first: decisions are logged under a name")


def mine(who: Visitor, decision: Decision) -> None:
    """Remember that this browser made a decision, so that it can take it back."""
    who.session.decided.append(decision.id)


def why_rejected(form: Form) -> dict[str, Any]:
    """Read why a record is rejected. Raises Refused: there is no such reason, or no such other record."""
    reason = form["reason"]
    if not reason or form["verdict"] != "reject":
        return {}
    if reason not in get_args(RejectReason):
        raise Refused(400, "there is no such reason")
    return {"reason": reason, "duplicate_of": (form["duplicate_of"] or None) if reason == "duplicate" else None}


def same_release(view: View, form: Form) -> None:
    """Insist that the curator saw the release that stands: in another one the record may say something else."""
    if form["release"] != view.shelf.version:
        raise Refused(409, "a new release was published meanwhile, and nothing was saved: look at the record again")


def seen(form: Form) -> str | None:
    """Return the last decision that the curator had seen; None where they decide though they know of a clash."""
    return None if form["anyway"] else form["seen"]


def clashed(who: Visitor, form: Form, clash: Clash, action: str) -> Response:
    """Show what somebody else decided meanwhile; nothing was written."""
    view = who.desk.store.view()
    fields = [(name, value) for name, values in form.fields.items() for value in values if name not in ("csrf", "seen")]
    return page(
        "clash.html",
        who,
        409,
        card=found(view, form["record"]),
        theirs=clash.theirs,
        filters=form.filters,
        fields=fields,
        action=action,
    )


def onward(who: Visitor, record_id: str, filters: Filters) -> Response:
    """Go to the next record of a list, or to the list if it is done."""
    queue = who.desk.store.view().queue
    following = queue.next(record_id, filters, skipped=frozenset(who.session.skipped))
    return see(f"/record/{as_path(following)}{filters.query()}" if following else f"/{filters.query()}")
