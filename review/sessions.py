"""Sessions: a cookie that says nothing by itself, and what this program remembers of each browser."""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

COOKIE = "coopledger_session"
_MOST = 2_000
_LONGEST_NAME = 80


@dataclass(slots=True)
class Session:
    """One browser: whether it showed the token, the name it goes by, what it skipped, what it accepted in bulk."""

    id: str
    admitted: bool = False
    name: str = ""
    skipped: set[str] = field(default_factory=set)
    batches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    said: str = ""

    def take_said(self) -> str:
        """Return what is to be said once: that a decision is on the disk."""
        said, self.said = self.said, ""
        return said


class Sessions:
    """The sessions since the program started."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def find(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; None if there is none such."""
        found = self._sessions.get(cookie or "")
        if found is not None:
            self._sessions.move_to_end(found.id)
        return found

    def start(self, *, name: str = "", admitted: bool = False) -> Session:
        """Start a session under an id that nobody can guess."""
        session = Session(secrets.token_urlsafe(32), admitted=admitted, name=name)
        self._sessions[session.id] = session
        while len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)
        return session

    def csrf(self, session: Session) -> str:
        """Return what a form of this session has to bring."""
        return hmac.new(self._secret, session.id.encode(), "sha256").hexdigest()

    def is_csrf(self, session: Session, given: str) -> bool:
        """Tell whether a form was made for this session."""
        return hmac.compare_digest(self.csrf(session).encode(), given.encode())


def cleaned_name(name: str) -> str:
    """Make a curator's name of what was typed: one line, printable, not too long."""
    return " ".join("".join(one if one.isprintable() else " " for one in name).split())[:_LONGEST_NAME]
