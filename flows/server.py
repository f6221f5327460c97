"""A Prefect server for one run: starts by itself, on a port that nobody else has, and never outlives the run."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

from filelock import FileLock, Timeout

from flows.errors import InputError
from flows.settings import START_SECONDS

_GRACE_SECONDS = 15.0


class Server:
    """A server in a process of its own. ``start`` returns when its address is known; ``wait`` when it answers."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> None:
        """Start the process; it picks a free port and tells its address on the first line of its output."""
        self._home.mkdir(parents=True, exist_ok=True)
        log = (self._home / "server.log").open("w", encoding="utf-8")
        with log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.embedded"],
                stdin=subprocess.PIPE,  # closed when this process ends, however that comes about: the server then stops
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | self._environment(),
            )
        if self._process.stdout is not None:
            self.url = self._process.stdout.readline().strip()

    def _environment(self) -> dict[str, str]:
        return {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{self._home.resolve() / 'prefect.db'}",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
            "PREFECT__SERVER_EPHEMERAL": "1",
            "PREFECT__SERVER_FINAL": "1",
        }

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Wait until the server answers. Raises InputError where it does not in time."""
        end = time.monotonic() + seconds
        while not answers(self.url):
            self._still_running(end)
            time.sleep(0.1)

    def _still_running(self, end: float) -> None:
        if self._process is None or self._process.poll() is not None or time.monotonic() > end:
            raise InputError(
                f"the Prefect server did not start (see {self._home / 'server.log'}); --direct runs without one"
            )

    def stop(self) -> None:
        """Stop the process and wait until it is gone."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


def answers(url: str) -> bool:
    """Tell whether a Prefect server answers at an address."""
    try:
        with urlopen(f"{url}/health", timeout=5.0) as answer:  # an httpx client would take longer to make than to ask
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, ValueError, HTTPException):
        return False


@contextmanager
def home_of(output: Path) -> Iterator[Path]:
    """Choose the folder of the server's database: the output's own, so that runs are remembered.

    A second run at the same time, or an output folder that cannot be written, gets a passing one.
    """
    home = output / ".coopledger" / "prefect"
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(home / ".lock", timeout=0))
        except (Timeout, OSError):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coopledger-")))
        yield home


@contextmanager
def serving(output: Path) -> Iterator[Server]:
    """Start a server for what is done inside, and stop it afterwards; the caller waits for it when it needs it.

    Its address is put into the environment, where Prefect, imported afterwards, finds it in every thread and process.
    """
    with home_of(output) as home:
        server = Server(home)
        try:
            server.start()
            os.environ["PREFECT_API_URL"] = server.url
            yield server
        finally:
            server.stop()
