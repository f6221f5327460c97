"""Many curators at once: ``python -m benchmarks.curators [--curators 50] [--seconds 600] [--think 12]``.

Publishes a release of made-up documents, draws them for the curators, serves the page from a process of its own on
loopback, and lets each curator, a session with a name of its own, accept, reject and look. They come in one after the
other within the first minute, or within a tenth of the time where that is shorter. Between what a curator is shown and
what they do next lies the time to read a sentence and seven fields: log-normal, never under two seconds, ``--think``
seconds on average, a quarter of them longer than 1.3 times that. Meanwhile their browser asks for news every four
seconds, as the page does. Each decision bears a note that comes nowhere else. At the end the log is read: a decision of
which the page said *Saved* and that is not there is lost, and the script fails.

It prints the times from sending a decision to having the whole next record, from asking for a list to having its first
record, and of the news, in milliseconds; the processor's time that the server took; and the load of the machine before
and after: on a busy machine the times are those of waiting for a processor.
"""

import argparse
import json
import math
import os
import random
import re
import resource
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.release import EACH, NOW, extractions, inputs
from benchmarks.review import Curator, serving
from ledger.decisions import DecisionLog
from ledger.release.publish import RunInfo, publish
from review.assignments import Assignments, write_assignments
from tests.support.synthetic import digests

NEWS_EVERY = 4.0
SHORTEST = 2.0
SPREAD = 0.7
"""The standard deviation of the logarithm of the time to think."""


@dataclass
class Met:
    """What one curator met."""

    saved: list[str] = field(default_factory=list)
    decided: list[float] = field(default_factory=list)
    listed: list[float] = field(default_factory=list)
    news: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def work(site: str, name: str, until: float, think: float, arrive: float, met: Met) -> None:
    chance = random.Random(name)
    time.sleep(chance.uniform(0, arrive))
    curator = Curator(site)
    csrf = curator.page.split('name="csrf" value="')[1].split('"')[0]
    curator.client.post("/name", data={"csrf": csrf, "name": name, "there": "/"}).raise_for_status()
    number = 0
    while time.monotonic() < until:
        number += 1
        start = time.perf_counter()
        try:
            if 'id="decide"' not in curator.page or number % 8 == 0:
                curator.start(f"?assigned={name}")
                met.listed.append(time.perf_counter() - start)
            else:
                note = f"{name}-{number}"
                curator.decide("reject" if chance.random() < 0.2 else "accept", note=note)
                met.decided.append(time.perf_counter() - start)
                if "Saved: " in curator.page:
                    met.saved.append(note)
            thought = SHORTEST + chance.lognormvariate(math.log(think - SHORTEST) - SPREAD**2 / 2, SPREAD)
            wait_and_poll(curator, thought, met)
        except httpx.HTTPError as error:
            met.failed.append(str(error))
            curator.page = ""


def wait_and_poll(curator: Curator, seconds: float, met: Met) -> None:
    """Wait, and ask for the news every now and then as a browser does."""
    found = re.search(r'hx-get="(/news[^"]+)"', curator.page)
    while seconds > NEWS_EVERY and found:
        time.sleep(NEWS_EVERY)
        seconds -= NEWS_EVERY
        start = time.perf_counter()
        curator.client.get(found[1].replace("&amp;", "&")).raise_for_status()
        met.news.append(time.perf_counter() - start)
    time.sleep(seconds)


def prepared(root: Path, documents: int, names: list[str]) -> None:
    publish(root, extractions(documents, 0.0), digests=digests(inputs(documents, 0.0)), run=RunInfo(NOW, "bench"))
    write_assignments(root, Assignments(curators=tuple(names)))


def summed(step: str, times: list[float]) -> str:
    order = sorted(1e3 * one for one in times)
    found = {
        "step": step,
        "count": len(order),
        "median_ms": round(statistics.median(order), 1),
        "p95_ms": round(order[int(0.95 * (len(order) - 1))], 1),
        "worst_ms": round(order[-1], 1),
    }
    return json.dumps(found)


def main() -> int:
    """Let the curators work; return 1 if a decision was lost or an answer failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curators", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--think", type=float, default=12)
    parser.add_argument("--records", type=int, default=10_000)
    options = parser.parse_args()
    names = [f"curator-{number}" for number in range(options.curators)]
    with tempfile.TemporaryDirectory(prefix="coopledger-bench-") as folder:
        root = Path(folder)
        prepared(root, options.records // EACH, names)
        met = [Met() for _ in names]
        load = [os.getloadavg()]
        with serving(root) as site:
            until = time.monotonic() + options.seconds
            arrive = min(60.0, options.seconds / 10)
            threads = [
                threading.Thread(target=work, args=(site, name, until, options.think, arrive, one))
                for name, one in zip(names, met, strict=True)
            ]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
        load.append(os.getloadavg())
        logged = {one.note for one in DecisionLog(root / "decisions.jsonl").read()}
    saved = [note for one in met for note in one.saved]
    lost = [note for note in saved if note not in logged]
    failed = [said for one in met for said in one.failed]
    print(summed("decide, then the next record", [one for each in met for one in each.decided]))
    print(summed("open the list, then its first record", [one for each in met for one in each.listed]))
    print(summed("news", [one for each in met for one in each.news]))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = {"server_cpu_s": round(used.ru_utime + used.ru_stime, 1), "wall_s": options.seconds, "load": load}
    print(json.dumps({"saved": len(saved), "logged": len(logged), "lost": len(lost), "failed": len(failed), **cpu}))
    return 1 if lost or failed else 0


if __name__ == "__main__":
    sys.exit(main())
