"""Measure runs: the first, with nothing changed, with one document changed; by workers, with and without Prefect.

    python -m benchmarks.flows NOTES.jsonl --documents 10000 [--workers 1] [--direct] [--runner dask] [--keep FOLDER]
    python -m benchmarks.flows --starts 50 [--busy 4]

NOTES.jsonl has notes with ``id`` and ``text`` (and ``title``); documents are made by varying their years and sums.
``--starts`` starts the embedded Prefect server that many times in a row while ``--busy`` processes load the machine:
no start may fail, and no process may be left over.
"""

import argparse
import json
import multiprocessing
import random
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.measure import Measurement, coopledger, measure, print_json, timing_summary
from flows.server import Server, prepare

YEAR = re.compile(r"\b(19[5-9]\d|20[01]\d)\b")
NUMBER = re.compile(r"\b[1-9]\d{0,2}(?=(?:\.\d+)? (?:million|billion)\b|,\d{3}\b)")


def varied_documents(notes: Path, documents: int) -> Iterator[dict[str, str]]:
    """Yield that many documents: the notes in turn, repeatedly, each time with other years and sums."""
    lines = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
    for number in range(documents):
        note = lines[number % len(lines)]
        text = _varied(note["text"], random.Random(number))
        yield {"id": f"note-{number:06}", "title": note.get("title", ""), "text": text}


def _varied(text: str, rng: random.Random) -> str:
    text = YEAR.sub(lambda found: str(int(found[0]) - rng.randrange(4)), text)
    return NUMBER.sub(lambda found: str(rng.randrange(1, 999)), text)


def write(corpus: Path, documents: Iterator[dict[str, str]]) -> None:
    with corpus.open("w", encoding="utf-8") as stream:
        for document in documents:
            stream.write(json.dumps(document, ensure_ascii=False) + "\n")


def change_one(corpus: Path) -> None:
    """Change a document in the middle of the corpus."""
    lines = corpus.read_text(encoding="utf-8").splitlines(keepends=True)
    middle = len(lines) // 2
    document = json.loads(lines[middle])
    lines[middle] = json.dumps(document | {"text": document["text"] + " It was signed in Lusaka."}) + "\n"
    corpus.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path, nargs="?")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--direct", action="store_true")
    parser.add_argument("--runner", default="process")
    parser.add_argument("--keep", type=Path, help="folder for corpus, output and log, which stays")
    parser.add_argument("--starts", type=int, default=0)
    parser.add_argument("--busy", type=int, default=4, help="processes that keep the machine busy meanwhile")
    settings = parser.parse_args()
    if settings.starts:
        return measure_starts(settings.starts, settings.busy)
    with tempfile.TemporaryDirectory() as passing:
        folder = settings.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        for name, found in run_all(folder, settings):
            print(f"{settings.documents:7,} documents, {settings.workers} workers, {name:14}: {found}", flush=True)


def run_all(folder: Path, settings: argparse.Namespace) -> Iterator[tuple[str, Measurement]]:
    corpus, log = folder / "corpus.jsonl", folder / "log.txt"
    write(corpus, varied_documents(settings.notes, settings.documents))
    options = ["--workers", str(settings.workers), "--runner", settings.runner]
    options += ["--direct"] if settings.direct else []
    command = coopledger("run", str(corpus), "--output", str(folder / "output"), *options)
    yield "first", measure(command, log)
    yield "nothing new", measure(command, log)
    change_one(corpus)
    yield "one changed", measure(command, log)
    empty = folder / "empty.jsonl"
    write(empty, iter([{"id": "one", "title": "", "text": "Nothing."}]))
    yield "start alone", measure(coopledger("run", str(empty), "--output", str(folder / "start"), *options), log)


def keep_busy() -> None:
    while True:
        sum(number * number for number in range(10_000))


def measure_starts(count: int, processes: int) -> None:
    prepare()
    children = [multiprocessing.Process(target=keep_busy, daemon=True) for _ in range(processes)]
    for child in children:
        child.start()
    with tempfile.TemporaryDirectory() as home:
        seconds = [time_start(Path(home)) for _ in range(count)]
    for child in children:
        child.kill()
        child.join()
    print_json(**timing_summary(seconds), left=[one.pid for one in psutil.Process().children(recursive=True)])


def time_start(home: Path) -> float:
    server, started = Server(home), time.perf_counter()
    server.start()
    try:
        server.wait()
        return time.perf_counter() - started
    finally:
        server.stop()


if __name__ == "__main__":
    main()
