"""The queue: what to look at first."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from review.store.refusal import refusal
from review.web import Listed, Someone, page

router = APIRouter()
PER_PAGE = 50


@router.get("/")
def queue(request: Request, who: Someone, filters: Listed) -> Response:
    """List the open records that match, with the filters and what each would leave."""
    view = who.desk.store.view()
    places = view.queue.places(filters)
    pages = max(1, -(-len(places) // PER_PAGE))
    number = min(filters.page, pages)
    rows = view.queue.rows(places[(number - 1) * PER_PAGE : number * PER_PAGE])
    return page(
        "queue.html",
        who,
        view=view,
        filters=filters,
        facets=view.queue.facets(filters),
        rows=rows,
        refusal=refusal(who.desk.store.output),
        total=len(places),
        number=number,
        pages=pages,
        skipped=who.session.skipped,
        decisions=len(view.decided.all),
    )


@router.get("/news")
def news(who: Someone, count: int = 0, record: str = "", seen: str = "") -> Response:
    """Tell what others decided since a page was opened; nothing if nobody did."""
    decided = who.desk.store.view().decided
    since = [one for one in decided.all[max(0, count) :] if one.reviewer != who.name]
    about = [one for one in since if one.record_id == record] if decided.last(record) != seen else []
    return page("news.html", who, since=since, about=about)
