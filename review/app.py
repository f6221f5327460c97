"""The application: the door, the pages, the files."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from ledger.errors import LedgerError
from review.access import Access
from review.guard import Guard
from review.normalise import Normaliser, PlainNormaliser
from review.pages import ROUTERS
from review.sessions import Cookies, Sessions, name_as_cookie
from review.store import Store
from review.store.store import Clock, utc_now
from review.web import Desk, Refused, any_visitor, own_path, page

_YEAR = 365 * 24 * 3600
STATIC = Path(__file__).parent / "static"


def create_app(
    output: Path | str,
    *,
    access: Access | None = None,
    normalise: Normaliser | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """Make the curators' page of an output folder.

    Args:
        output: the folder with ``versions.json``; it is read when the first page is asked for.
        access: where it listens and whom it lets in; this machine alone by default.
        normalise: makes values of selected words; without one a curator types what a number comes to.
        clock: tells the time that decisions are logged with.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    access = access or Access()
    cookies = Cookies.of(Path(output), access.port)
    store = Store(Path(output), clock=clock)
    app.state.desk = Desk(store, access, normalise or PlainNormaliser(), Sessions(), cookies)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(LedgerError, _broken)
    app.add_exception_handler(OSError, _broken)
    app.middleware("http")(_with_cookie)
    app.add_middleware(Guard, access=access)
    return app


async def _with_cookie(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    cookies, secure = request.app.state.desk.cookies, request.url.scheme == "https"
    fresh, name = getattr(request.state, "fresh_cookie", None), getattr(request.state, "fresh_name", None)
    if fresh is not None:
        response.set_cookie(cookies.session, fresh, httponly=True, samesite="lax", secure=secure, path="/")
    if name is not None:
        kept = name_as_cookie(name)
        response.set_cookie(cookies.name, kept, max_age=_YEAR, httponly=True, samesite="lax", secure=secure, path="/")
    return response


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):  # the type that Starlette asks for is wider than what it passes
        raise error
    if error.enter and request.method == "GET":
        there = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return page("enter.html", any_visitor(request), 401, there=own_path(there), wrong=False, inside=False)
    return page("message.html", None, error.status, title="Not done", message=error.reason)


async def _broken(request: Request, error: Exception) -> Response:
    """Say in a line what a person has to mend: a damaged log, a full disk. Nothing was written."""
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"error": str(error)}, 503)
    return page("message.html", None, 503, title="The ledger cannot be read or written", message=str(error))
