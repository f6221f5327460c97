"""Limits on the processor time and the memory that one document may take, in any thread.

Processor time counts, not wall time, so that no document is too slow because the machine is busy.
"""

import ctypes
import math
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

_POLL_SECONDS = 0.5
_PART = 100  # items: more of them at once slow down the garbage collector, fewer the limit
_STATUS = Path("/proc/self/status")  # Linux only; elsewhere memory is not limited

_MEMORY_LOCK = threading.RLock()
T = TypeVar("T")

TOO_SLOW = "too_slow"
"""Why a document is quarantined for which the time limit was reached."""

MEMORY = 1_000 * 2**20
"""Bytes that a document may take in addition to what its process holds before."""


class TooSlowError(BaseException):
    """The time limit was reached. A BaseException, so that no library catches it with ``except Exception``."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TooSlowError inside after that many seconds of processor time.

    In the main thread an alarm raises it, even within a regular expression; in other threads (Dask's) it is raised
    between two bytecodes. What no alarm stops, such as a loop in a C library, may take a quarter of the time more, at
    least two seconds: then the system kills the process with SIGXCPU.
    """
    main = threading.current_thread() is threading.main_thread()
    with _alarm(seconds) if main else _interrupt(seconds):
        yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: object) -> None:
        raise TooSlowError

    end = time.process_time() + seconds + max(seconds / 4, 2)
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with _lower_limit(resource.RLIMIT_CPU, math.ceil(end)):
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _lower_limit(kind: int, limit: int) -> Iterator[None]:
    """Lower the soft limit of a system resource inside, never raise it."""
    soft, hard = resource.getrlimit(kind)
    limits = [one for one in (limit, soft, hard) if one != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


@contextmanager
def _interrupt(seconds: float) -> Iterator[None]:
    """Let a watching thread raise TooSlowError in this one."""
    thread, lock, ended = threading.get_ident(), threading.Lock(), threading.Event()
    clock = time.pthread_getcpuclockid(thread)
    end = time.clock_gettime(clock) + seconds

    def watch() -> None:
        while not ended.wait(min(seconds, _POLL_SECONDS)):
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
def memory_limit(memory: int) -> Iterator[None]:
    """Let the process take at most ``memory`` more bytes than it holds; an allocation beyond raises MemoryError.

    The limit holds for the whole process. Other threads (Dask's) wait for their turn, so that no document fails because
    of what another takes, and limits do not overlap.
    """
    with _MEMORY_LOCK, ExitStack() as stack:
        if _STATUS.exists():
            _, _, held = _STATUS.read_text("ascii").partition("\nVmData:")  # in KiB, as RLIMIT_DATA counts it
            stack.enter_context(_lower_limit(resource.RLIMIT_DATA, int(held.split()[0]) * 1024 + memory))
        yield


def memory_limited(items: Iterator[T], memory: int) -> Iterator[T]:
    """Yield what an iterator yields: making each ``_PART`` of it may take ``memory`` bytes more than the process holds.

    Between the parts no limit is in force, so that what the caller keeps of them is not counted. Raises MemoryError
    after what was made before.
    """
    part: list[T] = []
    while True:
        try:
            with memory_limit(memory):
                part.extend(islice(items, _PART))
        except Exception:  # part holds what was made before
            yield from part
            raise
        yield from part
        if len(part) < _PART:
            return
        part.clear()
