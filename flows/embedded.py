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

from flows.server import loading

_SQLITE = "sqlite+aiosqlite:///"


def main() -> None:
    """Serve Prefect's API until the parent goes away."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    url = os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    if url.startswith(_SQLITE) and make_tables(Path(url.removeprefix(_SQLITE))):
        os.environ.setdefault("PREFECT_SERVER_DATABASE_MIGRATE_ON_START", "false")
    with loading():
        import uvicorn
        from prefect.server.api.server import create_app

        app = create_app()
    config = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _end_with_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def make_tables(database: Path) -> bool:
    """Make the tables of a new database at once, which takes Prefect's migrations, one after the other, some seconds.

    ``prefect.sql`` holds what they come to, and the version of Prefect of which that is true; for any other nothing is
    done here. Returns whether the database has these tables, so that nothing is left to migrate.
    """
    tables = (files("flows") / "prefect.sql").read_text("utf-8")
    if tables.splitlines()[0] != f"-- prefect {version('prefect')}":
        return False
    if database.exists():
        return _revision(database) in tables
    beside = database.with_suffix(".part")
    beside.unlink(missing_ok=True)
    with closing(sqlite3.connect(beside)) as made:
        made.executescript(tables)
    beside.rename(database)
    return True


def _revision(database: Path) -> str:
    """Return the statement that says how far a database is migrated, as ``prefect.sql`` has it."""
    try:
        with closing(sqlite3.connect(database)) as standing:
            [(revision,)] = standing.execute("SELECT version_num FROM alembic_version").fetchall()
    except (sqlite3.Error, ValueError):  # another's, or made half: Prefect has to see to it
        return "unknown"
    return f"INSERT INTO \"alembic_version\" VALUES('{revision}');"


if __name__ == "__main__":
    main()
