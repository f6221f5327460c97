"""The process of a Prefect server that coopledger starts: ``python -m flows.embedded SOCKET``.

Serves Prefect's API on a socket that its parent has bound, by the number of its file, until its input is closed or it
is told to end.
"""

import os
import signal
import socket
import sys
import threading


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve Prefect's API until the parent goes away."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app, factory=True, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
