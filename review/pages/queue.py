"""The list of records: what to look at first, what was decided, and how far all is."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from review.store.refusal import refusal
from review.web import Listed, Someone, page

router = APIRouter()
PER_PAGE = 50


@router.get("/")
def queue(request: Request, who: Someone, filters: Listed) -> Response:
    """List the records that match, the open ones unless others are asked for, with what each filter would leave."""
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
        counts=view.queue.states(filters),
        whole=view.queue.states(filters.cleared())[filters.state],
        progress=view.queue.progress(who.name),
        rows=rows,
        refusal=refusal(who.desk.store.output),
        total=len(places),
        number=number,
        pages=pages,
        skipped=who.session.skipped,
        decisions=len(view.decided.all),
    )


@router.get("/progress")
def progress(who: Someone, page_: int = 1) -> Response:
    """Show how far the release is, and each of its documents, those with the most open records first."""
    queue = who.desk.store.view().queue
    documents = queue.by_document(who.name)
    pages = max(1, -(-len(documents) // PER_PAGE))
    number = min(max(1, page_), pages)
    shown = documents[(number - 1) * PER_PAGE : number * PER_PAGE]
    return page(
        "progress.html", who, whole=queue.progress(who.name), shown=shown, total=len(documents), number=number,
        pages=pages,
    )  # fmt: skip


@router.get("/news")
def news(who: Someone, count: int = 0, record: str = "", seen: str = "") -> Response:
    """Tell what others decided since a page was opened; nothing if nobody did."""
    decided = who.desk.store.view().decided
    since = [one for one in decided.all[max(0, count) :] if one.reviewer != who.name]
    about = [one for one in since if one.record_id == record] if decided.last(record) != seen else []
    return page("news.html", who, since=since, about=about)
