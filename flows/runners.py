"""Where shards are extracted without Prefect: in a pool of spawned processes, or on a Dask cluster.

Documents are never read in the run's own process, which a document that kills its reader would end.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from flows.errors import InputError, lasts
from flows.options import Options
from flows.plan import Shard, read_jobs
from flows.server import ONE_THREAD
from flows.shards import TOO_SLOW, Done, Result, extract_one, extract_shard, extractor, finished, too_slow
from flows.sources import Found
from schemas import Quarantined
from schemas.extras import extras_named

T = TypeVar("T")

CRASHED = "crashed"
"""The reason of a document with which the process that read it died."""

_ending = threading.Event()


def run_shards(shards: Sequence[Shard], options: Options) -> Iterator[Done]:
    """Extract the shards and yield each as it is finished, in any order.

    Raises MissingExtraError where Dask is asked for but not installed.
    """
    return _on_dask(shards, options) if options.runner == "dask" else _in_pool(shards, options.workers)


def kill_workers() -> None:
    """Kill the processes of all pools, and let none be started again: the run is to end."""
    _ending.set()
    for worker in multiprocessing.active_children():
        worker.kill()  # else its shard would be waited for


def start_worker() -> None:
    """Prepare a pool's process: it ends when its parent does, however that came about, and keeps to one thread."""
    os.environ.update(ONE_THREAD)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class WorkerPool:
    """Spawned processes that extract shards; where one dies, the document that it read is found and quarantined."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._processes: set[BaseProcess] = set()
        self._killed = False

    def load(self, model: str | None, threshold: float) -> None:
        """Have a first process load the extractor, and do not wait for it."""
        self._submit(extractor, model, threshold)

    def extract(self, shard: Shard) -> Done:
        """Have a process extract the shard; threads may ask at the same time, each for a shard of its own."""
        pool, future = self._submit(extract_shard, shard)
        try:
            return future.result()
        except BrokenProcessPool:  # by this shard, or by one beside it
            if _ending.is_set() or self._killed:
                raise
            with self._lock:
                self._pool = None if self._pool is pool else self._pool
        return _one_by_one(shard)

    @contextmanager
    def ended_where_nothing_can_be_written(self) -> Iterator[None]:
        """Kill the processes where the disk is full for what is done inside: what they still read is lost anyway."""
        try:
            yield
        except OSError as error:
            if lasts(error):
                self._killed = True
                for process in self._processes:
                    process.kill()
            raise

    def close(self) -> None:
        """Let the processes end."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, call: Callable[..., T], *arguments: Any) -> tuple[ProcessPoolExecutor, Future[T]]:
        with self._lock:
            self._pool = self._pool or _processes(self._size)
            before = set(multiprocessing.active_children())
            future = _submit(self._pool, call, *arguments)
            self._processes.update(set(multiprocessing.active_children()) - before)
            return self._pool, future


_loaded: list[WorkerPool] = []


@contextmanager
def loaded_pool(size: int, model: str | None, threshold: float) -> Iterator[None]:
    """Let a process load the extractor before it is known whether it is needed; the next pool opened inside has it."""
    pool = WorkerPool(size)
    pool.load(model, threshold)
    _loaded.append(pool)
    try:
        yield
    finally:
        if pool in _loaded:
            _loaded.remove(pool)
            pool.close()


@contextmanager
def worker_pool(size: int) -> Iterator[WorkerPool]:
    """Open a pool of spawned processes, each started when it is needed."""
    pool = _loaded.pop() if _loaded else WorkerPool(size)
    try:
        yield pool
    finally:
        pool.close()


def _processes(size: int) -> ProcessPoolExecutor:
    if find_spec("spacy") is None:  # the processes would find it out one document at a time
        raise ModuleNotFoundError("No module named 'spacy'", name="spacy")
    return ProcessPoolExecutor(size, mp_context=multiprocessing.get_context("spawn"), initializer=start_worker)


def _submit(pool: ProcessPoolExecutor, call: Callable[..., T], *arguments: Any) -> Future[T]:
    """Hand work to a pool. A process that it starts is deaf to Ctrl-C, which is for its parent: that ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        return pool.submit(call, *arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _one_by_one(shard: Shard) -> Done:
    """Extract a shard in a process of its own, which does not die with more than one document."""
    started = time.perf_counter()
    results: list[tuple[Result, int]] = []
    with ExitStack() as stack:
        pool, process = _process(stack)
        for job in read_jobs(shard.jobs):
            try:
                result = _submit(pool, extract_one, shard, job).result()
            except BrokenProcessPool:
                if _ending.is_set():
                    raise
                result = _died(shard, job, process), 0
                pool, process = _process(stack)
            results.append(result)
    return finished(shard, results, started)


def _process(stack: ExitStack) -> tuple[ProcessPoolExecutor, BaseProcess]:
    """Start a pool of one process, closed with the stack. Raises InputError where none can be started."""
    pool = stack.enter_context(_processes(1))
    try:
        number = _submit(pool, os.getpid).result()
    except BrokenProcessPool as error:
        raise InputError("no worker process can be started: is memory short, or the program damaged?") from error
    return pool, next(one for one in multiprocessing.active_children() if one.pid == number)


def _died(shard: Shard, job: Found, process: BaseProcess) -> Quarantined:
    """Say why a process died with a document: the system ends one that no alarm stops."""
    reason, detail = CRASHED, "the process that read it died (out of memory, or the library of its format failed)"
    if _exit_of(process) == -signal.SIGXCPU:
        reason, detail = TOO_SLOW, too_slow(shard.options.slow_seconds, "read")
    return Quarantined(id=job.id, reason=reason, detail=detail, digest=job.digest)


def _exit_of(process: BaseProcess) -> int | None:
    """Return how a process ended. The system tells it once: a thread of the pool may hear it first and note it late."""
    process.join()
    for _ in range(100):
        if process.exitcode is not None:
            break
        time.sleep(0.01)
    return process.exitcode


def _in_pool(shards: Sequence[Shard], workers: int) -> Iterator[Done]:
    size = min(workers, len(shards))
    if size == 0:
        return
    with worker_pool(size) as pool, ThreadPoolExecutor(size) as threads, pool.ended_where_nothing_can_be_written():
        try:
            for future in as_completed([threads.submit(pool.extract, shard) for shard in shards]):
                yield future.result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def dask_settings(options: Options) -> dict[str, Any]:
    """Return how to reach or make a Dask cluster, in the words of Prefect's task runner for Dask."""
    if options.scheduler:
        return {"address": options.scheduler}
    # None would mean Dask's usual port on every interface, which a second run on the machine finds taken
    page = {"dashboard_address": "127.0.0.1:0"}
    return {"cluster_kwargs": {"n_workers": options.workers, "threads_per_worker": 1, **page}}


def _on_dask(shards: Sequence[Shard], options: Options) -> Iterator[Done]:
    with extras_named("--runner dask", "dask"):
        import distributed
    dask: Any = distributed  # it has no types
    settings = dask_settings(options)
    with ExitStack() as stack:
        cluster = options.scheduler or stack.enter_context(dask.LocalCluster(**settings["cluster_kwargs"]))
        client = stack.enter_context(dask.Client(cluster))
        futures = dict(zip(client.map(extract_shard, shards, pure=False), shards, strict=True))
        for future in dask.as_completed(list(futures)):
            yield of_dask(future.result, futures[future])


def of_dask(result: Callable[[], Done], shard: Shard) -> Done:
    """Return what Dask made of a shard. One with which several workers died is read here, one document at a time."""
    from distributed import KilledWorker

    try:
        return result()
    except KilledWorker:
        return _one_by_one(shard)
