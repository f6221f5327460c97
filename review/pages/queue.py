"""The list of records: what to look at first, what was decided, and how far all is."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from review.editing import said_of
from review.pages.decide import named
from review.shares import Shares, write_shares
from review.store.refusal import refusal
from review.web import Listed, Posted, Refused, Someone, page, see

router = APIRouter()
PER_PAGE = 50


@router.get("/")
def queue(request: Request, who: Someone, filters: Listed) -> Response:
    """List the records that match, the open ones unless others are asked for, with what each filter would leave."""
    view = who.view()
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
        mine=view.queue.to_do().get(who.name) if view.shares.curators else None,
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
    queue = who.view().queue
    documents = queue.by_document(who.name)
    pages = max(1, -(-len(documents) // PER_PAGE))
    number = min(max(1, page_), pages)
    shown = documents[(number - 1) * PER_PAGE : number * PER_PAGE]
    return page(
        "progress.html", who, whole=queue.progress(who.name), shown=shown, total=len(documents), number=number,
        pages=pages, shares=who.view().shares, to_do=queue.to_do(),
        names=sorted(who.desk.sessions.names() | {one.reviewer for one in who.view().decided.all}),
    )  # fmt: skip


@router.post("/shares")
def share(who: Someone, form: Posted) -> Response:
    """Draw the documents among some curators, a part of them for two."""
    named(who)
    double = form["double"] or "0"
    if not (double.isascii() and double.isdigit() and len(double) < 4 and int(double) <= 100):
        raise Refused(400, "of how many in a hundred documents are two to code: a number from 0 to 100")
    names = tuple(form["curators"].replace(",", "\n").splitlines())
    try:
        shares = Shares(curators=names, double=int(double) / 100)
    except ValidationError as error:
        raise Refused(400, said_of(error)) from error
    if shares.double and len(shares.curators) < 2:
        raise Refused(400, "two are needed for what two are to code")
    write_shares(who.desk.store.output.root, shares)
    who.session.said = "Saved: the documents are drawn."
    return see("/progress")


@router.get("/news")
def news(who: Someone, count: int = 0, record: str = "", seen: str = "") -> Response:
    """Tell what others decided since a page was opened; nothing if nobody did."""
    view = who.view()
    others = [one for one in view.decided.all[max(0, count) :] if one.reviewer != who.name]
    since = [one for one in others if one in view.of(one.record_id)]
    about = [one for one in since if one.record_id == record] if view.last(record) != seen else []
    return page("news.html", who, since=since, about=about)
