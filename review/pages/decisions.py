"""The log for people: who decided what, newest first."""

from fastapi import APIRouter
from fastapi.responses import Response

from review.web import Someone, page

router = APIRouter()
PER_PAGE = 100


@router.get("/decisions")
def decisions(who: Someone, by: str = "", page_: int = 1) -> Response:
    """List the decisions, newest first; those of one curator, if one is named."""
    decided = who.desk.store.view().decided
    chosen = [one for one in reversed(decided.all) if not by or one.reviewer == by]
    start = (max(1, page_) - 1) * PER_PAGE
    return page(
        "decisions.html",
        who,
        shown=chosen[start : start + PER_PAGE],
        total=len(chosen),
        number=max(1, page_),
        pages=max(1, -(-len(chosen) // PER_PAGE)),
        by=by,
        reviewers=sorted({one.reviewer for one in decided.all}),
        standing={one.id for one in decided.effective()},
        version=who.desk.store.view().shelf.version,
    )
