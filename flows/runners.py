"""Where shards are extracted without Prefect: in this process, in a pool of spawned ones, or on a Dask cluster."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Any

from flows.errors import InputError, UsageError
from flows.options import RunnerName
from flows.plan import Shard
from flows.settings import ONE_THREAD
from flows.shards import Done, extract_shard

WORKER_LOST = "a worker process died (out of memory?); finished shards are kept: run again to go on"


def run_shards(
    shards: Sequence[Shard], *, runner: RunnerName, workers: int, scheduler: str | None = None
) -> Iterator[Done]:
    """Extract the shards and yield each as it is finished, in any order.

    Raises UsageError where Dask is asked for but not installed, InputError where a worker process died.
    """
    if runner == "dask":
        return _on_dask(shards, workers, scheduler)
    if stays_here(shards, workers):
        return map(extract_shard, shards)
    return _in_pool(shards, workers)


def stays_here(shards: Sequence[Shard], workers: int) -> bool:
    """Tell whether one process is enough, so that no other need load the model."""
    return workers == 1 or len(shards) <= 1


def start_worker() -> None:
    """Prepare a pool's process: it ends when its parent does, however that came about, and keeps to one thread."""
    os.environ.update(ONE_THREAD)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def worker_pool(size: int) -> Iterator[ProcessPoolExecutor]:
    """Open a pool of spawned processes. Raises InputError where one of them dies."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(size, mp_context=context, initializer=start_worker) as pool:
        _start(pool)
        try:
            yield pool
        except BrokenProcessPool as error:
            raise InputError(WORKER_LOST) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _start(pool: ProcessPoolExecutor) -> None:
    """Start the processes deaf to Ctrl-C, which is for their parent: it ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        pool.submit(os.getpid)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def submit(pool: ProcessPoolExecutor, shard: Shard) -> Future[Done]:
    """Have a process of the pool extract the shard."""
    return pool.submit(extract_shard, shard)


def _in_pool(shards: Sequence[Shard], workers: int) -> Iterator[Done]:
    with worker_pool(min(workers, len(shards))) as pool:
        for future in as_completed([submit(pool, shard) for shard in shards]):
            yield future.result()


def dask_settings(workers: int, scheduler: str | None) -> dict[str, Any]:
    """Return how to reach or make a Dask cluster, in the words of Prefect's task runner for Dask."""
    if scheduler:
        return {"address": scheduler}
    # None would mean Dask's usual port on every interface, which a second run on the machine finds taken
    page = {"dashboard_address": "127.0.0.1:0"}
    return {"cluster_kwargs": {"n_workers": workers, "threads_per_worker": 1, **page}}


def _on_dask(shards: Sequence[Shard], workers: int, scheduler: str | None) -> Iterator[Done]:
    try:
        import distributed
    except ImportError as error:
        raise UsageError("--runner dask needs the extra: pip install 'coopledger[dask]'") from error
    dask: Any = distributed  # it has no types
    settings = dask_settings(workers, scheduler)
    with ExitStack() as stack:
        if scheduler is None:
            scheduler = stack.enter_context(dask.LocalCluster(**settings["cluster_kwargs"]))
        client = stack.enter_context(dask.Client(scheduler))
        futures = client.map(extract_shard, shards, pure=False)
        for future in dask.as_completed(futures):
            yield future.result()
