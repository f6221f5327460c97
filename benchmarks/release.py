"""Publish and read a large release: ``python -m benchmarks.release [--records 100000] [--scripts 1000]``.

Publishes a first release of made-up documents (two records each), then a second in which 5% of the documents differ:
once with every document read again, once with only those that differ. Then compares, reads, validates and queues them,
and counts the ids that random edit scripts keep (``tests/support/edit_scripts.py``). Prints one line of JSON for each
step: its outcome, seconds, and peak memory (each step runs in its own process).
"""

import argparse
import json
import multiprocessing
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.measure import print_json
from coopledger import open_release
from ledger.decisions import SETTLED, list_records
from ledger.diff import diff_records
from ledger.release.compare import compare
from ledger.release.publish import Published, RunInfo, publish
from ledger.release.read import change_summaries
from ledger.release.validate import validate
from ledger.release.write import Incoming, Unchanged
from schemas import Change, Extraction
from tests.support.edit_scripts import script
from tests.support.synthetic import corpus, digests, inputs

EACH = 2
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
EDITS = 0.05
NOW = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
Outcome = dict[str, Any]


def publish_corpus(
    root: Path, documents: int, edits: float, hashes: dict[str, str], known: dict[str, str] | None = None, **kwargs: Any
) -> Outcome:
    """Publish a made-up corpus whose inputs have these hashes; documents with ``known`` hashes are carried over."""
    incoming: Iterator[Incoming] = corpus(documents, each=EACH, edits=edits)
    if known is not None:
        incoming = carry_over_unchanged(corpus(documents, each=EACH, edits=edits), known)
    run = kwargs.pop("run", RunInfo(NOW, "bench"))
    done = publish(root, incoming, digests=digests(hashes), run=run, **kwargs)
    assert isinstance(done, Published)  # no step publishes the same corpus twice
    return done.counts.model_dump()


def carry_over_unchanged(extractions: Iterator[Extraction], known: dict[str, str]) -> Iterator[Incoming]:
    for one in extractions:
        same = known.get(one.document.id) == one.document.digest
        yield Unchanged(one.document.id, one.document.digest) if same else one


def diff_releases(new: Path, old: Path) -> Outcome:
    """Diff two releases from their files, the later first, so that no published diff can be used."""
    return count_changes(compare(open_release(new), open_release(old)))


def diff_all_records(old: Path, new: Path) -> Outcome:
    """Diff two releases with every record parsed, as if each line differed."""
    return count_changes(diff_records(*(map(json.loads, (path / "records.jsonl").open("rb")) for path in (old, new))))


def count_changes(changes: list[Change]) -> Outcome:
    return dict(Counter(one.change for one in changes))


def open_queue(release: Path) -> Outcome:
    with (release / "diff.jsonl").open("rb") as feed:
        changes = list(change_summaries(islice(feed, 10_000)))
    listed = list_records(open_release(release).frame(), [], release=release.name, changes=changes)
    return {"records": int((listed["why"] != SETTLED).sum())}


def edit_scripts(number: int) -> Outcome:
    tallies = [script(seed) for seed in range(number)]
    return {"untouched": sum(one.untouched for one in tallies), "kept": sum(one.kept for one in tallies)}


def run_step(name: str, work: Callable[[], Outcome]) -> None:
    """Run a step in its own process, and print its outcome, times and peak memory."""
    receiver, sender = multiprocessing.Pipe(duplex=False)

    def measured() -> None:
        start, busy = time.perf_counter(), cpu()
        outcome = work()
        seconds, busy = round(time.perf_counter() - start, 1), round(cpu() - busy, 1)
        peak = max(resource.getrusage(who).ru_maxrss for who in WHO) // 1024
        sender.send({"seconds": seconds, "cpu_seconds": busy, "peak_mb": peak, "outcome": outcome})

    process = multiprocessing.get_context("fork").Process(target=measured)
    process.start()
    process.join()
    print_json(step=name, **(receiver.recv() if receiver.poll() else {"failed": process.exitcode}))


def cpu() -> float:
    """Return the processor seconds of this process and its children."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHO))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--scripts", type=int, default=1000)
    options = parser.parse_args()
    documents = options.records // EACH
    before, after = (inputs(corpus(documents, each=EACH, edits=edits)) for edits in (0.0, EDITS))
    with tempfile.TemporaryDirectory(prefix="coopledger-bench-") as folder:
        root, copy = Path(folder) / "again", Path(folder) / "carried"
        run_step("publish first", partial(publish_corpus, root, documents, 0.0, before))
        shutil.copytree(root, copy)
        run_step("publish, all read again", partial(publish_corpus, root, documents, EDITS, after))
        run_step("publish, unchanged carried over", partial(publish_corpus, copy, documents, EDITS, after, before))
        old, new = sorted((root / "releases").iterdir())
        run_step("diff of two releases", partial(diff_releases, new, old))
        run_step("diff of two releases, every record parsed", partial(diff_all_records, old, new))
        run_step("open with checksums, to a frame", lambda: {"records": len(open_release(new).frame())})
        run_step("validate", lambda: {"problems": len(validate(open_release(new)))})
        run_step("opening the queue", partial(open_queue, new))
    run_step("edit scripts", partial(edit_scripts, options.scripts))


if __name__ == "__main__":
    main()
