"""The door: whose requests are taken, and what every answer says to the browser."""

from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.access import Access

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY = (
    "sandbox allow-scripts allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""For ``report.html`` and ``diff.html``, which carry their style and script in themselves: they run as a stranger, and
reach neither this page nor the network."""

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # not no-referrer, which would make our own forms' Origin null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_FORM = "application/x-www-form-urlencoded"
LARGEST = 1 << 18
"""How many bytes a form may have."""
_SECONDS = 20.0


class Guard:
    """Refuses what does not come from this page, before anything is read of it."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(str(scope["method"]), Headers(scope=scope))
        if refused is not None:
            status, reason = refused
            await PlainTextResponse(f"{reason}\n", status)(scope, receive, _sealed(send))
            return
        if scope["method"] == "POST":
            status, body = await _body(receive)
            if body is None:
                await PlainTextResponse("too large or too slow\n", status)(scope, receive, _sealed(send))
                return
            receive = _replayed(body, receive)
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        kept = "no-cache" if str(scope["path"]).startswith("/static/") else "no-store"
        await self._app(scope, receive, _sealed(send, kept))

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._access.knows(host):
            return 421, "this page does not go by that name (--name gives further ones)"
        if method in ("GET", "HEAD"):
            return None
        if method != "POST":
            return 405, "only GET and POST"
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403, "the request comes from another site"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, "the request comes from another site"
        if headers.get("content-type", _FORM).partition(";")[0].strip().lower() != _FORM:
            return 415, "only plain forms: nothing is uploaded here"
        length = headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST:
            return 413, "too large"
        return None


async def _body(receive: Receive) -> tuple[int, bytes | None]:
    """Read a body as it arrives, no further than the largest form; the status says what was wrong."""
    parts, size = [], 0
    with anyio.move_on_after(_SECONDS):
        while True:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > LARGEST:
                return 413, None
            if not message.get("more_body"):
                return 200, b"".join(parts)
    return 408, None


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _without_body(send: Send) -> Send:
    async def bare(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return bare


def _sealed(send: Send, kept: str = "no-store") -> Send:
    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", kept)
            headers.setdefault("content-security-policy", POLICY)
        await send(message)

    return sealed
