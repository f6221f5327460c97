"""Kill runs at random moments: ``python -m benchmarks.kill [--rounds 200] [--seed 1] [--documents 40]``.

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
from functools import partial
from pathlib import Path

from ledger.release.layout import Output
from ledger.release.read import read_versions
from tests.support.crashes import before_each_call, done, forked, publish_corpus, published_files, torn

LAST = 12  # the calls of the rename and of the list of releases, where a crash matters most


def die_at(count: int) -> None:
    """Make this process kill itself at the n-th call that touches the file system."""
    left = iter(range(count - 1, -1, -1))
    before_each_call(lambda _: None if next(left) else os.kill(os.getpid(), signal.SIGKILL))


def count_calls(output: Path, documents: int) -> int:
    """Count the calls of an undisturbed run."""
    reader, writer = os.pipe()

    def work() -> None:
        calls: list[object] = []
        before_each_call(calls.append)
        publish_corpus(output, documents)
        os.write(writer, str(len(calls)).encode())

    assert done(forked(work)) == 0, "the undisturbed run failed"
    return int(os.read(reader, 64))


class Base:
    """An output folder to start from, and what an undisturbed run makes of it."""

    def __init__(self, root: Path, documents: int) -> None:
        self.root, self.run = root, partial(publish_corpus, documents=documents)
        whole = root.with_name(f"{root.name}-whole")
        shutil.copytree(root, whole)
        start = time.perf_counter()
        self.calls = count_calls(whole, documents)
        self.seconds = time.perf_counter() - start
        self.whole = published_files(whole)

    def killed(self, root: Path, rng: random.Random, number: int) -> int:
        """Kill a run: every other after a time, else at a call, half of these among the last ones."""
        if number % 2 == 0:
            child = forked(lambda: self.run(root))
            time.sleep(rng.random() * self.seconds * 0.8)
            os.kill(child, signal.SIGKILL)
            return done(child)
        at = rng.randrange(1, self.calls + 1) if number % 4 == 1 else self.calls - rng.randrange(LAST)

        def doomed() -> None:
            die_at(at)
            self.run(root)

        return done(forked(doomed))

    def one_round(self, rng: random.Random, number: int) -> str:
        """Kill one run and mend it with the next; return what happened."""
        with tempfile.TemporaryDirectory(dir=self.root.parent) as folder:
            root = Path(folder) / "output"
            shutil.copytree(self.root, root)
            old = read_versions(Output(root)).latest
            status = self.killed(root, rng, number)
            if wrong := torn(root, old):
                return f"torn: {wrong[0]}"
            moment = "finished" if status == 0 else ("before" if read_versions(Output(root)).latest == old else "after")
            if done(forked(lambda: self.run(root))) != 0:
                return "the next run failed"
            if published_files(root) != self.whole:
                return "the next run ended in other bytes"
            return moment if not Output(root).leftovers() else "leftovers"


def main() -> int:
    """Run all rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=40)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        fresh, grown = Path(folder) / "fresh", Path(folder) / "grown"
        fresh.mkdir()
        assert done(forked(lambda: publish_corpus(grown, options.documents, edits=0.0))) == 0
        bases = [Base(root, options.documents) for root in (fresh, grown)]
        for number in range(options.rounds):
            outcomes[bases[number % 4 > 0].one_round(rng, number)] += 1
    print(json.dumps({"rounds": options.rounds, "outcomes": dict(sorted(outcomes.items()))}))
    return 0 if set(outcomes) <= {"before", "after", "finished"} else 1


if __name__ == "__main__":
    sys.exit(main())
