"""``coopledger run`` and ``coopledger refresh``."""

import inspect
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import typer

from flows.options import Options
from flows.progress import Progress
from flows.server import own_server, prepare
from flows.summary import Summary, tell
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.versions import read_versions

SECONDS = 3.5  # a run that has not ended so long after a signal is ended
_PAUSE = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Stop:
    """Sees signals beside their handlers, which are Prefect's for a while, and ends the process when it is time."""

    def __init__(self, kept: Callable[[], str]) -> None:
        self._kept = kept
        self._reading, self.writing = socket.socketpair()
        self.writing.setblocking(False)
        self._say = threading.Lock()
        self._said = self.asked = False
        threading.Thread(target=self._watch, daemon=True).start()

    def say(self) -> None:
        """Print the line, once."""
        with self._say:
            if not self._said:
                typer.echo(f"coopledger: {self._kept()}", err=True)
            self._said = True

    def _watch(self) -> None:
        with self._reading:
            while byte := self._reading.recv(1):
                if byte[0] in _SIGNALS:
                    self.asked = True
                    self._leave()

    def _leave(self) -> None:
        """Leave after some seconds, at once when asked again; workers and the server end with this process."""
        from flows.runners import kill_workers  # heavy, and loaded where there are workers

        self._reading.settimeout(_PAUSE)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            kill_workers()  # again and again: one may just be starting
            try:
                byte = self._reading.recv(1)
            except TimeoutError:
                continue
            if not byte or byte[0] in _SIGNALS:
                break
        self.say()
        os._exit(1)


@contextmanager
def ending_in_time(kept: Callable[[], str]) -> Iterator[None]:
    """Within it both signals are a KeyboardInterrupt, which ends with status 1 and the line that ``kept`` gives.

    What is done in the process afterwards is cut short, too: there is no going on after a signal.
    """
    stop = _Stop(kept)
    before = {number: signal.signal(number, signal.default_int_handler) for number in _SIGNALS}
    woken = signal.set_wakeup_fd(stop.writing.fileno(), warn_on_full_buffer=False)
    try:
        yield
    except BaseException as error:
        if not stop.asked and not isinstance(error, KeyboardInterrupt):
            raise
        stop.say()
        raise typer.Exit(1) from error
    finally:
        if not stop.asked:
            signal.set_wakeup_fd(woken)
            stop.writing.close()
        for number, handler in before.items():
            signal.signal(number, handler)


Name = Literal["extract", "refresh"]


def run(options: Options, *, direct: bool) -> int:
    """Publish a release of the input; return the exit status."""
    return _run("extract", options, direct)


def refresh(options: Options, *, direct: bool) -> int:
    """Publish a release of the last one's documents, read again where the program changed; return the exit status."""
    return _run("refresh", options, direct)


def _run(name: Name, options: Options, direct: bool) -> int:
    with ending_in_time(_Kept(options.output)):
        prepare(quiet=True)
        from flows.progress import watched_by
        from flows.run import check

        check(options)
        how: Callable[[Name, Options], Summary] = _direct if direct else _with_prefect
        with Progress() as progress, watched_by(progress):
            summary = how(name, options)
    tell(summary)
    return summary.status


class _Kept:
    """Says what is kept of a run that was stopped."""

    def __init__(self, output: str) -> None:
        self._output = Output(Path(output))
        self._before = self._latest()

    def __call__(self) -> str:
        latest = self._latest()
        if latest != self._before:
            return f"stopped after release {latest} was published"
        return "stopped; nothing was published, and finished shards are kept"

    def _latest(self) -> str | None:
        try:
            return read_versions(self._output).latest
        except (LedgerError, OSError):
            return None


def _direct(name: Name, options: Options) -> Summary:
    from flows.run import refresh_direct, run_direct

    return run_direct(options) if name == "extract" else refresh_direct(options)


def _with_prefect(name: Name, options: Options) -> Summary:
    from flows.server import check_there, serving

    if not own_server():
        if url := os.environ.get("PREFECT_API_URL"):
            check_there(url)

        return run_flow(name, options)

    with serving(Path(options.output)) as server:
        from flows.shards import extractor

        extractor(options.model, options.threshold)
        server.wait()
        try:
            return run_flow(name, options)
        finally:
            send_all()


def run_flow(name: Name, options: Options) -> Summary:
    """Run the extract or the refresh flow in this process. Raises KeyboardInterrupt where it is told to end."""
    from prefect.exceptions import ExternalSignal

    from flows.extract import extract
    from flows.refresh import refresh

    try:
        summary: Summary = {"extract": extract, "refresh": refresh}[name](options)
    except ExternalSignal as signal:  # Prefect's word for SIGTERM
        raise KeyboardInterrupt from signal
    return summary


def send_all() -> None:
    """Send the logs and events that still wait, so that the server can go without a complaint."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.utilities.asyncutils import run_coro_as_sync

    async def send() -> None:
        for waiting in (APILogWorker.drain_all(), EventsWorker.drain_all()):
            if inspect.isawaitable(waiting):
                await waiting

    run_coro_as_sync(send())
