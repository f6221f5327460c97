"""Effect: what became of each decision in the last release, and how right the machine was."""

from collections import Counter

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.decisions import agreement, standing
from review.store import View
from review.verdicts import measure
from review.web import Someone, page

router = APIRouter()
OUTCOMES = ("conflict", "orphaned", "agreed", "kept")
_SHOWN = 200


@router.get("/effect")
def effect(who: Someone, outcome: str = "") -> Response:
    """Show the outcomes, those of one sort if it is named, and the precision by field."""
    view = who.desk.store.view()
    merged = view.shelf.merged
    chosen = [one for one in merged if not outcome or one.outcome == outcome]
    chosen.sort(key=_urgency)
    states = standing(view.decided.all)
    version = view.shelf.version
    return page(
        "effect.html",
        who,
        view=view,
        counts=Counter(one.outcome for one in merged),
        outcomes=OUTCOMES,
        outcome=outcome,
        shown=[(one, _name(view, one.record_id)) for one in chosen[:_SHOWN]],
        total=len(chosen),
        waiting=sum(one.decision.release >= version for one in states.values()),
        verdicts=measure(states.values()),
        agreement=agreement(view.decided.of(one) for one in view.decided.records()),
    )


def _urgency(merged: object) -> int:
    return OUTCOMES.index(getattr(merged, "outcome", "kept"))


def _name(view: View, record_id: str) -> str:
    state = view.decided.standing(record_id)
    record = (state.record if state else None) or view.shelf.record(record_id)
    return (
        f"{record.actor.name} → {record.partner.name if record.partner else 'no partner named'}"
        if record
        else record_id
    )
