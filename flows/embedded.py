"""The process of a Prefect server that coopledger starts: ``python -m flows.embedded SOCKET``.

Serves Prefect's API on a socket that its parent has bound, by the number of its file, until its input is closed or it
is told to end.
"""

import os
import signal
import socket
import sqlite3
import sys
import threading
from contextlib import closing
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

_SQLITE = "sqlite+aiosqlite:///"


def main() -> None:
    """Serve Prefect's API until the parent goes away."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    url = os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    if url.startswith(_SQLITE):
        make_tables(Path(url.removeprefix(_SQLITE)))
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app, factory=True, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def make_tables(database: Path) -> None:
    """Make the tables of a new database at once, which takes Prefect's migrations, one after the other, some seconds.

    ``prefect.sql`` holds what they come to, and the version of Prefect of which that is true; for any other nothing is
    done here.
    """
    tables = (files("flows") / "prefect.sql").read_text("utf-8")
    if database.exists() or tables.splitlines()[0] != f"-- prefect {version('prefect')}":
        return
    beside = database.with_suffix(".part")
    beside.unlink(missing_ok=True)
    with closing(sqlite3.connect(beside)) as made:
        made.executescript(tables)
    beside.rename(database)


if __name__ == "__main__":
    main()
