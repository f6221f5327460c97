"""How far the records are decided, and who is to decide which."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from review.assignments import Assignments
from review.drafts import first_fault
from review.rendering import render
from review.web import CurrentUser, Form, PostedForm, User, redirect

router = APIRouter()
PER_PAGE = 50


@router.get("/progress")
def progress(user: CurrentUser, page_: int = 1) -> Response:
    """Show how far the release is, and each of its documents, those with the most open records first."""
    return _page(user, page_)


def _page(user: User, page_: int = 1, *, typed: Form | None = None, wrong: str = "") -> Response:
    view = user.view()
    documents = view.table.by_document(user.name)
    pages = max(1, -(-len(documents) // PER_PAGE))
    number = min(max(1, page_), pages)
    return render(
        "progress.html",
        user,
        422 if wrong else 200,
        wrong=wrong,
        typed=typed,
        whole=view.table.progress(user.name),
        shown=documents[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(documents),
        number=number,
        pages=pages,
        assignments=view.assignments,
        to_do=view.table.to_do(),
        names=user.colleagues(view),
    )


@router.post("/shares")
def draw(user: CurrentUser, form: PostedForm) -> Response:
    """Draw the documents among some curators, a part of them for two."""
    user.require_name()
    try:
        assignments = _read(form)
    except ValueError as error:
        return _page(user, typed=form, wrong=first_fault(error) if isinstance(error, ValidationError) else str(error))
    user.services.store.draw(assignments)
    user.saved("the documents are drawn")
    return redirect("/progress")


def _read(form: Form) -> Assignments:
    """Read among whom to draw. Raises ValueError: the form does not say it."""
    double = form["double"] or "0"
    if not (double.isascii() and double.isdigit() and len(double) < 4 and int(double) <= 100):
        raise ValueError("of how many in a hundred documents are two to code: a number from 0 to 100")
    names = tuple(form["curators"].replace(",", "\n").splitlines())
    assignments = Assignments(curators=names, double=int(double) / 100)
    if assignments.double and len(assignments.curators) < 2:
        raise ValueError("two are needed for what two are to code")
    return assignments
