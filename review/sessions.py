"""Sessions: a cookie that says nothing by itself, and what this program remembers of each browser."""

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.access import Ticks
from schemas import digest_of

_MOST_STRANGERS = 500
_MOST_ADMITTED = 2_000
_LONGEST_NAME = 80
_YEAR = 365 * 24 * 3600
_PRESENT = 900.0
"""For how many seconds after its last request a browser counts as being there."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """The names of the two cookies: of the session, and of the curator's name, which outlives the program.

    Browsers send cookies to every port of a host, so both are named after the ledger and the port.
    """

    session: str
    name: str

    @classmethod
    def of(cls, output: Path, port: int) -> "Cookies":
        """Name the cookies of a ledger that is served at a port."""
        place = digest_of(str(output.resolve()), str(port))[:12]
        return cls(f"coopledger_session_{place}", f"coopledger_name_{place}")


@dataclass(slots=True)
class Session:
    """One browser: whether it showed the token, the name it goes by, what it skipped, what it decided here.

    ``flash`` is what is to be said once: that a decision is on the disk.
    """

    id: str
    admitted: bool = False
    name: str = ""
    skipped: set[str] = field(default_factory=set)
    decided: list[str] = field(default_factory=list)
    flash: str = ""
    seen: float = 0.0

    def take_flash(self) -> str:
        """Return what is to be said, and forget it."""
        flash, self.flash = self.flash, ""
        return flash


class Sessions:
    """The sessions since the program started. Strangers, however many, never push out who was admitted."""

    def __init__(self, ticks: Ticks = time.monotonic) -> None:
        self._secret = secrets.token_bytes(32)
        self._ticks = ticks
        self._strangers: OrderedDict[str, Session] = OrderedDict()
        self._admitted: OrderedDict[str, Session] = OrderedDict()

    def find(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; None if there is none such."""
        for sessions in (self._admitted, self._strangers):
            found = sessions.get(cookie or "")
            if found is not None:
                found.seen = self._ticks()
                sessions.move_to_end(found.id)
                return found
        return None

    def start(self, *, name: str = "", admitted: bool = False) -> Session:
        """Start a session under an id that nobody can guess."""
        session = Session(secrets.token_urlsafe(32), admitted=admitted, name=name, seen=self._ticks())
        pool = (self._admitted, _MOST_ADMITTED) if admitted else (self._strangers, _MOST_STRANGERS)
        self._keep(session, *pool)
        return session

    def admit(self, session: Session) -> None:
        """Keep a session though many strangers come."""
        self._strangers.pop(session.id, None)
        session.admitted = True
        self._keep(session, self._admitted, _MOST_ADMITTED)

    @staticmethod
    def _keep(session: Session, sessions: OrderedDict[str, Session], most: int) -> None:
        sessions[session.id] = session
        while len(sessions) > most:
            sessions.popitem(last=False)

    def shared(self, session: Session) -> bool:
        """Tell whether another browser that is there goes by the same name."""
        name = session.name.casefold()
        return bool(name) and any(one is not session and one.name.casefold() == name for one in self._present())

    def names(self) -> set[str]:
        """Return the names of the browsers that are there."""
        return {one.name for one in self._present() if one.name}

    def _present(self) -> list[Session]:
        since = self._ticks() - _PRESENT
        return [one for one in (*self._admitted.values(), *self._strangers.values()) if one.seen >= since]

    def csrf(self, session: Session) -> str:
        """Return what a form of this session has to bring."""
        return hmac.new(self._secret, session.id.encode(), "sha256").hexdigest()

    def is_csrf(self, session: Session, given: str) -> bool:
        """Tell whether a form was made for this session."""
        return hmac.compare_digest(self.csrf(session).encode(), given.encode())


def cleaned_name(name: str) -> str:
    """Make a curator's name of what was typed: one line, printable, not too long."""
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())[:_LONGEST_NAME]


def name_of_cookie(value: str | None) -> str:
    """Read the name that a browser kept."""
    return cleaned_name(unquote(value or "", errors="replace"))


class CookieMiddleware:
    """Sets the cookies that a page asks for: ``fresh_cookie`` and ``fresh_name`` of the request's state."""

    def __init__(self, app: ASGIApp, cookies: Cookies) -> None:
        self._app, self._cookies = app, cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to the head of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start" and {"fresh_cookie", "fresh_name"} & state.keys():
                message["headers"] = [*message["headers"], *self._headers(state, secure=scope["scheme"] == "https")]
            await send(message)

        await self._app(scope, receive, with_cookies)

    def _headers(self, state: Mapping[str, str], *, secure: bool) -> list[tuple[bytes, bytes]]:
        response = Response()
        options: Any = {"httponly": True, "samesite": "lax", "secure": secure, "path": "/"}
        if "fresh_cookie" in state:
            response.set_cookie(self._cookies.session, state["fresh_cookie"], **options)
        if "fresh_name" in state:
            response.set_cookie(self._cookies.name, quote(state["fresh_name"], safe=""), max_age=_YEAR, **options)
        return [one for one in response.raw_headers if one[0] == b"set-cookie"]
