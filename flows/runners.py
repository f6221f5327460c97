"""Where shards are extracted: by a pool of spawned processes, or on a Dask cluster.

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
from contextlib import ExitStack, closing, contextmanager
from contextvars import copy_context
from importlib.util import find_spec
from multiprocessing.process import BaseProcess
from queue import LifoQueue
from typing import Any, TypeAlias, TypeVar

from flows.errors import InputError, lasts
from flows.options import Options
from flows.plan import Shard, read_jobs
from flows.server import ONE_THREAD
from flows.shards import TOO_SLOW, Done, Result, extract_one, extract_shard, extractor, finished, too_slow
from flows.sources import Discovered
from schemas import Quarantined
from schemas.extras import requires_extra

T = TypeVar("T")
Read: TypeAlias = Callable[[Shard], Done]

CRASHED = "crashed"
"""The reason of a document with which the process that read it died."""

_ending = False  # no lock, which a thread that is interrupted might hold
_starting = threading.Lock()


def _plainly(read: Read) -> Read:
    return read


def run_shards(
    shards: Sequence[Shard],
    options: Options,
    *,
    step: Callable[[Read], Read] = _plainly,
    client: Callable[[Any], Any] | None = None,
) -> Iterator[Done]:
    """Extract the shards and yield each as it is finished, in any order.

    Args:
        shards: what to read.
        options: where to read it.
        step: makes a task of the function that reads a shard.
        client: makes the client of a Dask cluster, or of its address, that runs such tasks.

    Raises:
        MissingExtraError: Dask is asked for but not installed.
    """
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
        asking = stack.enter_context((client or dask.Client)(cluster))
        futures = dict(zip(asking.map(step(extract_shard), shards, pure=False), shards, strict=True))
        for future in dask.as_completed(list(futures)):
            try:
                yield future.result()
            except dask.KilledWorker:  # with which several died: it is read here
                with closing(Worker()) as worker:
                    yield worker.one_by_one(futures[future])


def _in_processes(shards: Sequence[Shard], size: int, step: Callable[[Read], Read]) -> Iterator[Done]:
    """Extract the shards in as many processes, each of which reads for one thread at a time."""
    global _ending
    _ending = False
    idle: LifoQueue[Worker] = LifoQueue()  # one that has loaded the extractor is the first

    def extract(shard: Shard) -> Done:
        worker = idle.get()
        try:
            return worker.extract(shard)
        finally:
            idle.put(worker)

    with ExitStack() as stack, ThreadPoolExecutor(size) as threads:
        for worker in [*(Worker() for _ in range(size - len(_loaded))), *_loaded]:
            idle.put(stack.enter_context(closing(worker)))
        read = step(extract)
        try:
            for future in as_completed([threads.submit(copy_context().run, read, shard) for shard in shards]):
                yield future.result()
        except OSError as error:
            if lasts(error):  # what is still read could not be written
                kill_workers()
            raise
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def kill_workers() -> None:
    """Kill the processes of the run, and let none be started in their place: it is to end."""
    global _ending
    _ending = True
    for worker in multiprocessing.active_children():
        worker.kill()  # else its shard would be waited for


def start_worker() -> None:
    """Prepare a worker: it ends when its parent does, however that came about, and keeps to one thread."""
    os.environ.update(ONE_THREAD)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Worker:
    """A spawned process, started when it is needed; where it dies, the document that it read is quarantined."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None

    def ask(self, call: Callable[..., T], *arguments: Any) -> Future[T]:
        """Hand work to the process. It is deaf to Ctrl-C, which is for its parent: that ends it."""
        if find_spec("spacy") is None:  # the process would find it out one document at a time
            raise ModuleNotFoundError("No module named 'spacy'", name="spacy")
        self._pool = self._pool or ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), start_worker)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            with _starting:
                others = multiprocessing.active_children()
                future = self._pool.submit(call, *arguments)
                started = [one for one in multiprocessing.active_children() if one not in others]
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._process = next(iter(started), self._process)
        return future

    def extract(self, shard: Shard) -> Done:
        """Extract a shard, document by document where the process dies with it."""
        try:
            return self.ask(extract_shard, shard).result()
        except BrokenProcessPool as error:
            self._start_again(error)
        return self.one_by_one(shard)

    def one_by_one(self, shard: Shard) -> Done:
        """Extract a shard so that the process does not die with more than one document."""
        started = time.perf_counter()
        results: list[tuple[Result, int]] = []
        for job in read_jobs(shard.jobs):
            try:
                results.append(self.ask(extract_one, shard, job).result())
            except BrokenProcessPool as error:
                results.append((self._died(shard, job), 0))
                self._start_again(error)
        return finished(shard, results, started)

    def close(self) -> None:
        """Let the process end."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _start_again(self, died: BrokenProcessPool) -> None:
        """Start a process in the place of one that died. Raises InputError where none can be started."""
        if _ending:
            raise died
        self._pool = None
        try:
            self.ask(os.getpid).result()
        except BrokenProcessPool as error:
            raise InputError("no worker process can be started: is memory short, or the program damaged?") from error

    def _died(self, shard: Shard, job: Discovered) -> Quarantined:
        """Say why the process died with a document: the system ends one that no alarm stops."""
        reason, detail = CRASHED, "the process that read it died (out of memory, or the library of its format failed)"
        if self._process is not None and _exit_of(self._process) == -signal.SIGXCPU:
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


_loaded: list[Worker] = []


@contextmanager
def loaded_worker(model: str | None, threshold: float) -> Iterator[None]:
    """Let a worker load the extractor before it is known whether it is needed; a run inside has it."""
    with closing(Worker()) as worker:
        worker.ask(extractor, model, threshold)
        _loaded.append(worker)
        try:
            yield
        finally:
            _loaded.clear()
