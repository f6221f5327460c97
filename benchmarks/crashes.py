"""Kills and faults while a release is written: ``python -m benchmarks.crashes [--of kills faults] [--rounds 50]``.

A run is killed after a random time, or at a random call that touches the file system (flush, rename, replace, new
folder, new file), half of these among the last. Or it meets a fault: a disk that is full at a random byte, a call that
fails, files and folders in the way, a clock that jumps, a writer that dies holding the lock. A fault must be reported
in one line. After each, the old or the new release must be complete, and the next run must publish the same bytes as an
undisturbed one. Prints one line of JSON; the exit status is 1 if any of this fails.
"""

import argparse
import builtins
import errno
import io
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.measure import print_json
from ledger.errors import LedgerError
from ledger.release.layout import Output, write_lock
from ledger.release.read import read_versions
from tests.support.crashes import before_each_call, done, forked, publish_corpus, published_files, torn

REPORTED = 3  # the exit status of a run that failed in one line
ENDS = {0: "published", REPORTED: "reported", -signal.SIGKILL: "killed", -signal.SIGALRM: "killed"}
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EACCES)
LAST = 12  # the last calls rename the release and list it: a crash there matters most


def run(output: Path, documents: int, *, edits: float = 0.3, late: timedelta = timedelta()) -> None:
    """Publish a corpus; an error that the user has to resolve ends this process with status REPORTED."""
    try:
        publish_corpus(output, documents, edits=edits, late=late)
    except LedgerError as error:
        assert "\n" not in str(error)
        os._exit(REPORTED)


def latest(root: Path) -> str | None:
    return read_versions(Output(root)).latest


class Baseline:
    """An output folder to start from; seconds, calls and files of an undisturbed run on a copy of it."""

    def __init__(self, root: Path, documents: int) -> None:
        self.root, self.documents = root, documents
        whole = root.with_name(f"{root.name}-whole")
        shutil.copytree(root, whole)
        reader, writer = os.pipe()

        def counted() -> None:
            calls: list[object] = []
            before_each_call(calls.append)
            run(whole, documents)
            os.write(writer, str(len(calls)).encode())

        start = time.perf_counter()
        assert done(forked(counted)) == 0, "the undisturbed run failed"
        self.seconds = time.perf_counter() - start
        self.calls = int(os.read(reader, 64))
        self.whole = published_files(whole)


Fault = Callable[[random.Random, Path, Baseline], Callable[[], object]]


def killed_in_time(rng: random.Random, root: Path, base: Baseline) -> Callable[[], object]:
    """Let a timer kill the child."""
    return partial(signal.setitimer, signal.ITIMER_REAL, 1e-6 + rng.random() * base.seconds * 0.8)


def killed_at_call(rng: random.Random, root: Path, base: Baseline) -> Callable[[], object]:
    """Let the child kill itself at a call that touches the file system, half of the time at one of the last."""
    at = rng.choice([rng.randrange(base.calls), base.calls - 1 - rng.randrange(LAST)])
    left = iter(range(at, -1, -1))
    return partial(before_each_call, lambda _: None if next(left) else os.kill(os.getpid(), signal.SIGKILL))


def full_disk(rng: random.Random, root: Path, base: Baseline) -> Callable[[], object]:
    """Let no file that the child writes grow beyond a random size."""
    size = rng.choice([0, 1, 100, rng.randrange(60_000)])

    def in_child() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return in_child


def failing_call(rng: random.Random, root: Path, base: Baseline) -> Callable[[], object]:
    """Let one call to the file system fail, or that one and all later ones."""
    at, error, lasts = rng.randrange(1, base.calls), rng.choice(ERRORS), rng.random() < 0.5

    def in_child() -> None:
        left = [at]

        def fails(args: tuple[object, ...]) -> None:
            left[0] -= 1
            if left[0] == 0 or (lasts and left[0] < 0):
                raise OSError(error, os.strerror(error), str(args[0]) if args else None)

        io.open = builtins.open = before_each_call(fails)(io.open)  # type: ignore[assignment] # open has overloads

    return in_child


