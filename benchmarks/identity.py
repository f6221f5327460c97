"""Identity, differences and the queue, measured: `python benchmarks/identity.py [--records N] [--scripts N]`.

Prints one line of JSON a measurement. Texts are of the script's own making (tests/ledger_core/ledger_toys.py).
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ledger_core")]

import pandas as pd  # noqa: E402
from edit_scripts import script  # noqa: E402
from ledger_toys import COUNTRIES, TOPICS, VERBS, read, sentence  # noqa: E402

from ledger.causes import Causes  # noqa: E402
from ledger.decisions import build_queue, matching  # noqa: E402
from ledger.diff import diff_records  # noqa: E402
from ledger.identity import identify  # noqa: E402
from ledger.settle import settle  # noqa: E402
from schemas import Change, Extraction, flatten  # noqa: E402

PER_DOCUMENT = 5


def say(what, started, **more):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"measure": what, "seconds": round(time.perf_counter() - started, 2), **more, "peak_mb": peak}))


def lines(rng):
    names = sorted(COUNTRIES)
    return [
        sentence(*rng.sample(names, 1), rng.choice(sorted(VERBS)), rng.choice(names), rng.randint(1, 900),
                 rng.randint(1980, 2024), rng.choice(TOPICS))
        for _ in range(PER_DOCUMENT)
    ]  # fmt: skip


def edited(rng, text_lines):
    """Retouch one act in ten documents, and delete or insert one in as many."""
    chance, at = rng.random(), rng.randrange(len(text_lines))
    if chance < 0.1:
        text_lines[at] = text_lines[at].replace(" for ", " in the end for ")
    elif chance < 0.2:
        del text_lines[at]
    elif chance < 0.3:
        text_lines.insert(at, lines(rng)[0])
    return text_lines


def releases(number):
    """Make two releases: extractions as published, and the new ones."""
    rng = random.Random(6)
    old, new = [], []
    for at in range(number // PER_DOCUMENT):
        text = lines(rng)
        old.append(read(f"{at:06}", " ".join(text)))
        new.append(read(f"{at:06}", " ".join(edited(rng, text)), confidence=0.8))
    return old, new


def measure_scripts(number):
    started = time.perf_counter()
    tallies = [script(seed) for seed in range(number)]
    untouched, kept = sum(one.untouched for one in tallies), sum(one.kept for one in tallies)
    say("edit scripts", started, scripts=number, untouched=untouched, kept=kept, share=round(kept / untouched, 5))


def measure_matching(old, new):
    started = time.perf_counter()
    records = sum(len(identify(before, after).records) for before, after in zip(old, new, strict=True))
    say("matching", started, records=records)
    rng = random.Random(7)
    text = [one for _ in range(400) for one in lines(rng)]
    before = read("one", " ".join(text))
    after = read("one", " ".join(one.replace(" for ", " at last for ") for one in text))
    started = time.perf_counter()
    kept = {one.record_id for one in before.records} & {one.record_id for one in identify(before, after).records}
    say("matching one document, every sentence retouched", started, records=len(before.records), kept=len(kept))


def measure_settling(old, new):
    started = time.perf_counter()
    settled = [settle(before, after, [], causes=Causes(), release="2") for before, after in zip(old, new, strict=True)]
    say("settling", started, records=sum(len(one.records) for one in settled))
    return settled


def measure_diff(old, settled):
    before = [record for one in old for record in one.records]
    after = [record for one in settled for record in one.records]
    started = time.perf_counter()
    changes = diff_records(before, after)
    say("diff of models", started, records=len(after), changes=len(changes))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("a.jsonl", "b.jsonl")]
        for path, records in zip(paths, (before, after), strict=True):
            path.write_text("".join(f"{one.model_dump_json()}\n" for one in records), encoding="utf-8")
        del before, after
        started = time.perf_counter()
        plain = [[json.loads(line) for line in path.open(encoding="utf-8")] for path in paths]
        again = diff_records(*plain)
        say("diff of two files, read and compared", started, changes=len(again))
    return changes


def measure_queue(settled, changes):
    rows = pd.DataFrame([flatten(record).model_dump() for one in settled for record in one.records])
    with tempfile.TemporaryDirectory() as folder:
        table, feed = Path(folder) / "records.parquet", Path(folder) / "diff.jsonl"
        rows.to_parquet(table)
        feed.write_text("".join(f"{one.model_dump_json()}\n" for one in changes[:10_000]), encoding="utf-8")
        started = time.perf_counter()
        read_changes = [Change.model_validate_json(line) for line in feed.open(encoding="utf-8")]
        queue = build_queue(pd.read_parquet(table), [], release="2", changes=read_changes)
        say("opening the queue, files read", started, records=len(queue), changes=len(read_changes))
        started = time.perf_counter()
        found = matching(queue, country="GEN", text="railway", least_usd=0)
        say("filtering the queue", started, found=len(found))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument("--scripts", type=int, default=1000)
    given = options.parse_args()
    measure_scripts(given.scripts)
    old, new = releases(given.records)
    old = [
        Extraction(document=one.document, records=settle(None, one, [], causes=Causes(), release="1").records)
        for one in old
    ]
    measure_matching(old, new)
    settled = measure_settling(old, new)
    del new
    changes = measure_diff(old, settled)
    measure_queue(settled, changes)


if __name__ == "__main__":
    main()
