"""A large release: ``python -m benchmarks.release [--records 100000] [--beside]``.

Publishes a first release of made-up documents (two records each), then a second in which 5% of the documents differ:
once with every document read again, once with only those that differ. Prints the seconds, the peak of memory (each step
is a process of its own) and the sizes, one line of JSON a step. ``--beside`` compares the CSVs with csv-diff and daff
as well, which match rows by ``record_id`` and tell no cause.
"""

import argparse
import json
import multiprocessing
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coopledger import open_release
from ledger.diff import diff_records
from ledger.release.compare import compare
from ledger.release.publish import RunInfo, publish
from ledger.release.validate import validate
from ledger.release.write import Incoming, Unchanged
from schemas import Change, Extraction
from tests.support.synthetic import corpus, digests

EACH = 2
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
EDITS = 0.05
NOW = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)


def extractions(documents: int, edits: float) -> Iterator[Extraction]:
    """Read the corpus back from a file, as a run reads its shards."""
    with shard(documents, edits).open("rb") as file:
        for line in file:
            yield Extraction.model_validate_json(line)


def shard(documents: int, edits: float) -> Path:
    """Write the corpus to a file once."""
    path = Path(tempfile.gettempdir()) / f"coopledger-bench-{documents}-{edits}.jsonl"
    if not path.exists():
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(one.model_dump_json() + "\n" for one in corpus(documents, each=EACH, edits=edits))
        fresh.rename(path)
    return path


def inputs(documents: int, edits: float) -> dict[str, str]:
    return {one.document.id: one.document.digest for one in extractions(documents, edits)}


def carried(documents: int, known: dict[str, str]) -> Iterator[Incoming]:
    """Bring only what differs from a corpus."""
    for one in extractions(documents, EDITS):
        same = known.get(one.document.id) == one.document.digest
        yield Unchanged(one.document.id, one.document.digest) if same else one


def first(root: Path, documents: int) -> Callable[[], Any]:
    told = digests(inputs(documents, 0.0))
    return lambda: publish(
        root, extractions(documents, 0.0), digests=told, run=RunInfo(NOW, "bench")
    ).counts.model_dump()


def again(root: Path, documents: int, *, carry: bool) -> Callable[[], Any]:
    told = digests(inputs(documents, EDITS))
    incoming = carried(documents, inputs(documents, 0.0)) if carry else extractions(documents, EDITS)
    return lambda: publish(root, incoming, digests=told, run=RunInfo(NOW, "bench")).counts.model_dump()


def differences(root: Path, documents: int) -> Callable[[], Any]:
    """Diff two releases from their files, the later first, so that nothing published can be looked up."""
    old, new = sorted((root / "releases").iterdir())
    return lambda: counted(compare(open_release(new), open_release(old)))


def every_record(root: Path, documents: int) -> Callable[[], Any]:
    """Diff them with every record parsed, as if each line differed."""
    old, new = (path / "records.jsonl" for path in sorted((root / "releases").iterdir()))
    return lambda: counted(diff_records(lines(old), lines(new)))


def counted(changes: list[Change]) -> dict[str, int]:
    return {kind: sum(one.change == kind for one in changes) for kind in ("added", "removed", "changed", "moved")}


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def reading(root: Path, documents: int) -> Callable[[], Any]:
    return lambda: {"records": len(open_release(root).frame())}


def checking(root: Path, documents: int) -> Callable[[], Any]:
    return lambda: {"problems": len(validate(open_release(root)))}


def beside(root: Path, tool: str) -> Callable[[], Any]:
    """Compare the CSVs of two releases with another tool."""
    old, new = (str(path) for path in sorted(root.glob("releases/*/records.csv")))
    here = Path(sys.executable)
    commands = {
        "csv-diff": [str(here.with_name("csv-diff")), old, new, "--key", "record_id", "--json"],
        "daff": [str(here.with_name("daff")), "--id", "record_id", "--output", str(root / "daff.csv"), old, new],
    }

    def work() -> dict[str, Any]:
        found = subprocess.run(commands[tool], capture_output=True, text=True, check=True)
        if tool == "csv-diff":
            return {kind: len(rows) for kind, rows in json.loads(found.stdout).items() if isinstance(rows, list)}
        return {"rows": (root / "daff.csv").read_bytes().count(b"\n")}

    return work


def measured(name: str, make: Callable[[], Callable[[], Any]], sender: Any) -> None:
    work = make()
    start, busy = time.perf_counter(), cpu()
    outcome = work()
    seconds, busy = round(time.perf_counter() - start, 1), round(cpu() - busy, 1)
    peak = max(resource.getrusage(who).ru_maxrss for who in WHO) // 1024
    sender.send({"step": name, "seconds": seconds, "cpu_seconds": busy, "peak_mb": peak, "outcome": outcome})


def cpu() -> float:
    """Return the seconds that this process and its children kept a core busy: what a machine of its own would take."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHO))


def step(name: str, function: Callable[..., Callable[[], Any]], *arguments: Any, **named: Any) -> None:
    """Run a step in a process of its own and print what it took."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=measured, args=(name, lambda: function(*arguments, **named), sender)
    )
    process.start()
    process.join()
    print(json.dumps(receiver.recv() if receiver.poll() else {"step": name, "failed": process.exitcode}), flush=True)


def main() -> None:
    """Measure all steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--beside", action="store_true", help="csv-diff and daff too")
    options = parser.parse_args()
    documents = options.records // EACH
    root = Path(tempfile.mkdtemp(prefix="coopledger-bench-"))
    try:
        shard(documents, 0.0), shard(documents, EDITS)
        step("publish first", first, root / "a", documents)
        shutil.copytree(root / "a", root / "b")
        step("publish, all read again", again, root / "a", documents, carry=False)
        step("publish, unchanged carried over", again, root / "b", documents, carry=True)
        step("diff of two releases", differences, root / "a", documents)
        step("diff of two releases, every record parsed", every_record, root / "a", documents)
        step("open with checksums, to a frame", reading, root / "a", documents)
        step("validate", checking, root / "a", documents)
        for tool in ("csv-diff", "daff") if options.beside else ():
            step(f"{tool} on the same CSVs", beside, root / "a", tool)
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
