"""Limits on connections, checks of requests before any page sees them, and the security headers of all answers."""

import asyncio
import logging
import time
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

import anyio
import h11
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from review.access import Access, Cookies

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY = (
    "sandbox allow-scripts allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""The policy for ``report.html`` and ``diff.html``, whose style and script are inline: they run in a sandbox, with an
origin of their own, and reach neither this page nor the network."""

_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # not no-referrer, which would make our own forms' Origin null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES = 1 << 18
"""The most bytes of a form."""
REQUEST_SECONDS = 20.0
"""How many seconds a request, headers and body, may take to arrive."""
MAX_CONNECTIONS = 256
_MAX_HEADER_BYTES = 1 << 16
_MINUTE = 60.0


class RequestGuard(BaseHTTPMiddleware):
    """Refuses requests with a foreign host, origin or form; adds headers and cookies to answers."""

    def __init__(self, app: ASGIApp, access: Access, cookies: Cookies) -> None:
        super().__init__(app)
        self._access, self._cookies = access, cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle HEAD as GET; the server leaves out the body."""
        await super().__call__({**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope, receive, send)

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Pass a request on, or refuse it in a line of text."""
        refused = self._refusal(request) or await _body_refusal(request)
        if refused is not None:
            status, reason = refused
            response: Response = PlainTextResponse(f"{reason}\n", status)
        else:
            response = await call_next(request)
            self._cookies.set_fresh(request, response)
        static = refused is None and request.url.path.startswith("/static/")
        response.headers.setdefault("cache-control", "no-cache" if static else "no-store")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        headers, host = request.headers, request.headers.get("host", "")
        if not self._access.knows(host):
            return 421, "this page does not go by that name (--name gives further ones)"
        if request.method == "GET":
            return None
        if request.method != "POST":
            return 405, "only GET and POST"
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403, "the request comes from another site"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, "the request comes from another site"
        if headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
            return 415, "only plain forms: nothing is uploaded here"
        length = headers.get("content-length", "")
        if not length.isdecimal() or len(length) > len(str(MAX_FORM_BYTES)) or int(length) > MAX_FORM_BYTES:
            return 413, "too large"
        return None


async def _body_refusal(request: Request) -> tuple[int, str] | None:
    """Read the body of a form, which the server limits to its declared length; return a refusal if it is late."""
    try:
        with anyio.fail_after(REQUEST_SECONDS):
            if request.method == "POST":
                await request.body()
    except (TimeoutError, ClientDisconnect):
        return 408, "too large or too slow"
    return None


class BoundedProtocol(H11Protocol):
    """A connection that is closed if it sends too slowly or too much, or is the slowest when there are too many."""

    request_seconds, max_connections = REQUEST_SECONDS, MAX_CONNECTIONS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._received = 0
        self.waiting_since = 0.0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept a connection; if there are too many, close the one whose request has been due longest."""
        super().connection_made(transport)
        self.waiting_since = self.loop.time()
        if len(self.connections) > self.max_connections:
            others = [one for one in self.connections if isinstance(one, BoundedProtocol) and one.awaits_request]
            min(others, key=attrgetter("waiting_since")).abort()
        self._update_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the deadline of a closed connection."""
        self._cancel_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count the bytes received, whatever the headers declare."""
        self._received += len(data)
        if self._received > MAX_FORM_BYTES + _MAX_HEADER_BYTES:
            self.abort()
            return
        super().data_received(data)
        self._update_deadline()

    @property
    def awaits_request(self) -> bool:
        """Whether a request, or the rest of one, has yet to arrive."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def abort(self) -> None:
        """Close the connection at once."""
        self.connections.discard(self)
        self.transport.abort()

    def _update_deadline(self) -> None:
        if not self.awaits_request:
            self._received = 0
            self._cancel_deadline()
        elif self._deadline is None:
            self.waiting_since = self.loop.time()
            self._deadline = self.loop.call_later(self.request_seconds, self._on_deadline)

    def _on_deadline(self) -> None:
        self._deadline = None
        if self.awaits_request and self.timeout_keep_alive_task is None:  # keep-alive has its own limit
            self.abort()

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class OnceAMinute(logging.Filter):
    """Passes each message once a minute, however often it is logged."""

    def __init__(self) -> None:
        super().__init__()
        self._logged_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a message was not logged within the last minute."""
        now, text = time.monotonic(), str(record.msg)[:80]
        if now - self._logged_at.get(text, -_MINUTE) < _MINUTE:
            return False
        if len(self._logged_at) > 1_000:
            self._logged_at.clear()
        self._logged_at[text] = now
        return True


def limit_repeated_messages() -> None:
    """Log each error about connections and malformed requests at most once a minute."""
    for name in ("asyncio", "uvicorn.error"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, OnceAMinute) for one in logger.filters):
            logger.addFilter(OnceAMinute())
