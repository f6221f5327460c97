"""What every page needs: the user, the form that was sent, and the checks before a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from ledger.decisions import DecisionHistory
from review.access import Access, Cookies, Session, Sessions, Throttle, bearer, name_of_cookie
from review.drafts import Normaliser
from review.filters import Filters, document_address, record_address
from review.store import Store
from review.view import LedgerView
from schemas import Decision, RejectReason, Verdict

_VERDICTS: Mapping[str, Verdict] = {"accept": "accept", "reject": "reject"}


class TokenRequired(HTTPException):
    """The visitor has to enter the token first, on its page."""

    def __init__(self) -> None:
        super().__init__(401, "this page asks for a token")


class NameRequired(HTTPException):
    """The visitor has to give a name first, and is asked for it."""

    def __init__(self) -> None:
        super().__init__(403, "say who you are first: decisions are logged under a name")


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was sent; ``form[name]`` is the first value of a field, stripped, or empty."""

    fields: Mapping[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, [""])[0].strip()

    def exactly(self, name: str) -> str:
        """Return the first value of a field as it was sent, or empty: an id may begin or end with blanks."""
        return self.fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Return all values of a field."""
        return self.fields.get(name, [])

    def parts(self, field: str) -> Mapping[str, list[str]]:
        """Return the values of the inputs named ``<field>.<part>``, by part."""
        prefix = f"{field}."
        return {name.removeprefix(prefix): all_ for name, all_ in self.fields.items() if name.startswith(prefix)}

    @property
    def filters(self) -> Filters:
        """The filters of the list that the form was sent from."""
        return Filters.of_query(self["list"])

    @property
    def in_document(self) -> bool:
        """Whether it was sent from a record within its whole document."""
        return self["place"] == "document"

    @property
    def last_seen(self) -> str | None:
        """The id of the last decision that the curator had seen; None if they decide in spite of another's."""
        return None if self["anyway"] else self["seen"]

    @property
    def verdict(self) -> Verdict:
        """The verdict on a record, or on many. Raises HTTPException: it is neither accept nor reject."""
        found = _VERDICTS.get(self["verdict"])
        if found is None:
            raise HTTPException(400, "accept or reject")
        return found

    def require_release(self, view: LedgerView) -> None:
        """Raise HTTPException unless the curator saw the latest release: in another, the record may differ."""
        if self["release"] != view.release.version:
            raise HTTPException(
                409, "a new release was published meanwhile, and nothing was saved: look at the record again"
            )

    def reject_reason(self) -> dict[str, Any]:
        """Return the arguments ``reason`` and ``duplicate_of`` of a rejection. Raises HTTPException: unknown reason."""
        reason = self["reason"] or ("duplicate" if self["duplicate_of"] else "")
        if not reason or self["verdict"] != "reject":
            return {}
        if reason not in get_args(RejectReason):
            raise HTTPException(400, "there is no such reason")
        return {"reason": reason, "duplicate_of": (self["duplicate_of"] or None) if reason == "duplicate" else None}

    def address(self, record_id: str, document_id: str) -> str:
        """Return the address of a record on the page that the form came from: in its document, or by itself."""
        if self.in_document:
            return document_address(document_id, record_id, self.filters)
        return record_address(record_id, self.filters)


@dataclass(frozen=True, slots=True)
class Services:
    """What all requests share."""

    store: Store
    access: Access
    normalise: Normaliser
    sessions: Sessions
    cookies: Cookies
    throttle: Throttle = field(default_factory=Throttle)


