"""Identity, differences and the queue, measured: ``python -m benchmarks.identity [--records N] [--scripts N]``.

Prints one line of JSON a measurement, in seconds of one core. The texts are of the script's own making
(tests/support/toys.py).
"""

import argparse
import json
import random
import resource
import tempfile
import time
from itertools import islice
from pathlib import Path

import pandas as pd

from ledger.causes import Causes
from ledger.decisions import build_queue
from ledger.identity import identify
from ledger.reconcile import reconcile
from ledger.release.compare import diff_files
from ledger.release.read import change_summaries
from schemas import Extraction, flatten
from tests.support.edit_scripts import script
from tests.support.toys import COUNTRIES, TOPICS, VERBS, read, sentence

PER_DOCUMENT = 5


def say(what, seconds, **more):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"measure": what, "cpu_seconds": round(seconds, 2), **more, "peak_mb": peak}), flush=True)


def lines(rng):
    names = sorted(COUNTRIES)
    return [
        sentence(*rng.sample(names, 1), rng.choice(sorted(VERBS)), rng.choice(names), rng.randint(1, 900),
                 rng.randint(1980, 2024), rng.choice(TOPICS))
        for _ in range(PER_DOCUMENT)
    ]  # fmt: skip


def edited(rng, text_lines):
    """Retouch one act in a tenth of the documents; in as many delete one, in as many insert one."""
    text_lines, chance, at = list(text_lines), rng.random(), rng.randrange(len(text_lines))
    if chance < 0.1:
        text_lines[at] = text_lines[at].replace(".", " in the end.")
    elif chance < 0.2:
        del text_lines[at]
    elif chance < 0.3:
        text_lines.insert(at, lines(rng)[0])
    return text_lines


def measure_scripts(number):
    started = time.process_time()
    tallies = [script(seed) for seed in range(number)]
    untouched, kept = sum(one.untouched for one in tallies), sum(one.kept for one in tallies)
    seconds = time.process_time() - started
    say("edit scripts", seconds, scripts=number, untouched=untouched, kept=kept, share=round(kept / untouched, 5))


def measure_huge_document():
    rng = random.Random(7)
    text = [one for _ in range(400) for one in lines(rng)]
    before = read("one", " ".join(text))
    after = read("one", " ".join(one.replace(".", " at last.") for one in text))
    started = time.process_time()
    kept = {one.record_id for one in before.records} & {one.record_id for one in identify(before, after).records}
    seconds = time.process_time() - started
    say("matching one document, every sentence retouched", seconds, records=len(before.records), kept=len(kept))


class Writer:
    """Two releases' files, written document by document."""

    def __init__(self, folder):
        self.paths = [folder / "before.jsonl", folder / "after.jsonl", folder / "diff.jsonl"]
        self.files = [path.open("w", encoding="utf-8") for path in self.paths]
        self.rows = []

    def write(self, before, reconciled):
        for file, models in zip(self.files, (before.records, reconciled.records, reconciled.changes), strict=True):
            for one in models:
                line = json.dumps(one.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
                file.write(line + "\n")
        self.rows += [flatten(record).model_dump() for record in reconciled.records]

    def close(self):
        for file in self.files:
            file.close()


def make_releases(folder, number, *, confidence):
    """Settle two releases of so many records and write them; return the writer and the seconds of each part."""
    rng, writer = random.Random(6), Writer(folder)
    matching_seconds = settling_seconds = 0.0
    for at in range(number // PER_DOCUMENT):
        text = lines(rng)
        old = read(f"{at:06}", " ".join(text))
        new = read(f"{at:06}", " ".join(edited(rng, text)), confidence=confidence)
        before = Extraction(document=old.document, records=reconcile(None, old, [], causes=Causes()).records)
        started = time.process_time()
        identify(before, new)
        half = time.process_time()
        reconciled = reconcile(before, new, [], causes=Causes())
        settling_seconds += time.process_time() - half
        matching_seconds += half - started
        writer.write(before, reconciled)
    writer.close()
    return writer, matching_seconds, settling_seconds


def measure_releases(number, *, confidence, what):
    with tempfile.TemporaryDirectory() as folder:
        writer, matched, reconciled = make_releases(Path(folder), number, confidence=confidence)
        say(f"matching, {what}", matched, records=len(writer.rows))
        say(f"settling, {what}", reconciled, records=len(writer.rows))
        measure_queue(Path(folder), pd.DataFrame(writer.rows), writer.paths[2])
        writer.rows = []
        started = time.process_time()
        changes = sum(1 for _ in diff_files(*writer.paths[:2]))
        say(f"diff of two releases, {what}", time.process_time() - started, changes=changes)


def measure_queue(folder, rows, feed):
    table = folder / "records.parquet"
    rows.to_parquet(table)
    started = time.process_time()
    with feed.open("rb") as file:
        changes = list(change_summaries(islice(file, 10_000)))
    queue = build_queue(pd.read_parquet(table), [], release="2", changes=changes)
    say("opening the queue, files read", time.process_time() - started, records=len(queue), changes=len(changes))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument("--scripts", type=int, default=1000)
    given = options.parse_args()
    measure_scripts(given.scripts)
    measure_huge_document()
    measure_releases(given.records, confidence=0.8, what="three documents in ten edited")
    measure_releases(given.records, confidence=0.7, what="every record changed")


if __name__ == "__main__":
    main()
