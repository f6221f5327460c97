"""Where shards are extracted without Prefect: in this process, in a pool of spawned ones, or on a Dask cluster."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Any

from flows.options import RunnerName
from flows.plan import Shard, read_jobs
from flows.server import ONE_THREAD
from flows.shards import Done, Result, extract_one, extract_shard, finished
from schemas import Quarantined
from schemas.extras import extras_named

CRASHED = "crashed"
"""The reason of a document with which the process that read it died."""

_ending = threading.Event()


def run_shards(
    shards: Sequence[Shard], *, runner: RunnerName, workers: int, scheduler: str | None = None
) -> Iterator[Done]:
    """Extract the shards and yield each as it is finished, in any order.

    Raises MissingExtraError where Dask is asked for but not installed.
    """
    if runner == "dask":
        return _on_dask(shards, workers, scheduler)
    if stays_here(shards, workers):
        return map(extract_shard, shards)
    return _in_pool(shards, workers)


def stays_here(shards: Sequence[Shard], workers: int) -> bool:
    """Tell whether one process is enough, so that no other need load the model."""
    return workers == 1 or len(shards) <= 1


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

    def extract(self, shard: Shard) -> Done:
        """Have a process extract the shard; threads may ask at the same time, each for a shard of its own."""
        with self._lock:
            pool = self._pool = self._pool or _processes(self._size)
        try:
            return pool.submit(extract_shard, shard).result()
        except BrokenProcessPool:  # by this shard, or by one beside it
            if _ending.is_set():
                raise
            with self._lock:
                self._pool = None if self._pool is pool else self._pool
        return _one_by_one(shard)

    def close(self) -> None:
        """Let the processes end."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def worker_pool(size: int) -> Iterator[WorkerPool]:
    """Open a pool of spawned processes."""
    pool = WorkerPool(size)
    try:
        yield pool
    finally:
        pool.close()


def _processes(size: int) -> ProcessPoolExecutor:
    """Start processes that are deaf to Ctrl-C, which is for their parent: it ends them."""
    pool = ProcessPoolExecutor(size, mp_context=multiprocessing.get_context("spawn"), initializer=start_worker)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        for _ in range(size):
            pool.submit(os.getpid)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pool


def _one_by_one(shard: Shard) -> Done:
    """Extract a shard in a process of its own, which does not die with more than one document."""
    started, refused = time.perf_counter(), 0
    results: list[Result] = []
    pool = _processes(1)
    for job in read_jobs(shard.jobs):
        try:
            result, more = pool.submit(extract_one, shard, job).result()
        except BrokenProcessPool:
            pool.shutdown()
            if _ending.is_set():
                raise
            pool, more = _processes(1), 0
            detail = "the process that read it died (out of memory, or the library of its format failed)"
            result = Quarantined(id=job.id, reason=CRASHED, detail=detail, digest=job.digest)
        results.append(result)
        refused += more
    pool.shutdown()
    return finished(shard, results, refused, started)


def _in_pool(shards: Sequence[Shard], workers: int) -> Iterator[Done]:
    size = min(workers, len(shards))
    with worker_pool(size) as pool, ThreadPoolExecutor(size) as threads:
        try:
            for future in as_completed([threads.submit(pool.extract, shard) for shard in shards]):
                yield future.result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def dask_settings(workers: int, scheduler: str | None) -> dict[str, Any]:
    """Return how to reach or make a Dask cluster, in the words of Prefect's task runner for Dask."""
    if scheduler:
        return {"address": scheduler}
    # None would mean Dask's usual port on every interface, which a second run on the machine finds taken
    page = {"dashboard_address": "127.0.0.1:0"}
    return {"cluster_kwargs": {"n_workers": workers, "threads_per_worker": 1, **page}}


def _on_dask(shards: Sequence[Shard], workers: int, scheduler: str | None) -> Iterator[Done]:
    with extras_named("--runner dask", "dask"):
        import distributed
    dask: Any = distributed  # it has no types
    settings = dask_settings(workers, scheduler)
    with ExitStack() as stack:
        if scheduler is None:
            scheduler = stack.enter_context(dask.LocalCluster(**settings["cluster_kwargs"]))
        client = stack.enter_context(dask.Client(scheduler))
        futures = client.map(extract_shard, shards, pure=False)
        for future in dask.as_completed(futures):
            yield future.result()
