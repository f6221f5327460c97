"""Where shards are extracted: in a pool of spawned processes, or on a Dask cluster.

Documents are never read in the run's own process, since a document can crash the process that reads it.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager
from contextvars import copy_context
from importlib.util import find_spec
from multiprocessing.process import BaseProcess
from queue import LifoQueue
from typing import Any, TypeAlias, TypeVar

from flows.errors import InputError, cannot_write
from flows.limits import TOO_SLOW
from flows.options import Options
from flows.plan import Shard, read_jobs
from flows.server import ONE_THREAD
from flows.shards import (
    Result,
    ShardSummary,
    extract_one,
    extract_shard,
    extractor,
    too_slow_detail,
    write_results,
)
from flows.sources import Discovered
from schemas import Quarantined
from schemas.extras import requires_extra

T = TypeVar("T")
ReadShard: TypeAlias = Callable[[Shard], ShardSummary]

CRASHED = "crashed"
"""Why a document is quarantined when the process that read it died."""

_stopping = False  # without a lock, since an interrupted thread might hold it
_start_lock = threading.Lock()


def _as_is(read: ReadShard) -> ReadShard:
    return read


def run_shards(
    shards: Sequence[Shard],
    options: Options,
    *,
    step: Callable[[ReadShard], ReadShard] = _as_is,
    client: Callable[[Any], Any] | None = None,
) -> Iterator[ShardSummary]:
    """Extract the shards and yield the summary of each as it is finished, in any order.

    Args:
        shards: what to read.
        options: the runner and its settings.
        step: makes a task of the function that reads a shard.
        client: makes a client that runs such tasks from a Dask cluster or its address.

    Raises:
        MissingExtraError: the runner is Dask, which is not installed.
    """
    global _stopping
    _stopping = False  # an earlier run of this process may have been ended
    if options.runner != "dask":
        if shards:
            yield from _in_processes(shards, min(options.workers, len(shards)), step)
        return
    with requires_extra("--runner dask", "dask"):
        import distributed
    dask: Any = distributed  # it has no types
    with ExitStack() as stack:
        # None would mean Dask's usual port on every interface, which a second run on the machine finds taken
        here = {"n_workers": options.workers, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
        cluster = options.scheduler or stack.enter_context(dask.LocalCluster(**here))
        dask_client = stack.enter_context((client or dask.Client)(cluster))
        futures = dict(zip(dask_client.map(step(extract_shard), shards, pure=False), shards, strict=True))
        for future in dask.as_completed(list(futures)):
            try:
                yield future.result()
            except dask.KilledWorker:  # the shard killed several workers: read it here, one document at a time
                with closing(Worker()) as worker:
                    yield worker.extract_one_by_one(futures[future])


def _in_processes(shards: Sequence[Shard], size: int, step: Callable[[ReadShard], ReadShard]) -> Iterator[ShardSummary]:
    """Extract the shards in ``size`` worker processes, each driven by one thread at a time."""
    idle: LifoQueue[Worker] = LifoQueue()  # one that has loaded the extractor is taken first

    def extract(shard: Shard) -> ShardSummary:
        worker = idle.get()
        try:
            return worker.extract(shard)
        finally:
            idle.put(worker)

    with ExitStack() as stack, ThreadPoolExecutor(size) as threads:
        for worker in [*(Worker() for _ in range(size - len(_preloaded))), *_preloaded]:
            idle.put(stack.enter_context(closing(worker)))
        read = step(extract)
        try:
            for future in as_completed([threads.submit(copy_context().run, read, shard) for shard in shards]):
                yield future.result()
        except OSError as error:
            if cannot_write(error):  # no further result could be written
                kill_workers()
            raise
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def kill_workers() -> None:
    """Kill the worker processes, and let none be started in their place, because the run is to end."""
    global _stopping
    _stopping = True
    for worker in multiprocessing.active_children():
        worker.kill()  # otherwise the run would wait for its shard


def start_worker() -> None:
    """Prepare a worker process: it ends when its parent does, even if that is killed, and computes in one thread."""
    os.environ.update(ONE_THREAD)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Worker:
    """A spawned process, started on the first call; if it dies, the document that it was reading is quarantined."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None

    def submit(self, call: Callable[..., T], *arguments: Any) -> Future[T]:
        """Run a call in the process, which ignores Ctrl-C: its parent handles that, and ends it."""
        if find_spec("spacy") is None:  # otherwise the process would fail on each document
            raise ModuleNotFoundError("No module named 'spacy'", name="spacy")
        self._pool = self._pool or ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), start_worker)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            with _start_lock:
                earlier = multiprocessing.active_children()
                future = self._pool.submit(call, *arguments)
                started = [one for one in multiprocessing.active_children() if one not in earlier]
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._process = next(iter(started), self._process)
        return future

    def extract(self, shard: Shard) -> ShardSummary:
        """Extract a shard; if the process dies, extract it again one document at a time."""
        try:
            return self.submit(extract_shard, shard).result()
        except BrokenProcessPool as error:
            self._start_again(error)
        return self.extract_one_by_one(shard)

    def extract_one_by_one(self, shard: Shard) -> ShardSummary:
        """Extract a shard with one call for each document, so that only a document that kills the process is lost."""
        started = time.perf_counter()
        results: list[tuple[Result, int]] = []
        for job in read_jobs(shard.jobs):
            try:
                results.append(self.submit(extract_one, shard, job).result())
            except BrokenProcessPool as error:
                results.append((self._quarantine(shard, job), 0))
                self._start_again(error)
        return write_results(shard, results, started)

    def close(self) -> None:
        """Let the process end."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _start_again(self, died: BrokenProcessPool) -> None:
        """Start a process in the place of one that died. Raises InputError if none can be started."""
        if _stopping:
            raise died
        self._pool = None
        try:
            self.submit(os.getpid).result()
        except BrokenProcessPool as error:
            raise InputError("no worker process can be started: is memory short, or the program damaged?") from error

    def _quarantine(self, shard: Shard, job: Discovered) -> Quarantined:
        """Quarantine the document that the process died on: too slow if the system killed it with SIGXCPU."""
        reason, detail = CRASHED, "the process that read it died (out of memory, or the library of its format failed)"
        if self._process is not None and _exit_code(self._process) == -signal.SIGXCPU:
            reason, detail = TOO_SLOW, too_slow_detail(shard.options.slow_seconds, "read")
        return Quarantined(id=job.id, reason=reason, detail=detail, digest=job.digest)


def _exit_code(process: BaseProcess) -> int | None:
    """Return a process's exit code; wait up to a second for it, since a thread of the pool may receive it first."""
    process.join()
    for _ in range(100):
        if process.exitcode is not None:
            break
        time.sleep(0.01)
    return process.exitcode


_preloaded: list[Worker] = []


@contextmanager
def preloaded_worker(model: str | None, threshold: float) -> Iterator[None]:
    """Start a worker that loads the extractor, before it is known whether it is needed; a run inside uses it."""
    with closing(Worker()) as worker:
        worker.submit(extractor, model, threshold)
        _preloaded.append(worker)
        try:
            yield
        finally:
            _preloaded.clear()
