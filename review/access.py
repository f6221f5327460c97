"""Access control: tokens, names from a reverse proxy, delays after wrong tokens, sessions and cookies of browsers."""

import hmac
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import anyio
from starlette.requests import Request
from starlette.responses import Response

from ledger.errors import LedgerError
from schemas import digest_of
from schemas.packaged import packaged_rows

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_MIN_TOKEN_LENGTH = 16
_MIN_DISTINCT_CHARACTERS, _MAX_REGULAR_STEPS = 7, 2
_FIRST_DELAY, _MAX_DELAY, _FORGET_SECONDS = 0.25, 20.0, 600.0
_MAX_PEERS = 10_000
_MAX_NOT_ADMITTED = 500
_MAX_ADMITTED = 2_000
_MAX_NAME_LENGTH = 80
_YEAR_SECONDS = 365 * 24 * 3600
_PRESENT_SECONDS = 900.0
"""For how many seconds after its last request a browser counts as present."""
_GUESSED_WORDS = [row["word"] for row in packaged_rows("review", "tables/guessed_words.csv")]
log = logging.getLogger("coopledger.review")
Sleep = Callable[[float], Awaitable[None]]
Ticks = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Access:
    """Where the page listens and whom it lets in.

    Args:
        host: the address to listen on.
        port: the port.
        token: the secret that a visitor types in once per browser, or sends as ``Authorization: Bearer …``.
        user_header: the header in which a reverse proxy names the visitor. Only the proxy may then reach the port; with
            ``token`` as well, the proxy has to send it as a bearer token with each request. Empty counts as None.
        names: further host names of the page, with their port, as browsers send them in ``Host``.
        reviewer: the name that decisions are logged under until the visitor gives another.

    Raises:
        LedgerError: the host is no loopback address, and neither token nor header is set; or the token is weak.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    user_header: str | None = None
    names: tuple[str, ...] = ()
    reviewer: str | None = None

    def __post_init__(self) -> None:
        for name, cleaned in (
            ("token", self.token.strip() if self.token is not None else None),  # what is typed in is stripped, too
            ("user_header", (self.user_header or "").strip() or None),
            ("reviewer", cleaned_name(self.reviewer or "") or None),
        ):
            object.__setattr__(self, name, cleaned)
        if self.host not in _LOOPBACK and not (self.token or self.user_header):
            raise LedgerError(
                f"listening on {self.host} needs a token (COOPLEDGER_REVIEW_TOKEN) "
                "or a reverse proxy's header (COOPLEDGER_REVIEW_USER_HEADER): see docs/curate/team.md"
            )
        if self.token is not None and len(self.token) < _MIN_TOKEN_LENGTH:
            raise LedgerError(f"a token needs {_MIN_TOKEN_LENGTH} characters or more")
        if self.token is not None and _is_weak(self.token):
            raise LedgerError("this token can be guessed: make one by openssl rand -hex 24")

    @property
    def open(self) -> bool:
        """Whether every visitor is let in: without a token or proxy, the page listens on this machine alone."""
        return self.token is None and self.user_header is None

    def knows(self, host: str) -> bool:
        """Return whether a ``Host`` header names this page; any other is refused, against DNS rebinding."""
        mine = {"127.0.0.1", "localhost", "[::1]"}
        if self.host not in ("0.0.0.0", "::", *_LOOPBACK):
            mine.add(f"[{self.host}]" if ":" in self.host else self.host.lower())
        ported = {f"{name}:{self.port}" for name in mine} | (mine if self.port in (80, 443) else set())
        return host.lower() in ported | {name.lower() for name in self.names}

    def holds_token(self, given: str) -> bool:
        """Return whether this is the token; they are compared in constant time."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def user_of(self, headers: Mapping[str, str]) -> str | None:
        """Return the user whom the reverse proxy names; None without one, or if the proxy does not send the token."""
        if self.user_header is None or (self.token is not None and not self.holds_token(bearer(headers))):
            return None
        return cleaned_name(_utf8_header(headers, self.user_header.lower())) or None


def _is_weak(token: str) -> bool:
    """Return whether a token has few different characters, repeats a part, counts up, or is made of common words."""
    plain = token.lower()
    repeats = any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1))
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    rest = plain
    for word in _GUESSED_WORDS:
        rest = rest.replace(word, "")
    common = not any(one.isalpha() for one in rest)
    return len(set(plain)) < _MIN_DISTINCT_CHARACTERS or repeats or len(steps) <= _MAX_REGULAR_STEPS or common


def _utf8_header(headers: Mapping[str, str], name: str) -> str:
    """Return a header, empty without one, as UTF-8 if it is that: Starlette reads all headers as Latin-1."""
    given = headers.get(name, "")
    try:
        return given.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return given


