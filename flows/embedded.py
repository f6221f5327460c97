"""The process of a run's own Prefect server: ``python -m flows.embedded``.

Binds a free port of the loopback interface, writes the server's address to its output as one line, and serves until its
input is closed or it is told to end.
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
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    os.environ["PREFECT_API_URL"] = url
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app, factory=True, log_level="error", lifespan="on", timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
