"""Wrong tokens: each makes the next answer to the same address later, and is told in the log."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio

from review.sessions import Ticks

_FIRST, _LONGEST = 0.25, 20.0
_FORGIVEN = 600.0
_MOST = 10_000
log = logging.getLogger("coopledger.review")
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Peer:
    wrong: int = 0
    free: float = 0.0
    last: float = 0.0


@dataclass(slots=True)
class Tries:
    """Who gave wrong tokens lately, by address. The wait doubles with each, and all of one address share it."""

    ticks: Ticks = time.monotonic
    sleep: Sleep = anyio.sleep
    _peers: OrderedDict[str, _Peer] = field(default_factory=OrderedDict)

    async def wait(self, peer: str) -> None:
        """Wait until this address may try again; those that try at once wait one after the other."""
        known = self._peers.get(peer)
        if known is None:
            return
        now = self.ticks()
        if now - known.last > _FORGIVEN:
            del self._peers[peer]
            return
        delay = max(0.0, known.free - now)
        known.free = max(known.free, now) + self._step(known)
        if delay:
            await self.sleep(min(delay, _LONGEST))

    def wrong(self, peer: str) -> None:
        """Count a wrong token."""
        known = self._peers.setdefault(peer, _Peer())
        self._peers.move_to_end(peer)
        while len(self._peers) > _MOST:
            self._peers.popitem(last=False)
        known.wrong += 1
        known.last = self.ticks()
        known.free = max(known.free, known.last + self._step(known))
        log.warning("wrong token from %s, the %d. in a row", peer or "an unknown address", known.wrong)

    def right(self, peer: str) -> None:
        """Forget the wrong ones of an address."""
        self._peers.pop(peer, None)

    @staticmethod
    def _step(known: _Peer) -> float:
        return float(min(_FIRST * 2 ** (known.wrong - 1), _LONGEST))
