"""Hostile documents among ordinary ones: ``python -m benchmarks.hostile [--hostile 10000] [--ordinary 2000]``.

Two runs: ordinary documents (of ``corpus/train.jsonl``) alone, and with hostile ones of every kind among them. Each
document must be in exactly one list of the manifest, the ordinary ones must have the same records in both runs, and no
process may take more than 1.5 GB. Prints one line of JSON with time, memory and reasons; the exit status is 1 if any of
this fails. With ``--keep`` an interrupted call continues: finished shards, times and peak so far are kept.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path

from benchmarks.measure import Measurement, coopledger, measure
from coopledger import open_release
from ledger.release.read import Release
from ledger.release.validate import validate
from tests.hostile.documents import KINDS, make

ROOT = Path(__file__).parents[1]
ORDINARY = "ordinary/"
MAX_MIB = 1_500 * 10**6 / 2**20  # MiB of a process
CORPORA = (".jsonl", ".csv", ".tsv", ".xlsx", ".xml")


def write_ordinary(folder: Path, count: int) -> None:
    """Write ordinary documents, each a file with the text of an annotated document."""
    with (ROOT / "corpus" / "train.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, count)]
    if len(texts) < count:
        raise SystemExit(f"corpus/train.jsonl holds {len(texts):,} documents")
    for number, text in enumerate(texts):
        write(folder / ORDINARY / f"{number // 500}" / f"{number}.txt", text.encode("utf-8"))


def write_hostile(folder: Path, count: int) -> list[str]:
    """Write hostile documents, each kind in turn; return their names."""
    names: list[str] = []
    seen: set[bytes] = set()
    for number, kind in enumerate(cycle(KINDS)):
        if len(names) == count:
            break
        suffix, data = make(kind, number)
        digest = sha256(data).digest()
        if (
            suffix in CORPORA and digest in seen
        ):  # its rows would have the same ids, which is an error of the whole input
            continue
        seen.add(digest)
        path = folder / f"hostile-{number % 40:02}" / f"{number}{suffix}"
        write(path, data)
        names.append(path.relative_to(folder).as_posix())
    return names


def write(path: Path, data: bytes) -> None:
    """Write a file, unless an interrupted call has already written it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def ordinary_records(release: Release) -> list[str]:
    """Return the records of the ordinary documents as JSON."""
    return [one.model_dump_json() for one in release.records() if one.document_id.startswith(ORDINARY)]


def problems(alone: Release, among: Release, names: list[str]) -> Iterator[str]:
    """Yield a line for each requirement that the run with hostile documents does not meet."""
    yield from map(str, validate(among))
    lists = among.manifest.documents
    ended = Counter([*lists.with_records, *lists.without_records, *lists.quarantined])
    yield from (f"{name} is in {count} lists" for name, count in ended.items() if count != 1)
    stated = [one.id for one in among.documents()]
    if sorted(stated) != sorted(ended):
        yield "documents.jsonl and the lists differ"
    single = [name for name in names if not name.endswith(CORPORA)]
    yield from (f"{name} is in no list" for name in single if name not in ended)
    if ordinary_records(alone) != ordinary_records(among):
        yield "ordinary documents have other records than alone"


def main() -> int:
    """Make both runs and compare them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hostile", type=int, default=10_000)
    parser.add_argument("--ordinary", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--slow-seconds", type=float, default=60.0)
    parser.add_argument("--keep", type=Path, help="folder for documents, releases and log, which stays")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = options.keep or Path(passing)
        flags = ["--direct", "--workers", str(options.workers), "--slow-seconds", str(options.slow_seconds)]
        runs: dict[str, Measurement] = {}
        names: list[str] = []
        for which in ("among", "alone"):  # the more interesting run first
            write_ordinary(folder / which, options.ordinary)
            names = write_hostile(folder / which, options.hostile) if which == "among" else names
            command = coopledger("run", str(folder / which), "--output", str(folder / f"{which}-out"), *flags)
            runs[which] = measure(command, folder / "log.txt", folder / f"{which}.json")
            print(which, runs[which], file=sys.stderr, flush=True)
        among = open_release(folder / "among-out")
        wrong = list(problems(open_release(folder / "alone-out"), among, names))
        wrong += [f"{one.peak:.0f} MiB in a process" for one in runs.values() if one.peak > MAX_MIB]
        reasons = Counter(one.reason for one in among.quarantined())
    figures = {
        "documents": among.manifest.counts.documents,
        "records": among.manifest.counts.records,
        "quarantined": dict(reasons.most_common()),
        "seconds": {which: round(one.seconds, 1) for which, one in runs.items()},
        "processor": {which: round(one.cpu, 1) for which, one in runs.items()},
        "peak MiB": {which: round(one.peak) for which, one in runs.items()},
        "status": {which: one.status for which, one in runs.items()},
        "wrong": wrong[:20],
    }
    print(json.dumps(figures))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
