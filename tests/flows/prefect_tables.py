"""The tables of Prefect's database as its own migrations make them: ``python -m tests.flows.prefect_tables``."""

import asyncio
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path


def tables() -> str:
    """What ``flows/prefect.sql`` has to be for the Prefect that is installed."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "prefect.db"
        os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = f"sqlite+aiosqlite:///{database}"
        from prefect.server.database import provide_database_interface

        asyncio.run(provide_database_interface().create_db())
        with closing(sqlite3.connect(database)) as made:
            return "\n".join([f"-- prefect {version('prefect')}", *made.iterdump(), ""])


if __name__ == "__main__":
    sys.stdout.write(tables())