def in_the_way(rng: random.Random, root: Path, base: Baseline) -> Callable[[], object]:
    """Put a file where the run makes a folder, or a folder where it writes a file."""
    file, folder = Path.touch, Path.mkdir
    ways = {".versions.json.new": folder, ".staging-20261122T051500Z": file, ".staging-x": file}
    ways |= {} if (root / "releases").exists() else {"releases": file}
    name = rng.choice(sorted(ways))
    ways[name](root / name)
    return bool


def holder(rng: random.Random, root: Path, base: Baseline) -> Callable[[], object]:
    """Let a process die while it holds the lock, at once or after seconds: fewer or more than a run waits for it."""
    seconds = rng.choice([0, 0, 0.2, 7])

    def hold() -> None:
        with write_lock(Output(root)):
            time.sleep(seconds)
            os.kill(os.getpid(), signal.SIGKILL)

    child = forked(hold)
    if seconds:
        time.sleep(0.1)
    else:
        assert done(child) == -signal.SIGKILL
    return bool


KINDS: dict[str, tuple[Fault, ...]] = {
    "kills": (killed_in_time, killed_at_call),
    "faults": (full_disk, failing_call, full_disk, in_the_way, failing_call, holder),
}


def one_round(fault: Fault, rng: random.Random, base: Baseline) -> str:
    """Run once with a fault and once without; return the outcome."""
    with tempfile.TemporaryDirectory(dir=base.root.parent) as folder:
        root, name = Path(folder) / "output", fault.__name__
        shutil.copytree(base.root, root)
        old = latest(root)
        in_child = fault(rng, root, base)
        end = ENDS.get(done(forked(lambda: (in_child(), run(root, base.documents)))), f"{name}: not reported in a line")
        if (root / "releases").is_file():  # as the user would
            (root / "releases").unlink()
        if wrong := torn(root, old):
            return f"{name}: torn: {wrong[0]}"
        if end == "killed":
            end = "killed before" if latest(root) == old else "killed after"
        if done(forked(lambda: run(root, base.documents))) != 0:
            return f"{name}: the next run failed"
        if published_files(root) != base.whole:
            return f"{name}: the next run ended in other bytes"
        return f"{name}: left something" if Output(root).leftovers() else end


def clock(rng: random.Random, base: Baseline) -> str:
    """Let the clock jump between runs; return the outcome."""
    with tempfile.TemporaryDirectory(dir=base.root.parent) as folder:
        root = Path(folder) / "output"
        shutil.copytree(base.root, root)
        before = [one.version for one in read_versions(Output(root)).releases]
        for edits in (0.5, 0.0, 0.9):
            late = timedelta(days=rng.choice([-20_000, -1, 0, 1, 20_000]))
            if done(forked(partial(run, root, base.documents, edits=edits, late=late))) != 0:
                return "clock: a run failed"
        found = [one.version for one in read_versions(Output(root)).releases]
        if found != sorted(set(found)) or found[: len(before)] != before or len(found) != len(before) + 3:
            return "clock: versions out of order"
        return f"clock: {wrong[0]}" if (wrong := torn(root, found[-1])) else "published"


def main() -> int:
    """Run all rounds; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=12)
    options = parser.parse_args()
    rng, outcomes = random.Random(options.seed), Counter[str]()
    faults = [fault for kind in options.of for fault in KINDS[kind]]
    with tempfile.TemporaryDirectory() as folder:
        fresh, grown = Path(folder) / "fresh", Path(folder) / "grown"
        fresh.mkdir()
        run(grown, options.documents, edits=0.0)  # so that children find modules imported and patterns compiled
        bases = [Baseline(root, options.documents) for root in (fresh, grown)]
        for number in range(options.rounds):
            if "faults" in options.of and number % 8 == 6:
                outcomes[clock(rng, bases[1])] += 1
            else:
                outcomes[one_round(faults[number % len(faults)], rng, bases[number % 3 > 0])] += 1
    print_json(rounds=options.rounds, outcomes=dict(sorted(outcomes.items())))
    return 0 if set(outcomes) <= {"reported", "published", "killed before", "killed after"} else 1


if __name__ == "__main__":
    sys.exit(main())
