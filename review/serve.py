"""Serving the page until it is stopped."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from ledger.errors import LedgerError
from review.access import Access
from review.app import create_app
from review.normalise import Normaliser
from review.protocol import BoundedProtocol, quieten

Say = Callable[[str], None]
QUIET: dict[str, Any] = {
    "log_level": "warning", "server_header": False, "proxy_headers": False, "ws": "none", "lifespan": "off",
    "http": BoundedProtocol, "backlog": 128, "timeout_keep_alive": 5,
}  # fmt: skip
"""How the server runs: it tells little, believes no proxy's headers, and knows only HTTP, within limits."""


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
        normalise: makes values of selected words.
        say: is told the address once the ledger is read.

    Raises:
        LedgerError: there is no release, it is damaged, or the port is taken.
    """
    access = access or Access()
    listening = _bound(access.host, access.port)
    app = create_app(output, access=access, normalise=normalise)
    app.state.desk.store.view()
    if say is not None:
        host = f"[{access.host}]" if ":" in access.host else access.host
        say(f"the curators' page is at http://{host}:{access.port}/ (stop with Ctrl-C)")
    quieten()
    uvicorn.Server(uvicorn.Config(app, host=access.host, port=access.port, **QUIET)).run(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=QUIET["backlog"])
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise LedgerError(f"cannot listen on {host}:{port}: {reason}; --port takes another") from error