@dataclass(frozen=True, slots=True)
class User:
    """The curator and browser that a request comes from."""

    session: Session
    name: str
    services: Services

    @property
    def csrf(self) -> str:
        """The CSRF token of this user's forms."""
        return self.services.sessions.csrf(self.session)

    @property
    def name_is_shared(self) -> bool:
        """Whether another present browser uses the same name, which no proxy vouches for."""
        return self.services.access.user_header is None and self.services.sessions.is_name_shared(self.session)

    def view(self) -> LedgerView:
        """Return the ledger as it is now, as this user may see it."""
        return self.services.store.view().seen_by(self.name)

    def known_curators(self, view: LedgerView) -> list[str]:
        """Name all known curators: those present, those who decided, those to whom something is assigned."""
        decided = {one.reviewer for one in view.history.all}
        return sorted(self.services.sessions.present_names() | decided | {*view.assignments.names})

    def skipped_or_waiting(self, view: LedgerView) -> frozenset[str]:
        """Return the ids of records that this user is not led to: skipped ones, and those waiting for another coder."""
        return frozenset(self.session.skipped | view.table.waiting_for_others(self.name))

    def undoable(self, history: DecisionHistory) -> Decision | None:
        """Return the user's last decision that stands: by this browser, or by the name if no other browser uses it."""
        if not self.name:
            return None
        own = [history.by_id(one) for one in reversed(self.session.decided)]
        if not own and not self.name_is_shared:
            own = list(reversed(history.all))
        return next((one for one in own if one and one.reviewer == self.name and history.is_effective(one)), None)

    def require_name(self) -> None:
        """Raise HTTPException unless the user has a name."""
        if not self.name:
            raise NameRequired

    def view_to_decide(self, form: Form) -> LedgerView:
        """Return the ledger for a decision. Raises HTTPException: the user has no name, or saw another release."""
        self.require_name()
        view = self.view()
        form.require_release(view)
        return view

    def show_saved(self, message: str, *decisions: Decision) -> None:
        """Show on the next page that decisions were saved, and let this browser undo them."""
        self.session.decided += [one.id for one in decisions]
        self.session.flash = f"Saved: {message}."


async def any_user(request: Request) -> User:
    """Return the user of a request, let in or not; it is found once per request."""
    found: User | None = getattr(request.state, "user", None)
    if found is None:
        found = request.state.user = _user_of(request)
    return found


def _user_of(request: Request) -> User:
    services: Services = request.app.state.services
    session = services.sessions.find(request.cookies.get(services.cookies.session))
    if session is None:
        kept = name_of_cookie(request.cookies.get(services.cookies.name))
        session = services.sessions.start(name=kept or services.access.reviewer or "")
        if not bearer(request.headers):  # a program sends its token each time, and keeps no cookie
            request.state.fresh_cookie = session.id
    elif services.access.open and not session.admitted:  # it sent its cookie back, so it is a browser and no program
        services.sessions.admit(session)
    named = services.access.user_of(request.headers)
    return User(session, named or session.name, services)


async def current_user(request: Request) -> User:
    """Return the user of a request. Raises HTTPException: there is no token, or the proxy named nobody."""
    user = await any_user(request)
    access, throttle = user.services.access, user.services.throttle
    if access.user_header is not None:
        if access.user_of(request.headers) is None:
            raise HTTPException(401, "the reverse proxy named nobody")
        return user
    if access.token is None or user.session.admitted:
        return user
    shown = bearer(request.headers)
    if shown and await throttle.check(request, holds=access.holds_token(shown)):
        return user
    raise TokenRequired


async def admitted_user(request: Request) -> User | None:
    """Return the user of a request; None if they were not let in."""
    try:
        return await current_user(request)
    except HTTPException:
        return None


AnyUser = Annotated[User, Depends(any_user)]


async def posted_form(request: Request, user: AnyUser) -> Form:
    """Read a form. Raises HTTPException: it is malformed, or was not made for this session."""
    try:
        body = (await request.body()).decode("utf-8")
        form = Form(parse_qs(body, keep_blank_values=True, max_num_fields=5_000))
    except ValueError as error:
        raise HTTPException(400, "no form") from error
    given = form.fields["csrf"][0] if "csrf" in form.fields else request.headers.get("x-csrf-token", "")
    if not user.services.sessions.is_valid_csrf(user.session, given):
        raise HTTPException(403, "the form is not of this session: open the page again")
    return form


async def _list_filters(request: Request) -> Filters:
    return Filters.of(request.query_params.multi_items())


CurrentUser = Annotated[User, Depends(current_user)]
PostedForm = Annotated[Form, Depends(posted_form)]
ListFilters = Annotated[Filters, Depends(_list_filters)]


def redirect(address: str) -> RedirectResponse:
    """Redirect the browser after a form."""
    return RedirectResponse(address, 303)


def local_path(address: str) -> str:
    """Return an address if it is local to this page, and else the queue's."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else "/"
