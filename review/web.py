"""What all pages share: the visitor, the form that came in, the page that goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from ledger.report import words
from ledger.report.marks import marks
from review.access import Access, bearer
from review.normalise import Normaliser
from review.queue import SORTS, STATES, Filters
from review.sessions import Cookies, Session, Sessions, name_of_cookie
from review.store import Decided, Store, View
from review.tries import Tries
from review.words import FILTERS
from schemas import Decision, countries, currencies


class Refused(Exception):  # noqa: N818 (an answer, not a fault)
    """The answer is no: a status, what to say, and whether the visitor may come in by the door."""

    def __init__(self, status: int, reason: str, *, enter: bool = False) -> None:
        self.status, self.reason, self.enter = status, reason, enter
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the program has for all visitors."""

    store: Store
    access: Access
    normalise: Normaliser
    sessions: Sessions
    cookies: Cookies
    tries: Tries = field(default_factory=Tries)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, by which browser."""

    session: Session
    name: str
    desk: Desk

    @property
    def csrf(self) -> str:
        """What this visitor's forms have to bring."""
        return self.desk.sessions.csrf(self.session)

    def view(self) -> View:
        """Return the ledger as it is now, as this visitor may see it."""
        return self.desk.store.view().seen_by(self.name)

    def passed_over(self, view: View) -> frozenset[str]:
        """Name the records that this visitor is not led to: skipped ones, and those that wait for another's word."""
        return frozenset(self.session.skipped | view.queue.waiting_for_others(self.name))

    @property
    def shared(self) -> bool:
        """Whether somebody else who is there goes by the same name, which nobody vouches for."""
        return self.desk.access.user_header is None and self.desk.sessions.shared(self.session)

    def undoable(self, decided: Decided) -> Decision | None:
        """Return this person's last decision that stands: of this browser, or of the name where it is theirs alone."""
        mine = {one.id: one for one in decided.effective() if one.reviewer == self.name}
        here = next((mine[one] for one in reversed(self.session.decided) if one in mine), None)
        alone = not self.session.decided and not self.shared
        return here or (next(reversed(mine.values()), None) if alone else None)


def desk_of(request: Request) -> Desk:
    """Return what the program has for all visitors."""
    desk: Desk = request.app.state.desk
    return desk


def any_visitor(request: Request) -> Visitor:
    """Return who asks, let in or not."""
    desk = desk_of(request)
    session = desk.sessions.find(request.cookies.get(desk.cookies.session))
    if session is None:
        kept = name_of_cookie(request.cookies.get(desk.cookies.name))
        session = desk.sessions.start(name=kept or desk.access.reviewer or "")
        if not bearer(request.headers):  # a program shows its token each time, and keeps no cookie
            request.state.fresh_cookie = session.id
    elif desk.access.open and not session.admitted:  # it came back, so it is a browser and no program
        desk.sessions.admit(session)
    named = desk.access.user_of(request.headers)
    return Visitor(session, named or session.name, desk)


async def visitor(request: Request) -> Visitor:
    """Return who asks. Raises Refused: they have shown no token, or the proxy named nobody."""
    found = any_visitor(request)
    access = found.desk.access
    if access.user_header is not None:
        if access.user_of(request.headers) is None:
            raise Refused(401, "the reverse proxy named nobody")
        return found
    if access.token is None or found.session.admitted:
        return found
    if shown := bearer(request.headers):
        peer = request.client.host if request.client else ""
        await found.desk.tries.wait(peer)
        if access.holds_token(shown):
            found.desk.tries.right(peer)
            return found
        found.desk.tries.wrong(peer)
    raise Refused(401, "this page asks for a token", enter=True)


async def posted(request: Request) -> dict[str, list[str]]:
    """Read a form. Raises Refused: it was not made for this visitor."""
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=5_000)
    except ValueError as error:
        raise Refused(400, "no form") from error
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    desk = desk_of(request)
    session = desk.sessions.find(request.cookies.get(desk.cookies.session))
    given = (fields.get("csrf") or [request.headers.get("x-csrf-token", "")])[0]
    if session is None or not desk.sessions.is_csrf(session, given):
        raise Refused(403, "the form is not of this session: open the page again")
    return fields


@dataclass(frozen=True, slots=True)
class Form:
    """A form that came in: the first value of each field, stripped."""

    fields: Mapping[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, [""])[0].strip()

    def all(self, name: str) -> list[str]:
        """Return all values of a field."""
        return self.fields.get(name, [])

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    @property
    def filters(self) -> Filters:
        """The list that the form was sent from."""
        return Filters.of_query(self["list"])

    @property
    def in_document(self) -> bool:
        """Whether it was sent from a record within its whole document."""
        return self["place"] == "document"

    def address(self, record_id: str, document_id: str) -> str:
        """Return the address of a record where the form was sent from: in its document, or by itself."""
        if self.in_document:
            return document_address(document_id, record_id, self.filters)
        return f"/record/{as_path(record_id)}{self.filters.query()}"


def _form(fields: Annotated[dict[str, list[str]], Depends(posted)]) -> Form:
    return Form(fields)


def _filters(request: Request) -> Filters:
    return Filters.of(request.query_params.multi_items())


Someone = Annotated[Visitor, Depends(visitor)]
Anyone = Annotated[Visitor, Depends(any_visitor)]
Posted = Annotated[Form, Depends(_form)]
Listed = Annotated[Filters, Depends(_filters)]


@cache
def _environment() -> Environment:
    report = PrefixLoader({"report": PackageLoader("ledger.report", "templates")})
    loader = ChoiceLoader([PackageLoader("review", "templates"), report])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    for name in ("number", "money", "percent", "plain", "value", "headline", "country_name"):
        made.filters[name] = getattr(words, name)
    made.filters |= FILTERS
    made.filters["path"] = as_path
    made.globals |= {"marks": marks, "document_address": document_address}
    made.globals |= {"country_list": countries(), "currency_list": currencies(), "states": STATES, "sorts": SORTS}
    return made


def document_address(document_id: str, record_id: str, filters: Filters) -> str:
    """Return the address of a record within its whole document, from where ``filters`` lead back to the list."""
    given = {"id": document_id, "record": record_id, "list": filters.query()}
    return f"/document?{urlencode({name: value for name, value in given.items() if value})}"


def as_path(name: str) -> str:
    """Write an id as one part of an address."""
    return quote(name, safe="")


SAYS = frozenset(
    {"queue.html", "record.html", "document.html", "decisions.html", "batch.html", "progress.html", "bodies.html"}
)
"""The pages that tell what was saved before."""


def page(template: str, who: Visitor | None, status: int = 200, **facts: Any) -> HTMLResponse:
    """Render a page for a visitor."""
    said = who.session.take_said() if who and template in SAYS else ""
    shared = {
        "said": said, "who": who, "name": who.name if who else "", "csrf": who.csrf if who else "",
        "faults": who.desk.store.faults() if who else (), "place": "",
    }  # fmt: skip
    text = _environment().get_template(template).render(**(shared | facts))
    return HTMLResponse(text.encode("utf-8", "replace"), status)


def see(address: str) -> RedirectResponse:
    """Send the visitor on after a form."""
    return RedirectResponse(address, 303)


def own_path(address: str) -> str:
    """Return an address of this page; the queue instead of any other."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else "/"
