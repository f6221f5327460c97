"""What every page needs: who asks, the form that came in, and what each decision has to bring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from ledger.decisions import DecisionHistory
from review.access import Access, Cookies, Session, Sessions, Throttle, bearer, name_of_cookie
from review.drafts import Normaliser
from review.filters import Filters
from review.forms import Form
from review.store import Store
from review.view import LedgerView
from schemas import Decision, Verdict

VERDICTS: Mapping[str, Verdict] = {"accept": "accept", "reject": "reject"}
"""What a whole record, or many at once, can be decided as."""


class TokenRequired(HTTPException):
    """The visitor may come in by the page that takes the token."""

    def __init__(self) -> None:
        super().__init__(401, "this page asks for a token")


class NameRequired(HTTPException):
    """The visitor has to say who they are, and may do it at once."""

    def __init__(self) -> None:
        super().__init__(403, "say who you are first: decisions are logged under a name")


@dataclass(frozen=True, slots=True)
class Services:
    """What the program has for all visitors."""

    store: Store
    access: Access
    normalise: Normaliser
    sessions: Sessions
    cookies: Cookies
    throttle: Throttle = field(default_factory=Throttle)


@dataclass(frozen=True, slots=True)
class User:
    """Who asks, by which browser."""

    session: Session
    name: str
    services: Services

    @property
    def csrf(self) -> str:
        """What this user's forms have to bring."""
        return self.services.sessions.csrf(self.session)

    @property
    def shared(self) -> bool:
        """Whether somebody else who is there goes by the same name, which nobody vouches for."""
        return self.services.access.user_header is None and self.services.sessions.shared(self.session)

    def view(self) -> LedgerView:
        """Return the ledger as it is now, as this user may see it."""
        return self.services.store.view().seen_by(self.name)

    def colleagues(self, view: LedgerView) -> list[str]:
        """Name all curators that are known: who is there, who decided, to whom something is assigned."""
        decided = {one.reviewer for one in view.history.all}
        return sorted(self.services.sessions.names() | decided | {*view.assignments.names})

    def passed_over(self, view: LedgerView) -> frozenset[str]:
        """Name the records that this user is not led to: skipped ones, and those that wait for another's word."""
        return frozenset(self.session.skipped | view.table.waiting_for_others(self.name))

    def undoable(self, history: DecisionHistory) -> Decision | None:
        """Return this person's last decision that stands: of this browser, or of the name where it is theirs alone."""
        if not self.name:
            return None
        own = [history.by_id(one) for one in reversed(self.session.decided)]
        if not own and not self.shared:
            own = list(reversed(history.all))
        return next((one for one in own if one and one.reviewer == self.name and history.stands(one)), None)

    def require_name(self) -> None:
        """Insist on a name. Raises HTTPException."""
        if not self.name:
            raise NameRequired

    def deciding(self, form: Form) -> LedgerView:
        """Return the ledger for a decision. Raises HTTPException: they gave no name, or saw another release."""
        self.require_name()
        view = self.view()
        form.require_release(view)
        return view

    def saved(self, message: str, *decisions: Decision) -> None:
        """Say on the next page that decisions are on the disk; this browser can take them back."""
        self.session.decided += [one.id for one in decisions]
        self.session.flash = f"Saved: {message}."


def services_of(request: Request) -> Services:
    """Return what the program has for all visitors."""
    services: Services = request.app.state.services
    return services


async def any_user(request: Request) -> User:
    """Return who asks, let in or not; the same for one request however often it is asked."""
    found: User | None = getattr(request.state, "user", None)
    if found is None:
        found = request.state.user = _user_of(request)
    return found


def _user_of(request: Request) -> User:
    services = services_of(request)
    session = services.sessions.find(request.cookies.get(services.cookies.session))
    if session is None:
        kept = name_of_cookie(request.cookies.get(services.cookies.name))
        session = services.sessions.start(name=kept or services.access.reviewer or "")
        if not bearer(request.headers):  # a program shows its token each time, and keeps no cookie
            request.state.fresh_cookie = session.id
    elif services.access.open and not session.admitted:  # it came back, so it is a browser and no program
        services.sessions.admit(session)
    named = services.access.user_of(request.headers)
    return User(session, named or session.name, services)


async def current_user(request: Request) -> User:
    """Return who asks. Raises HTTPException: they have shown no token, or the proxy named nobody."""
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
    """Return who asks; None if they were not let in."""
    try:
        return await current_user(request)
    except HTTPException:
        return None


async def posted_form(request: Request) -> Form:
    """Read a form. Raises HTTPException: it was not made for this visitor."""
    try:
        body = (await request.body()).decode("utf-8")
        form = Form(parse_qs(body, keep_blank_values=True, max_num_fields=5_000))
    except ValueError as error:
        raise HTTPException(400, "no form") from error
    services = services_of(request)
    session = services.sessions.find(request.cookies.get(services.cookies.session))
    given = form.fields["csrf"][0] if "csrf" in form else request.headers.get("x-csrf-token", "")
    if session is None or not services.sessions.is_csrf(session, given):
        raise HTTPException(403, "the form is not of this session: open the page again")
    return form


async def _list_filters(request: Request) -> Filters:
    return Filters.of(request.query_params.multi_items())


CurrentUser = Annotated[User, Depends(current_user)]
AnyUser = Annotated[User, Depends(any_user)]
PostedForm = Annotated[Form, Depends(posted_form)]
ListFilters = Annotated[Filters, Depends(_list_filters)]


def redirect(address: str) -> RedirectResponse:
    """Send the user on after a form."""
    return RedirectResponse(address, 303)


def local_path(address: str) -> str:
    """Return an address of this page; the queue instead of any other."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else "/"
