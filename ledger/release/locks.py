"""One writer at a time in an output folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from ledger.errors import LedgerError, one_line
from ledger.release.layout import Output

WAIT_SECONDS = 600.0


@contextmanager
def writing(output: Output, *, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the writers' lock of an output folder (flock: it outlives no crash of its holder).

    Args:
        output: the folder; made if it is not there.
        wait: how many seconds to wait for another writer.

    Raises:
        LedgerError: another run kept the lock, the folder cannot be written, or it is not a ledger.
    """
    output.check()
    lock = FileLock(output.lock, thread_local=False)
    with one_line(f"cannot write to {output.root}"):
        output.root.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=wait, poll_interval=0.05)
        except Timeout as error:
            raise LedgerError(f"another run is writing to {output.root}") from error
    try:
        yield
    finally:
        lock.release()
