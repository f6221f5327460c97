"""Sets up Prefect, and runs coopledger's own Prefect server: for one run, on a free port, or for ``coopledger serve``.

The server never outlives the process that started it. It runs this module's ``main`` with its socket's file descriptor.
"""

import gc
import inspect
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPException
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from filelock import FileLock, Timeout

from flows.errors import InputError

PUBLISHER = "coopledger-publisher"
START_SECONDS = 120  # how long a server may take to start on a busy machine
_GRACE_SECONDS = 3.0
_SQLITE = "sqlite+aiosqlite:///"
_REVISION = "INSERT INTO \"alembic_version\" VALUES('%s');"  # the line of ``prefect.sql`` with its migration
_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START_SECONDS),
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "120",  # marking runs as late often finds SQLite locked
    "PYTHONWARNINGS": "ignore:resource_tracker",  # Python warns when it cleans up the shared memory of a killed run
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the command prints what matters; the server gets every log
    "PREFECT_CLI_PROMPT": "false",
    "PYTHONSAFEPATH": "1",  # no child imports a package from the current folder that has the name of one of ours
}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One thread a process: worker processes share the processors, and sums are added in the same order everywhere."""


def prepare() -> None:
    """Set environment variables for this process and its children, unless the user set them, and set up logging.

    Call it before Prefect is imported. Prefect's log goes to the server and not to the terminal.
    """
    for name, value in (_SETTINGS | ONE_THREAD).items():
        os.environ.setdefault(name, value)
    logging.captureWarnings(True)
    logging.raiseExceptions = bool(os.environ.get("COOPLEDGER_DEBUG"))  # e.g. a server that rejects a log


@contextmanager
def without_gc() -> Iterator[None]:
    """Switch off garbage collection for imports inside, where it would take a fifth of the time and free nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def needs_own_server() -> bool:
    """Return whether neither the environment nor a Prefect profile names a server, so that a run starts its own."""
    if os.environ.get("PREFECT_API_URL"):
        return False
    if not (_prefect_home() / "profiles.toml").is_file():
        return True
    from prefect.settings import PREFECT_API_URL

    return not PREFECT_API_URL.value()


def _prefect_home() -> Path:
    return Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()


def check_prefect_home() -> None:
    """Check that Prefect can write to its folder. Raises InputError."""
    advice = "set PREFECT_HOME to a folder that can be written, or run --direct"
    try:
        home = _prefect_home()
        home.mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=home).close()
    except RuntimeError as error:
        raise InputError(f"there is no home folder, in which Prefect keeps its settings: {advice}") from error
    except OSError as error:
        raise InputError(
            f"cannot write to {home}, where Prefect keeps its settings: {error.strerror}; {advice}"
        ) from error


RUN_SETTINGS = {"PREFECT_SERVER_UI_ENABLED": "false", "PREFECT__SERVER_EPHEMERAL": "1"}
"""Settings of a server for one run: it has no user interface, and schedules nothing."""


class Server:
    """A Prefect server in its own process. ``start`` returns when its address is known, ``wait`` when it answers."""

    def __init__(
        self, home: Path, *, host: str = "127.0.0.1", port: int = 0, settings: Mapping[str, str] = RUN_SETTINGS
    ) -> None:
        self._home, self._at = home.resolve(), (host, port)
        self._settings = {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"{_SQLITE}{self._home / 'prefect.db'}",
            "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
            "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",  # otherwise every installed collection is loaded
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def log(self) -> Path:
        """The server's log file: warnings and errors."""
        return self._home / "server.log"

    def start(self) -> None:
        """Start the process on its port, or on a free one for port 0. Raises InputError if the port is in use."""
        with _listen(*self._at) as listening:
            self.url = f"http://{self._at[0]}:{listening.getsockname()[1]}/api"
            self._home.mkdir(parents=True, exist_ok=True)
            with self.log.open("w", encoding="utf-8") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "flows.server", str(listening.fileno())],
                    stdin=subprocess.PIPE,  # closed when this process ends, even if killed: the server then stops
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **self._settings, "PREFECT_API_URL": self.url},
                    pass_fds=[listening.fileno()],
                    start_new_session=True,  # Ctrl-C goes to the parent only, which needs the server to the end
                )

    def wait(self) -> None:
        """Wait until the server answers. Raises InputError if it does not within ``START_SECONDS``."""
        end = time.monotonic() + START_SECONDS
        while not is_healthy(self.url):
            if not self.running() or time.monotonic() > end:
                raise InputError(f"the Prefect server did not start (see {self.log}); --direct runs without one")
            time.sleep(0.1)

    def running(self) -> bool:
        """Return whether the process is running."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the process and wait until it has ended."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.communicate()  # closes its input


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise InputError(f"cannot listen on {host}:{port}: {reason}; --port takes another") from error


def is_healthy(url: str) -> bool:
    """Return whether a Prefect server answers at an address."""
    try:
        with urlopen(f"{url}/health", timeout=5.0) as answer:  # quicker than making an httpx client
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, ValueError, HTTPException):
        return False


def check_reachable(url: str) -> None:
    """Check that something listens at a server's address. Raises InputError."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), 4).close()
    except OSError as error:
        reason = f"no Prefect server answers at {url} (PREFECT_API_URL): {error.strerror or error}"
        raise InputError(f"{reason}; --direct runs without one") from error


