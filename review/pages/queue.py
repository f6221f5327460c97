"""The list of records, the most urgent first; news of others' decisions, progress, and assignment of documents."""

import json

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from ledger.release.layout import Output
from review.drafts import first_error_message
from review.rendering import paged, render
from review.view import Assignments
from review.web import CurrentUser, Form, ListFilters, PostedForm, User, redirect

router = APIRouter()
PER_PAGE = 50
_MAX_NAMES = 12


@router.get("/")
def queue(user: CurrentUser, filters: ListFilters) -> Response:
    """Show the records that match (by default, open ones), with counts for each value of each filter."""
    view = user.view()
    table = view.table
    page = paged(table.places(filters), filters.page, PER_PAGE)
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
        **page,
        rows=table.rows(page["shown"]),
        refusal=gates_that_refused(user.services.store.output),
        skipped=user.session.skipped,
    )


def gates_that_refused(output: Output) -> list[str]:
    """List the gates that refused the last run's release; empty if none did, or if there is no readable report."""
    try:
        gates = json.loads(output.gate_data.read_bytes())["gates"]
        return [f"{one['name']}: {one['detail']}" for one in gates if not (one["passed"] or one["accepted"])]
    except (OSError, ValueError, KeyError, TypeError):
        return []


@router.get("/news")
def news(user: CurrentUser, count: int = 0, record: str = "", seen: str = "") -> Response:
    """Return what others decided since a page was opened, when the log had ``count`` lines."""
    view = user.view()
    since = [one for one in view.history.all[max(0, count) :] if one.reviewer != user.name and view.may_see(one)]
    about = [one for one in since if one.record_id == record] if view.last_decision_id(record) != seen else []
    return render("news.html", user, since=since, about=about)


@router.get("/names")
def names(user: CurrentUser, q: str = "") -> Response:
    """Suggest party names that contain what was typed: those that begin with it first, then the most frequent."""
    typed = " ".join(q.casefold().split())[:100]
    counts = user.services.store.view().release.names if typed else {}
    found = [(not one.casefold().startswith(typed), -n, one) for one, n in counts.items() if typed in one.casefold()]
    return JSONResponse([name for _, _, name in sorted(found)[:_MAX_NAMES]])


@router.get("/progress")
def progress(user: CurrentUser, page_: int = 1) -> Response:
    """Show the progress of the release and of each document, those with the most open records first."""
    return _progress(user, page_)


def _progress(user: User, page_: int = 1, *, typed: Form | None = None, wrong: str = "") -> Response:
    view = user.view()
    return render(
        "progress.html",
        user,
        422 if wrong else 200,
        wrong=wrong,
        typed=typed,
        whole=view.table.progress(user.name),
        **paged(view.table.by_document(user.name), page_, PER_PAGE),
        assignments=view.assignments,
        to_do=view.table.to_do(),
        names=user.known_curators(view),
    )


@router.post("/shares")
def assign_by_lot(user: CurrentUser, form: PostedForm) -> Response:
    """Assign the documents to curators by lot, a share of them to two."""
    user.require_name()
    try:
        assignments = _read_shares(form)
    except ValueError as error:
        wrong = first_error_message(error) if isinstance(error, ValidationError) else str(error)
        return _progress(user, typed=form, wrong=wrong)
    user.services.store.assign_by_lot(assignments)
    user.show_saved("the documents are drawn")
    return redirect("/progress")


def _read_shares(form: Form) -> Assignments:
    """Read the curators and the share that two code. Raises ValueError: the form is invalid."""
    double = form["double"] or "0"
    if not (double.isascii() and double.isdigit() and len(double) < 4 and int(double) <= 100):
        raise ValueError("of how many in a hundred documents are two to code: a number from 0 to 100")
    names = tuple(form["curators"].replace(",", "\n").splitlines())
    assignments = Assignments(curators=names, double=int(double) / 100)
    if assignments.double and len(assignments.curators) < 2:
        raise ValueError("two are needed for what two are to code")
    return assignments
