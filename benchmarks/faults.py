"""Faults while a release is written: ``python -m benchmarks.faults [--rounds 50] [--seed 1]``.

A disk that is full at a random byte, a call to the file system that fails at random, files and folders in the way, a
clock that jumps, a writer that dies with the lock. Each costs one line and no release: readers find the old one whole,
and once the fault is over the next run ends in the same bytes as an undisturbed one. Prints one line of JSON; the exit
status is 1 if anything is not so.
"""

import argparse
import builtins
import errno
import io
import json
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

from ledger.errors import LedgerError
from ledger.release.layout import Output, writing
from ledger.release.read import read_versions
from tests.support.crashes import before_each_call, done, forked, publish_corpus, published_files, torn

SAID = 3  # the exit status of a run that failed in one line
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EIO, errno.EDQUOT, errno.EACCES)
Fault = Callable[[random.Random, Path], Callable[[], None]]


def run(output: Path, documents: int, *, edits: float = 0.3, late: timedelta = timedelta()) -> None:
    """Publish a corpus; what a person has to mend ends this process with SAID."""
    try:
        publish_corpus(output, documents, edits=edits, late=late)
    except LedgerError as error:
        assert "\n" not in str(error)
        os._exit(SAID)


def full_disk(chance: random.Random, root: Path) -> Callable[[], None]:
    """Let no file of the child grow beyond a random size."""
    size = chance.choice([0, 1, 100, chance.randrange(60_000)])

    def inside() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return inside


def failing_call(chance: random.Random, root: Path) -> Callable[[], None]:
    """Let a call to the file system fail, once or from then on."""
    at, error, lasts = chance.randrange(1, 90), chance.choice(ERRORS), chance.random() < 0.5

    def inside() -> None:
        left = [at]

        def fails(args: tuple[object, ...]) -> None:
            left[0] -= 1
            if left[0] == 0 or (lasts and left[0] < 0):
                raise OSError(error, os.strerror(error), str(args[0]) if args else None)

        io.open = builtins.open = before_each_call(fails)(io.open)  # type: ignore[assignment]

    return inside


def in_the_way(chance: random.Random, root: Path) -> Callable[[], None]:
    """Put a file where a folder goes, or a folder where a file goes."""
    file, folder = Path.touch, Path.mkdir
    ways = {".versions.json.new": folder, ".staging-20261122T051500Z": file, ".staging-x": file}
    ways |= {} if (root / "releases").exists() else {"releases": file}
    name = chance.choice(sorted(ways))
    ways[name](root / name)
    return bool


def dead_holder(chance: random.Random, root: Path) -> Callable[[], None]:
    """Let a process die while it holds the lock."""

    def hold() -> None:
        with writing(Output(root)):
            os.kill(os.getpid(), signal.SIGKILL)

    assert done(forked(hold)) == -signal.SIGKILL
    return bool


def live_holder(chance: random.Random, root: Path) -> Callable[[], None]:
    """Let a process hold the lock a little longer than a run waits, or a little less."""

    def hold() -> None:
        with writing(Output(root)):
            time.sleep(chance.choice([0.2, 7]))

    forked(hold)
    time.sleep(0.1)
    return bool


FAULTS: dict[str, Fault] = {
    "full disk": full_disk,
    "failing call": failing_call,
    "in the way": in_the_way,
    "dead holder": dead_holder,
    "live holder": live_holder,
}
_OFTEN = ("full disk", "failing call", "full disk", "failing call", "in the way", "dead holder", "clock", "full disk")


def cleared(root: Path) -> None:
    """Take away what a person would: a file that lies where the releases go."""
    if (root / "releases").is_file():
        (root / "releases").unlink()


def one_round(name: str, chance: random.Random, base: Path, whole: dict[str, bytes], documents: int) -> str:
    """Run into one fault and once more without it; return what happened."""
    with tempfile.TemporaryDirectory(dir=base.parent) as folder:
        root = Path(folder) / "output"
        shutil.copytree(base, root)
        old = read_versions(Output(root)).latest
        inside = FAULTS[name](chance, root)

        def faulty() -> None:
            inside()
            run(root, documents)

        status = done(forked(faulty))
        if status not in (0, SAID):
            return f"{name}: not told in a line"
        cleared(root)
        if wrong := torn(root, old):
            return f"{name}: torn: {wrong[0]}"
        if done(forked(lambda: run(root, documents))) != 0:
            return f"{name}: the next run failed"
        if published_files(root) != whole:
            return f"{name}: the next run ended in other bytes"
        return f"{name}: left something" if Output(root).leftovers() else ("told" if status else "published")


def clock(chance: random.Random, base: Path, documents: int) -> str:
    """Let the clock jump between runs; return what happened."""
    with tempfile.TemporaryDirectory(dir=base.parent) as folder:
        root = Path(folder) / "output"
        shutil.copytree(base, root)
        versions = [one.version for one in read_versions(Output(root)).releases]
        for edits in (0.5, 0.0, 0.9):
            late = timedelta(days=chance.choice([-20_000, -1, 0, 1, 20_000]))
            if done(forked(partial(run, root, documents, edits=edits, late=late))) != 0:
                return "clock: a run failed"
        found = [one.version for one in read_versions(Output(root)).releases]
        if found != sorted(set(found)) or found[: len(versions)] != versions or len(found) != len(versions) + 3:
            return "clock: versions out of order"
        return f"clock: {wrong[0]}" if (wrong := torn(root, found[-1])) else "published"


def main() -> int:
    """Run all rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=12)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        bases = {"fresh": Path(folder) / "fresh", "grown": Path(folder) / "grown"}
        bases["fresh"].mkdir()
        assert done(forked(lambda: run(bases["grown"], asked.documents, edits=0.0))) == 0
        wholes = {}
        for which, base in bases.items():
            copy = Path(folder) / f"{which}-whole"
            shutil.copytree(base, copy)
            assert done(forked(partial(run, copy, asked.documents))) == 0
            wholes[which] = published_files(copy)
        for number in range(asked.rounds):
            name = "live holder" if number % 25 == 24 else _OFTEN[number % len(_OFTEN)]
            which = "fresh" if number % 3 == 0 else "grown"
            if name == "clock":
                outcomes[clock(chance, bases["grown"], asked.documents)] += 1
            else:
                outcomes[one_round(name, chance, bases[which], wholes[which], asked.documents)] += 1
    print(json.dumps({"rounds": asked.rounds, "outcomes": dict(sorted(outcomes.items()))}))
    return 0 if set(outcomes) <= {"told", "published"} else 1


if __name__ == "__main__":
    sys.exit(main())
