"""Who may come in: this machine alone, or holders of a token, or whom a reverse proxy has let in."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from ledger.errors import LedgerError

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SHORTEST_TOKEN = 16
_FEWEST_SIGNS, _FEWEST_STEPS = 7, 2
_TRITE = (
    "correct", "horse", "battery", "staple", "coopledger", "password", "passwort", "changeme", "letmein", "welcome",
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty", "secret", "token", "admin", "review", "ledger", "curator", "test",
    "default", "abc", "please", "change", "this", "my", "the",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """Where the page listens and whom it lets in.

    Args:
        host: the address to listen on.
        port: the port.
        token: what a visitor has to show, typed in once a browser or as ``Authorization: Bearer …``.
        user_header: the header in which a reverse proxy names the visitor. Only the proxy may then reach the port; with
            ``token`` as well, the proxy has to send it as a bearer token with each request.
        names: further names by which the page is reached (what browsers send as ``Host``), with their port.
        reviewer: the name that decisions are logged under until the visitor gives another.

    Raises:
        LedgerError: another address than this machine's without a token or a header, or a token easily guessed.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    user_header: str | None = None
    names: tuple[str, ...] = ()
    reviewer: str | None = None

    def __post_init__(self) -> None:
        if self.host not in _LOOPBACK and not (self.token or self.user_header):
            raise LedgerError(
                f"listening on {self.host} needs a token (COOPLEDGER_REVIEW_TOKEN) "
                "or a reverse proxy's header (COOPLEDGER_REVIEW_USER_HEADER): see docs/curate/team.md"
            )
        if self.token is not None and len(self.token) < _SHORTEST_TOKEN:
            raise LedgerError(f"a token needs {_SHORTEST_TOKEN} characters or more")
        if self.token is not None and _is_weak(self.token):
            raise LedgerError("this token can be guessed: make one by openssl rand -hex 24")

    @property
    def open(self) -> bool:
        """Whether everybody who reaches the page is let in: it listens on this machine alone, without a token."""
        return self.token is None and self.user_header is None

    def knows(self, host: str) -> bool:
        """Tell whether a ``Host`` header names this page: a page elsewhere may not borrow this machine's address."""
        return host.lower() in self._hosts()

    def _hosts(self) -> frozenset[str]:
        mine = {"127.0.0.1", "localhost", "[::1]"}
        if self.host not in ("0.0.0.0", "::", *_LOOPBACK):
            mine.add(f"[{self.host}]" if ":" in self.host else self.host.lower())
        ported = {f"{name}:{self.port}" for name in mine}
        return frozenset(ported | (mine if self.port in (80, 443) else set()) | {name.lower() for name in self.names})

    def holds_token(self, given: str) -> bool:
        """Tell whether this is the token, in a time that tells nothing."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def user_of(self, headers: Mapping[str, str]) -> str | None:
        """Return whom the reverse proxy names; None without one, or if it cannot show the token it needs."""
        if self.user_header is None or (self.token is not None and not self.holds_token(bearer(headers))):
            return None
        return headers.get(self.user_header.lower(), "").strip() or None


def _is_weak(token: str) -> bool:
    """Tell whether a token has few signs, repeats a part, counts on, or is a word that everybody tries."""
    plain = token.lower()
    repeats = any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1))
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return len(set(plain)) < _FEWEST_SIGNS or repeats or len(steps) <= _FEWEST_STEPS or _trite(plain)


def _trite(plain: str) -> bool:
    rest = plain
    for word in _TRITE:
        rest = rest.replace(word, "")
    return len([one for one in rest if one.isalpha()]) == 0


def bearer(headers: Mapping[str, str]) -> str:
    """Return the bearer token of a request; empty if there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