def bearer(headers: Mapping[str, str]) -> str:
    """Return the bearer token of a request; empty if there is none."""
    scheme, _, token = _utf8_header(headers, "authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(slots=True)
class _Peer:
    failures: int = 0
    free_at: float = 0.0
    failed_at: float = 0.0

    @property
    def delay(self) -> float:
        """For how many seconds the next attempt is delayed."""
        return float(min(_FIRST_DELAY * 2 ** (self.failures - 1), _MAX_DELAY))


@dataclass(slots=True)
class Throttle:
    """Delays addresses that sent wrong tokens: the delay doubles with each, and all visitors of an address share it."""

    ticks: Ticks = time.monotonic
    sleep: Sleep = anyio.sleep
    _peers: OrderedDict[str, _Peer] = field(default_factory=OrderedDict)

    async def check(self, request: Request, *, holds: bool) -> bool:
        """Wait until this address may try again, then count the attempt as right or wrong; return ``holds``."""
        peer = request.client.host if request.client else ""
        await self.wait(peer)
        if holds:
            self.forget(peer)
        else:
            self.count_wrong(peer)
        return holds

    async def wait(self, peer: str) -> None:
        """Wait until this address may try again; concurrent attempts wait one after the other."""
        known = self._peers.get(peer)
        if known is None:
            return
        now = self.ticks()
        if now - known.failed_at > _FORGET_SECONDS:
            del self._peers[peer]
            return
        delay = max(0.0, known.free_at - now)
        known.free_at = max(known.free_at, now) + known.delay
        if delay:
            await self.sleep(min(delay, _MAX_DELAY))

    def count_wrong(self, peer: str) -> None:
        """Count a wrong token."""
        known = self._peers.setdefault(peer, _Peer())
        self._peers.move_to_end(peer)
        while len(self._peers) > _MAX_PEERS:
            self._peers.popitem(last=False)
        known.failures += 1
        known.failed_at = self.ticks()
        known.free_at = max(known.free_at, known.failed_at + known.delay)
        log.warning("wrong token from %s, the %d. in a row", peer or "an unknown address", known.failures)

    def forget(self, peer: str) -> None:
        """Forget the wrong tokens of an address."""
        self._peers.pop(peer, None)


@dataclass(frozen=True, slots=True)
class Cookies:
    """The names of the two cookies: of the session, and of the curator's name, which outlives the program.

    Browsers send cookies to every port of a host, so both are named after the ledger and the port.
    """

    session: str
    name: str

    @classmethod
    def of(cls, output: Path, port: int) -> "Cookies":
        """Return the cookie names of a ledger served at a port."""
        place = digest_of(str(output.resolve()), str(port))[:12]
        return cls(f"coopledger_session_{place}", f"coopledger_name_{place}")

    def set_fresh(self, request: Request, response: Response) -> None:
        """Set the cookies that a page asked for by ``fresh_cookie`` and ``fresh_name`` of the request's state."""
        options: Any = {"httponly": True, "samesite": "lax", "secure": request.url.scheme == "https"}
        if session := getattr(request.state, "fresh_cookie", ""):
            response.set_cookie(self.session, session, **options)
        if name := getattr(request.state, "fresh_name", ""):
            response.set_cookie(self.name, quote(name, safe=""), max_age=_YEAR_SECONDS, **options)


@dataclass(slots=True)
class Session:
    """One browser: whether it was admitted, its curator's name, the records it skipped, the ids of its decisions.

    ``flash`` is a message to show once, say that a decision was saved; ``seen`` is when it last sent a request.
    """

    id: str
    admitted: bool = False
    name: str = ""
    skipped: set[str] = field(default_factory=set)
    decided: list[str] = field(default_factory=list)
    flash: str = ""
    seen: float = 0.0

    def take_flash(self) -> str:
        """Return the message to show once, and clear it."""
        flash, self.flash = self.flash, ""
        return flash


class Sessions:
    """All sessions since the program started. Sessions that were not admitted never evict those that were."""

    def __init__(self, ticks: Ticks = time.monotonic) -> None:
        self._secret = secrets.token_bytes(32)
        self._ticks = ticks
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def find(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; None if it is unknown."""
        found = self._sessions.get(cookie or "")
        if found is not None:
            found.seen = self._ticks()
            self._sessions.move_to_end(found.id)
        return found

    def start(self, *, name: str = "", admitted: bool = False) -> Session:
        """Start a session under a random id."""
        session = Session(secrets.token_urlsafe(32), admitted=admitted, name=name, seen=self._ticks())
        self._sessions[session.id] = session
        self._forget_oldest(admitted=admitted)
        return session

    def admit(self, session: Session) -> None:
        """Admit a session, so that others that are not admitted do not evict it."""
        session.admitted = True
        self._forget_oldest(admitted=True)

    def _forget_oldest(self, *, admitted: bool) -> None:
        of_kind = [one.id for one in self._sessions.values() if one.admitted == admitted]
        for one in of_kind[: -_MAX_ADMITTED if admitted else -_MAX_NOT_ADMITTED]:
            del self._sessions[one]

    def is_name_shared(self, session: Session) -> bool:
        """Return whether another present browser uses the same name."""
        name = session.name.casefold()
        return bool(name) and any(one is not session and one.name.casefold() == name for one in self._present())

    def present_names(self) -> set[str]:
        """Return the names of all present browsers."""
        return {one.name for one in self._present() if one.name}

    def _present(self) -> list[Session]:
        since = self._ticks() - _PRESENT_SECONDS
        return [one for one in list(self._sessions.values()) if one.seen >= since]

    def csrf(self, session: Session) -> str:
        """Return the CSRF token that forms of this session must send."""
        return hmac.new(self._secret, session.id.encode(), "sha256").hexdigest()

    def is_valid_csrf(self, session: Session, given: str) -> bool:
        """Return whether this is the CSRF token of this session."""
        return hmac.compare_digest(self.csrf(session).encode(), given.encode())


def cleaned_name(name: str) -> str:
    """Return a typed name as one printable line of limited length."""
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())[:_MAX_NAME_LENGTH]


def name_of_cookie(value: str | None) -> str:
    """Read a curator's name from its cookie."""
    return cleaned_name(unquote(value or "", errors="replace"))
