"""HTTP with limits: how long a request may take to arrive, how large it may be, how many connections there are."""

import asyncio
import logging
import time
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from review.guard import LARGEST

SECONDS = 20.0
"""How long a request, its headers and its body, may take to arrive."""
CONNECTIONS = 256
_HEAD = 1 << 16
_AGAIN = 60.0


class BoundedProtocol(H11Protocol):
    """One connection. Whoever sends too slowly or too much is cut off; where all places are taken, the slowest goes."""

    seconds, most = SECONDS, CONNECTIONS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._taken = 0
        self._since = 0.0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, if need be in the place of the one that has kept us waiting longest."""
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > self.most:
            others = [one for one in self.connections if isinstance(one, BoundedProtocol) and one.waits]
            min(others, key=_since).cut()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes in, whatever the headers say of it."""
        self._taken += len(data)
        if self._taken > LARGEST + _HEAD:
            self.cut()
            return
        super().data_received(data)
        self._watch()

    @property
    def waits(self) -> bool:
        """Whether the rest of a request has still to come."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def cut(self) -> None:
        """Close the connection at once."""
        self.connections.discard(self)
        self.transport.abort()

    def _watch(self) -> None:
        if not self.waits:
            self._taken = 0
            self._stop()
        elif self._deadline is None:
            self._since = self.loop.time()
            self._deadline = self.loop.call_later(self.seconds, self._late)

    def _late(self) -> None:
        self._deadline = None
        if self.waits and not self._kept_alive():
            self.cut()

    def _kept_alive(self) -> bool:
        """Whether it rests between two requests, which has a limit of its own."""
        return self.timeout_keep_alive_task is not None

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _since(one: BoundedProtocol) -> float:
    return one._since


class OnceAMinute(logging.Filter):
    """Lets each message through once a minute, however often it is said."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a message was not said within the last minute."""
        now, said = time.monotonic(), str(record.msg)[:80]
        if now - self._said.get(said, -_AGAIN) < _AGAIN:
            return False
        if len(self._said) > 1_000:
            self._said.clear()
        self._said[said] = now
        return True


def quieten() -> None:
    """Say errors of accepting and of odd requests once a minute."""
    for name in ("asyncio", "uvicorn.error"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, OnceAMinute) for one in logger.filters):
            logger.addFilter(OnceAMinute())
