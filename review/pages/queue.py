"""The list of records: what to look at first, what was decided; what others do meanwhile; names to search by."""

import json

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from ledger.release.layout import Output
from review.rendering import render
from review.web import CurrentUser, ListFilters

router = APIRouter()
PER_PAGE = 50
_NAMES = 12


@router.get("/")
def queue(user: CurrentUser, filters: ListFilters) -> Response:
    """List the records that match, the open ones unless others are asked for, with what each filter would leave."""
    view = user.view()
    table = view.table
    places = table.places(filters)
    pages = max(1, -(-len(places) // PER_PAGE))
    number = min(filters.page, pages)
    return render(
        "queue.html",
        user,
        view=view,
        filters=filters,
        facets=table.facets(filters),
        counts=table.states(filters),
        whole=table.states(filters.cleared())[filters.state],
        progress=table.progress(user.name),
        mine=table.to_do().get(user.name) if view.assignments.names else None,
        rows=table.rows(places[(number - 1) * PER_PAGE : number * PER_PAGE]),
        refusal=gates_that_refused(user.services.store.output),
        total=len(places),
        number=number,
        pages=pages,
        skipped=user.session.skipped,
        decisions=len(view.history.all),
    )


def gates_that_refused(output: Output) -> list[str]:
    """Say why the last run published nothing; empty if it did, or there is no report to be read."""
    try:
        gates = json.loads(output.gate_data.read_bytes())["gates"]
        return [f"{one['name']}: {one['detail']}" for one in gates if not (one["passed"] or one["accepted"])]
    except (OSError, ValueError, KeyError, TypeError):
        return []


@router.get("/news")
def news(user: CurrentUser, count: int = 0, record: str = "", seen: str = "") -> Response:
    """Tell what others decided since a page was opened; nothing if nobody did."""
    view = user.view()
    since = [one for one in view.history.all[max(0, count) :] if one.reviewer != user.name and view.sees(one)]
    about = [one for one in since if one.record_id == record] if view.last(record) != seen else []
    return render("news.html", user, since=since, about=about)


@router.get("/names")
def names(user: CurrentUser, q: str = "") -> Response:
    """List parties' names that hold what was typed, those that begin with it first, then the most frequent."""
    typed = " ".join(q.casefold().split())[:100]
    counts = user.services.store.view().release.names if typed else {}
    found = [(not one.casefold().startswith(typed), -n, one) for one, n in counts.items() if typed in one.casefold()]
    return JSONResponse([name for _, _, name in sorted(found)[:_NAMES]])
