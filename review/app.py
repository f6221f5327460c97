"""The application: its routes, logging in, answers to errors; and serving it until it is stopped."""

import os
import socket
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from ledger.errors import LedgerError
from review.access import Access, Cookies, Sessions, cleaned_name
from review.drafts import Normaliser
from review.pages import decide, decisions, document, edit, names, queue, record, releases
from review.rendering import render
from review.security import BoundedProtocol, RequestGuard, limit_repeated_messages
from review.store import Clock, Store, utc_now
from review.web import (
    AnyUser,
    CurrentUser,
    NameRequired,
    PostedForm,
    Services,
    TokenRequired,
    User,
    admitted_user,
    any_user,
    local_path,
    redirect,
)

STATIC = Path(__file__).parent / "static"
Say = Callable[[str], None]
SERVER_OPTIONS: dict[str, Any] = {
    "log_level": "warning", "server_header": False, "proxy_headers": False, "ws": "none", "lifespan": "off",
    "http": BoundedProtocol, "backlog": 128, "timeout_keep_alive": 5,
}  # fmt: skip
"""Options of uvicorn: few log lines, no trust in proxy headers, HTTP only, bounded connections."""
_MESSAGES = {
    "Not Found": "there is no such page",
    "Method Not Allowed": "that was a step of a form: go back, and do it again",
}
"""Starlette's messages, reworded for a curator."""
router = APIRouter()


@router.get("/look.css")
def style_sheet() -> Response:
    """Return the style sheet shared with ``report.html``: light and dark colours, tables, tags, marks."""
    style = (files("ledger.report") / "templates" / "style.css").read_bytes()
    return Response(style, media_type="text/css", headers={"cache-control": "max-age=3600"})


@router.post("/enter")
async def log_in(request: Request, user: AnyUser, form: PostedForm) -> Response:
    """Check the token, and start a session under a new id, so that a planted id is useless (session fixation)."""
    services = user.services
    if not await services.throttle.check(request, holds=services.access.holds_token(form["token"])):
        return render("enter.html", user, 401, there=local_path(form["there"]), wrong=True, inside=False)
    request.state.fresh_cookie = services.sessions.start(name=user.session.name, admitted=True).id
    return redirect(local_path(form["there"]))


@router.post("/name")
def set_name(request: Request, user: CurrentUser, form: PostedForm) -> Response:
    """Set the name that this browser's decisions are logged under, now and on later visits."""
    if user.services.access.user_header is not None:
        raise HTTPException(403, "the reverse proxy gives the name")
    given = cleaned_name(form["name"])
    if not given:
        raise HTTPException(400, "a name needs letters")
    user.session.name = given
    request.state.fresh_name = given
    return redirect(local_path(form["there"]))


_PAGES = (names, queue, record, decide, edit, document, decisions, releases)
ROUTERS = (router, *(module.router for module in _PAGES))
"""The routes of all pages."""


def create_app(
    output: Path | str,
    *,
    access: Access | None = None,
    normalise: Normaliser | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """Create the application for an output folder.

    Args:
        output: the folder with ``versions.json``; it is read when the first page is asked for.
        access: where it listens and whom it lets in; by default, this machine alone.
        normalise: turns selected words into values; without one, curators type numbers themselves.
        clock: returns the time with which decisions are logged.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    access = access or Access()
    cookies = Cookies.of(Path(output), access.port)
    store = Store(Path(output), clock=clock)
    app.state.services = Services(store, access, normalise or Normaliser(), Sessions(), cookies)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for one in ROUTERS:
        app.include_router(one)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_address)
    app.add_exception_handler(LedgerError, _on_ledger_error)
    app.add_exception_handler(OSError, _on_ledger_error)
    app.add_middleware(RequestGuard, access=access, cookies=cookies)
    return app


async def _on_http_error(request: Request, error: Exception) -> Response:
    """Answer a refused request: by the page for the token or the name, or by a message of one line."""
    if not isinstance(error, HTTPException):  # Starlette's type for handlers is wider than what it passes
        raise error
    if isinstance(error, TokenRequired) and request.method == "GET":
        there = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return render("enter.html", await any_user(request), 401, there=local_path(there), wrong=False, inside=False)
    if isinstance(error, NameRequired):
        return render("who.html", await any_user(request), 403, there=_referrer(request), message=error.detail)
    missing = error.status_code == 404
    message = _MESSAGES.get(error.detail, error.detail)
    user = None if error.status_code == 401 else await admitted_user(request)
    return _message(request, user, error.status_code, "Not here" if missing else "Not done", message)


async def _on_invalid_address(request: Request, error: Exception) -> Response:
    """Answer an address that lacks a parameter of its page."""
    return _message(request, await admitted_user(request), 422, "Not done", "the address is not whole")


async def _on_ledger_error(request: Request, error: Exception) -> Response:
    """Report what a person has to repair (a damaged log, a full disk); nothing was written."""
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"error": str(error)}, 503)
    saving = request.method == "POST"
    title = "Nothing was saved" if saving else "The ledger cannot be read"
    return _message(request, await admitted_user(request), 503, title, str(error))


def _message(request: Request, user: User | None, status: int, title: str, message: str) -> Response:
    said = message[:1].upper() + message[1:].rstrip(".")
    return render("message.html", user, status, title=title, message=said, there=_referrer(request))


def _referrer(request: Request) -> str:
    """Return the local address that referred to a request; the queue if there is none."""
    came = urlsplit(request.headers.get("referer", ""))
    return local_path(f"{came.path}?{came.query}" if came.query else came.path)


def serve(
    output: Path | str,
    *,
    access: Access | None = None,
    normalise: Normaliser | None = None,
    say: Say | None = None,
) -> None:
    """Serve the curators' page of an output folder until it is stopped.

    Args:
        output: the folder with ``versions.json``.
        access: where to listen and whom to let in.
        normalise: turns selected words into values.
        say: is called with a line that names the address, once the ledger is read.

    Raises:
        LedgerError: there is no release, it is damaged, or the port is taken.
    """
    access = access or Access()
    listening = _listen(access.host, access.port)
    app = create_app(output, access=access, normalise=normalise)
    app.state.services.store.view()
    if say is not None:
        host = f"[{access.host}]" if ":" in access.host else access.host
        say(f"the curators' page is at http://{host}:{access.port}/ (stop with Ctrl-C)")
    limit_repeated_messages()
    uvicorn.Server(uvicorn.Config(app, host=access.host, port=access.port, **SERVER_OPTIONS)).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=SERVER_OPTIONS["backlog"])
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise LedgerError(f"cannot listen on {host}:{port}: {reason}; --port takes another") from error
