"""On Ctrl-C or SIGTERM a run is gone within seconds, with one line that says what is kept."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

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