@contextmanager
def database_folder(output: Path) -> Iterator[Path]:
    """Yield the folder for the server's database: one in the output folder, so that the history of runs is kept.

    If another server uses that, or it cannot be written, a temporary folder is used.
    """
    with ExitStack() as stack:
        try:
            home = stack.enter_context(locked_database_folder(output))
        except (Timeout, OSError):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coopledger-")))
        yield home


@contextmanager
def locked_database_folder(output: Path) -> Iterator[Path]:
    """Lock and yield the output's own folder for a server's database. Raises Timeout if another server has the lock."""
    home = output / ".coopledger" / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / ".lock", timeout=0):
        yield home


@contextmanager
def serving(output: Path) -> Iterator[Server]:
    """Run a server for one run inside; the caller calls ``wait`` when it needs the server.

    The server's address is put into the environment, where Prefect finds it when it is imported later, in any process.
    """
    with database_folder(output) as home, running_server(Server(home)) as server:
        _run_servers.append(server)
        try:
            yield server
        finally:
            _run_servers.remove(server)
            flush_logs()


_run_servers: list[Server] = []


def is_shared() -> bool:
    """Return whether the server may have runs of other processes, so that concurrency limits on tags matter."""
    return not _run_servers


def flush_logs() -> None:
    """Send the logs and events that are still queued, so that stopping the server causes no errors."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.utilities.asyncutils import run_coro_as_sync

    async def send() -> None:
        for waiting in (APILogWorker.drain_all(), EventsWorker.drain_all()):
            if inspect.isawaitable(waiting):
                await waiting

    run_coro_as_sync(send())


@contextmanager
def running_server(server: Server) -> Iterator[Server]:
    """Start a server, put its address into the environment for Prefect, and stop the server afterwards."""
    try:
        server.start()
        os.environ["PREFECT_API_URL"] = server.url
        yield server
    finally:
        server.stop()


def main() -> None:
    """Serve Prefect's API on a socket that the parent has bound, until standard input is closed or SIGTERM comes."""
    threading.Thread(target=_end_at_eof, daemon=True).start()
    url = os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    if url.startswith(_SQLITE) and make_tables(Path(url.removeprefix(_SQLITE))):
        os.environ.setdefault("PREFECT_SERVER_DATABASE_MIGRATE_ON_START", "false")
    with without_gc():
        import uvicorn
        from prefect.server.api.server import create_app

        app = create_app()
    config = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _end_at_eof() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def make_tables(database: Path) -> bool:
    """Make the tables of a new database from ``prefect.sql``; Prefect's own migrations would take some seconds.

    The file names the version of Prefect that it is for; for any other version nothing is done. Returns whether the
    database has these tables, so that there is nothing to migrate.
    """
    tables = (files("flows") / "prefect.sql").read_text("utf-8")
    if tables.splitlines()[0] != f"-- prefect {version('prefect')}":
        return False
    if database.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:  # not ours, or half made
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            return [_REVISION % one in tables for one in found] == [True]
        return False
    temporary = database.with_suffix(".part")
    temporary.unlink(missing_ok=True)
    with closing(sqlite3.connect(temporary)) as connection:
        connection.executescript(tables)
    temporary.rename(database)
    return True


if __name__ == "__main__":
    main()
