"""Deciding: accept, reject, undo, skip. Each answers with the next record of the list."""

from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.decisions import UnknownDecisionError
from review.items import following, items_of
from review.pages.record import found
from review.store import Clash, View
from review.web import Form, Posted, Refused, Someone, Visitor, as_path, document_address, page, see
from review.words import parties
from schemas import CooperationRecord, Decision, RejectReason, Verdict

router = APIRouter()
_VERDICTS: dict[str, Verdict] = {"accept": "accept", "reject": "reject"}


@router.post("/decide")
def decide(who: Someone, form: Posted) -> Response:
    """Accept or reject a record as it was shown, and go on."""
    verdict = _VERDICTS.get(form["verdict"])
    if verdict is None:
        raise Refused(400, "accept or reject")
    named(who)
    view = who.view()
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
            return onward(who, form, card.record)  # the same key twice
        return clashed(who, form, clash, "/decide")
    mine(who, made)
    who.session.said = f"Saved: {parties(card.record)} {verdict}ed."
    return onward(who, form, card.record)


def _keep(who: Visitor, form: Form, view: View) -> Response:
    """Keep a record that the machine reads no longer, on the curator's word."""
    card = found(view, form["record"])
    if not card.quotable:
        raise Refused(409, "the document no longer holds the record's sentence: it cannot be kept")
    mine(who, who.desk.store.add(card.record, reviewer=who.name, note=form["note"]))
    who.session.said = f"Saved: {parties(card.record)} kept on your word."
    return onward(who, form, card.record)


@router.post("/skip")
def skip(who: Someone, form: Posted) -> Response:
    """Leave a record for later: this browser is not led to it again."""
    who.session.skipped.add(form["record"])
    return onward(who, form, found(who.view(), form["record"]).record)


@router.post("/undo")
def undo(who: Someone, form: Posted) -> Response:
    """Take a decision back, and show its record."""
    named(who)
    try:
        undone = who.desk.store.undo(form["decision"], reviewer=who.name)
        mine(who, undone)
    except UnknownDecisionError as error:
        raise Refused(404, "there is no such decision") from error
    view = who.view()
    who.session.said = "Saved: taken back."
    if view.record(undone.record_id) is None:  # it was added or only offered
        return see(document_address(undone.document_id, undone.record_id, form.filters))
    return see(form.address(undone.record_id, undone.document_id))


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
    view = who.view()
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


def onward(who: Visitor, form: Form, record: CooperationRecord) -> Response:
    """Go to the next open record of the list, or of the document where the curator works in one."""
    view, filters = who.view(), form.filters
    if form.in_document:
        document = view.shelf.document(record.document_id)
        items = items_of(view, record.document_id, (document.text if document else None) or "")
        open_ = [one for one in items if one.id not in who.session.skipped or one.id == record.record_id]
        after = following(open_, record.record_id)
        return see(document_address(record.document_id, after.id if after else record.record_id, filters))
    after_ = view.queue.next(record.record_id, filters, skipped=who.passed_over(view))
    return see(f"/record/{as_path(after_)}{filters.query()}" if after_ else f"/{filters.query()}")
