"""Kill runs at random moments: ``python -m benchmarks.kill [--rounds 200] [--seed 1]``.

Half of the runs are killed after a random time, half at a random call that touches the file system (flush, rename,
replace, new folder, new file). After each: readers find the old release or the new one, whole; every folder under
``releases/`` is whole; the next run ends in the same bytes as an undisturbed one. Prints one line of JSON; the exit
status is 1 if anything was torn.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.synthetic import corpus, digests, inputs
from ledger.release.files import damaged_files
from ledger.release.layout import Output
from ledger.release.publish import RunInfo, publish
from ledger.release.read import open_release
from ledger.release.validate import validate
from ledger.release.versions import read_versions

NOW = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
LAST = 12  # the calls of the rename and of the list of releases, where a crash matters most
CALLS = ("fsync", "rename", "replace", "mkdir", "open")


DOCUMENTS = [40]


def run(output: Path, edits: float) -> None:
    """Publish a corpus."""
    extractions = list(corpus(DOCUMENTS[0], edits=edits))
    publish(
        output, extractions, digests=digests(inputs(extractions)), run=RunInfo(NOW, "bench"), accept_gates=["removals"]
    )


def forked(work: Callable[[], None]) -> int:
    """Run something in a child, so that this process stays free of threads; return the child's id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            print(f"child: {error!r}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return child


def done(child: int) -> int:
    """Wait for a child; return its exit status, negative if a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def contents(root: Path) -> dict[str, bytes]:
    """Read every file that is published."""
    paths = [*root.glob("versions.json"), *(root / "releases").rglob("*")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def die_at(count: int) -> None:
    """Make this process kill itself at the n-th call that touches the file system."""
    left = [count]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))


def count_calls(output: Path, edits: float) -> int:
    """Count the calls of an undisturbed run."""
    reader, writer = os.pipe()

    def work() -> None:
        calls = [0]

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*args: object, **kwargs: object) -> object:
                calls[0] += 1
                return real(*args, **kwargs)

            return call

        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))
        run(output, edits)
        os.write(writer, str(calls[0]).encode())

    status = done(forked(work))
    assert status == 0, "the undisturbed run failed"
    return int(os.read(reader, 64))


def problems(root: Path, old: str | None) -> list[str]:
    """List what a reader finds torn."""
    ledger = Output(root)
    found = [f"{entry}: {damaged_files(entry)}" for entry in sorted(ledger.releases.glob("*")) if damaged_files(entry)]
    latest = read_versions(ledger).latest
    if latest is None:
        return found if old is None else [*found, "the old release is lost"]
    return found + [str(one) for one in validate(open_release(root))]


def one_round(rng: random.Random, base: Path, whole: dict[str, bytes], calls: int, seconds: float, number: int) -> str:
    """Kill one run and mend it with the next; return what happened."""
    with tempfile.TemporaryDirectory(dir=base.parent) as folder:
        root = Path(folder) / "output"
        shutil.copytree(base, root)
        old = read_versions(Output(root)).latest
        if number % 2:
            at = rng.randrange(1, calls + 1) if number % 4 == 1 else calls - rng.randrange(LAST)

            def doomed() -> None:
                die_at(at)
                run(root, 0.3)

            status = done(forked(doomed))
        else:
            child = forked(lambda: run(root, 0.3))
            time.sleep(rng.random() * seconds * 0.8)
            os.kill(child, signal.SIGKILL)
            status = done(child)
        if torn := problems(root, old):
            return f"torn: {torn[0]}"
        moment = "finished" if status == 0 else ("before" if read_versions(Output(root)).latest == old else "after")
        if done(forked(lambda: run(root, 0.3))) != 0:
            return "the next run failed"
        if contents(root) != whole:
            return "the next run ended in other bytes"
        return moment if not Output(root).leftovers() else "leftovers"


def main() -> int:
    """Run all rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=DOCUMENTS[0])
    options = parser.parse_args()
    DOCUMENTS[0] = options.documents
    rng = random.Random(options.seed)
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        bases = {"fresh": Path(folder) / "fresh", "grown": Path(folder) / "grown"}
        bases["fresh"].mkdir()
        bases["grown"].mkdir()
        assert done(forked(lambda: run(bases["grown"], 0.0))) == 0
        wholes, calls, seconds = {}, {}, {}
        for name, base in bases.items():
            copy = Path(folder) / f"{name}-whole"
            shutil.copytree(base, copy)
            start = time.perf_counter()
            calls[name] = count_calls(copy, 0.3)
            seconds[name] = time.perf_counter() - start
            wholes[name] = contents(copy)
        for number in range(options.rounds):
            name = "fresh" if number % 4 == 0 else "grown"
            outcomes[one_round(rng, bases[name], wholes[name], calls[name], seconds[name], number)] += 1
    print(json.dumps({"rounds": options.rounds, "outcomes": dict(sorted(outcomes.items()))}))
    return 0 if set(outcomes) <= {"before", "after", "finished"} else 1


if __name__ == "__main__":
    sys.exit(main())
