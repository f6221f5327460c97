"""How Prefect is set up, and a server of coopledger's own: for one run, on a port that nobody else has, or to serve.

A server never outlives the process that started it. It is this module's ``main``, called with the number of its socket.
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
START_SECONDS = 120  # a busy machine may take that long to start a server
_GRACE_SECONDS = 3.0
_SQLITE = "sqlite+aiosqlite:///"
_REVISION = "INSERT INTO \"alembic_version\" VALUES('%s');"  # says in ``prefect.sql`` how far it is migrated
_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START_SECONDS),
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "120",  # to mark a run as late often finds SQLite locked
    "PYTHONWARNINGS": "ignore:resource_tracker",  # what a killed run leaves in memory, Python cleans up with a warning
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the command says what matters; the server keeps it all
    "PREFECT_CLI_PROMPT": "false",
    "PYTHONSAFEPATH": "1",  # no child imports from the current folder, which may hold a package of one of our names
}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One thread a process: the processes share the processors, and sums are added up in the same order everywhere."""


def prepare() -> None:
    """Set up this process and its children, before Prefect is imported; what the user set stays as it is.

    Prefect's log is kept from the terminal, and still sent to the server.
    """
    for name, value in (_SETTINGS | ONE_THREAD).items():
        os.environ.setdefault(name, value)
    logging.captureWarnings(True)
    logging.raiseExceptions = bool(os.environ.get("COOPLEDGER_DEBUG"))  # of a server that takes no log


@contextmanager
def loading() -> Iterator[None]:
    """Import much inside. It stays, and to search it for garbage again and again takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def own_server() -> bool:
    """Return whether the user has no Prefect server, by the environment or a profile, so that a run brings its own."""
    if os.environ.get("PREFECT_API_URL"):
        return False
    if not (_prefect_home() / "profiles.toml").is_file():
        return True
    from prefect.settings import PREFECT_API_URL

    return not PREFECT_API_URL.value()


def _prefect_home() -> Path:
    return Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()


def check_home() -> None:
    """Find out at once that Prefect cannot write to its folder. Raises InputError."""
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


FOR_A_RUN = {"PREFECT_SERVER_UI_ENABLED": "false", "PREFECT__SERVER_EPHEMERAL": "1"}
"""Settings of a server for one run: it has no page, and schedules nothing."""


class Server:
    """A server in a process of its own. ``start`` returns when its address is known; ``wait`` when it answers."""

    def __init__(
        self, home: Path, *, host: str = "127.0.0.1", port: int = 0, settings: Mapping[str, str] = FOR_A_RUN
    ) -> None:
        self._home, self._at = home.resolve(), (host, port)
        self._settings = {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"{_SQLITE}{self._home / 'prefect.db'}",
            "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
            "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",  # else every installed collection is loaded
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def log(self) -> Path:
        """The file of what the server has to say: warnings and errors."""
        return self._home / "server.log"

    def start(self) -> None:
        """Start the process on its port, or on a free one. Raises InputError where another program has the port."""
        with _bound(*self._at) as listening:
            self.url = f"http://{self._at[0]}:{listening.getsockname()[1]}/api"
            self._home.mkdir(parents=True, exist_ok=True)
            with self.log.open("w", encoding="utf-8") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "flows.server", str(listening.fileno())],
                    stdin=subprocess.PIPE,  # closed when this process ends, however that comes about: it then stops
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **self._settings, "PREFECT_API_URL": self.url},
                    pass_fds=[listening.fileno()],
                    start_new_session=True,  # Ctrl-C is for its parent, which needs it to the end
                )

    def wait(self) -> None:
        """Wait until the server answers. Raises InputError where it does not in time."""
        end = time.monotonic() + START_SECONDS
        while not answers(self.url):
            if not self.running() or time.monotonic() > end:
                raise InputError(f"the Prefect server did not start (see {self.log}); --direct runs without one")
            time.sleep(0.1)

    def running(self) -> bool:
        """Return whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the process and wait until it is gone."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.communicate()  # closes its input


def _bound(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise InputError(f"cannot listen on {host}:{port}: {reason}; --port takes another") from error


def answers(url: str) -> bool:
    """Return whether a Prefect server answers at an address."""
    try:
        with urlopen(f"{url}/health", timeout=5.0) as answer:  # an httpx client would take longer to make than to ask
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, ValueError, HTTPException):
        return False


def check_there(url: str) -> None:
    """Find out at once that nothing listens at a server's address. Raises InputError."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), 4).close()
    except OSError as error:
        reason = f"no Prefect server answers at {url} (PREFECT_API_URL): {error.strerror or error}"
        raise InputError(f"{reason}; --direct runs without one") from error


@contextmanager
def home_of(output: Path) -> Iterator[Path]:
    """Choose the folder of the server's database: the output's own, so that runs are remembered.

    A second run at the same time, or an output folder that cannot be written, gets a passing one.
    """
    with ExitStack() as stack:
        try:
            home = stack.enter_context(kept_home(output))
        except (Timeout, OSError):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coopledger-")))
        yield home


@contextmanager
def kept_home(output: Path) -> Iterator[Path]:
    """Hold the output's own folder for a server's database. Raises Timeout where another server holds it."""
    home = output / ".coopledger" / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / ".lock", timeout=0):
        yield home


@contextmanager
def serving(output: Path) -> Iterator[Server]:
    """Start a server for what is done inside, and stop it afterwards; the caller waits for it when it needs it.

    Its address is put into the environment, where Prefect, imported afterwards, finds it in every thread and process.
    """
    with home_of(output) as home, started(Server(home)) as server:
        _of_this_run.append(server)
        try:
            yield server
        finally:
            _of_this_run.remove(server)
            send_all()


_of_this_run: list[Server] = []


def is_shared() -> bool:
    """Return whether the server may have other runs than this one, so that limits on tags mean something."""
    return not _of_this_run


def send_all() -> None:
    """Send the logs and events that still wait, so that the server can go without a complaint."""
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
def started(server: Server) -> Iterator[Server]:
    """Start a server, whose address Prefect finds in the environment, and stop it afterwards."""
    try:
        server.start()
        os.environ["PREFECT_API_URL"] = server.url
        yield server
    finally:
        server.stop()


def main() -> None:
    """Serve Prefect's API on a socket that the parent has bound, until its input is closed or it is told to end."""
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
        with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as standing:  # another's, or made half
            found = standing.execute("SELECT version_num FROM alembic_version").fetchall()
            return [_REVISION % one in tables for one in found] == [True]
        return False
    beside = database.with_suffix(".part")
    beside.unlink(missing_ok=True)
    with closing(sqlite3.connect(beside)) as made:
        made.executescript(tables)
    beside.rename(database)
    return True


if __name__ == "__main__":
    main()
