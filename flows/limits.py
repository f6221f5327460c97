"""Limits on what a document may take of the processor's time, in whatever thread it is read, and of memory.

What counts is the time of the processor, so that a busy machine makes no document too slow.
"""

import ctypes
import math
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_LOOK_SECONDS = 0.5
_STATUS = Path("/proc/self/status")  # Linux; elsewhere memory is not bounded

_TURN = threading.RLock()

MEMORY = 1_000 * 2**20
"""Bytes that a document may take beside what its process held before."""


class TooSlowError(BaseException):
    """The time is up. No library that goes on after any Exception goes on after this."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooSlowError inside when the time is up.

    In the main thread by an alarm, which ends a regular expression too; in any other (Dask's) between steps of Python.
    What no alarm ends (a loop in a library of C) has a quarter of the time more, at least two seconds: then the system
    ends the process with SIGXCPU.
    """
    main = threading.current_thread() is threading.main_thread()
    with _alarm(seconds) if main else _interruption(seconds):
        yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: object) -> None:
        raise TooSlowError

    end = time.process_time() + seconds + max(seconds / 4, 2)
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with _lowered(resource.RLIMIT_CPU, math.ceil(end)):
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _lowered(kind: int, limit: int) -> Iterator[None]:
    """Lower a limit of the system, never raise it."""
    soft, hard = resource.getrlimit(kind)
    limits = [one for one in (limit, soft, hard) if one != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


@contextmanager
def _interruption(seconds: float) -> Iterator[None]:
    thread, lock, ended = threading.get_ident(), threading.Lock(), threading.Event()
    clock = time.pthread_getcpuclockid(thread)
    end = time.clock_gettime(clock) + seconds

    def watch() -> None:
        while not ended.wait(min(seconds, _LOOK_SECONDS)):
            with lock:
                if not ended.is_set() and time.clock_gettime(clock) >= end:
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooSlowError))
                    return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            ended.set()


@contextmanager
def within(memory: int) -> Iterator[None]:
    """Let the process take no more bytes than that beside what it holds: what asks for more gets a MemoryError.

    The limit is the process's. So that no document fails by what another takes, and none leaves its limit behind, other
    threads (Dask's) wait here for their turn.
    """
    with _TURN, ExitStack() as stack:
        if _STATUS.exists():
            _, _, held = _STATUS.read_text("ascii").partition("\nVmData:")  # in KiB, as RLIMIT_DATA counts it
            stack.enter_context(_lowered(resource.RLIMIT_DATA, int(held.split()[0]) * 1024 + memory))
        yield
