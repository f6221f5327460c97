"""Many curators at once: ``python -m benchmarks.desk [--curators 50] [--seconds 600] [--pause 6] [--records 10000]``.

Publishes a release of made-up documents, draws them for the curators, serves the page from a process of its own on
loopback, and lets each curator, a session with a name of its own, accept, reject and look, with a pause between that is
``--pause`` seconds on average. Each decision bears a note that comes nowhere else. At the end the log is read: a
decision of which the page said *Saved* and that is not there is lost, and the script fails. It prints the times from
sending a decision to having the whole next record, and from asking for a list to having its first record, in
milliseconds, and the processor's time that the server took: on a busy machine that is what can be told.
"""

import argparse
import json
import random
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
from benchmarks.synthetic import digests
from ledger.decisions import DecisionLog
from ledger.release.publish import RunInfo, publish
from review.assignments import Assignments, write_assignments


@dataclass
class Told:
    """What one curator met."""

    saved: list[str] = field(default_factory=list)
    decided: list[float] = field(default_factory=list)
    looked: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def work(site: str, name: str, until: float, pause: float, told: Told) -> None:
    chance = random.Random(name)
    time.sleep(chance.uniform(0, pause))
    curator = Curator(site)
    csrf = curator.page.split('name="csrf" value="')[1].split('"')[0]
    curator.client.post("/name", data={"csrf": csrf, "name": name, "there": "/"}).raise_for_status()
    mine = f"?assigned={name}"
    number = 0
    while time.monotonic() < until:
        number += 1
        start = time.perf_counter()
        try:
            if 'id="decide"' not in curator.page or number % 8 == 0:
                curator.start(mine)
                told.looked.append(time.perf_counter() - start)
            else:
                note = f"{name}-{number}"
                curator.decide("reject" if chance.random() < 0.2 else "accept", note=note)
                told.decided.append(time.perf_counter() - start)
                if "Saved: " in curator.page:
                    told.saved.append(note)
        except httpx.HTTPError as error:
            told.failed.append(str(error))
            curator.page = ""
        time.sleep(chance.expovariate(1 / pause))


def prepared(root: Path, documents: int, names: list[str]) -> None:
    publish(root, extractions(documents, 0.0), digests=digests(inputs(documents, 0.0)), run=RunInfo(NOW, "bench"))
    write_assignments(root, Assignments(curators=tuple(names)))


def summed(times: list[float]) -> dict[str, float]:
    order = sorted(1e3 * one for one in times)
    return {
        "count": len(order),
        "median_ms": round(statistics.median(order), 1),
        "p95_ms": round(order[int(0.95 * (len(order) - 1))], 1),
        "worst_ms": round(order[-1], 1),
    }


def main() -> int:
    """Let the curators work; return 1 if a decision was lost or an answer failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curators", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--pause", type=float, default=6)
    parser.add_argument("--records", type=int, default=10_000)
    options = parser.parse_args()
    names = [f"curator-{number}" for number in range(options.curators)]
    with tempfile.TemporaryDirectory(prefix="coopledger-bench-") as folder:
        root = Path(folder)
        prepared(root, options.records // EACH, names)
        told = [Told() for _ in names]
        with serving(root) as site:
            until = time.monotonic() + options.seconds
            threads = [
                threading.Thread(target=work, args=(site, name, until, options.pause, one))
                for name, one in zip(names, told, strict=True)
            ]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
        logged = {one.note for one in DecisionLog(root / "decisions.jsonl").read()}
    saved = [note for one in told for note in one.saved]
    lost = [note for note in saved if note not in logged]
    failed = [said for one in told for said in one.failed]
    print(json.dumps({"step": "decide", **summed([one for each in told for one in each.decided])}))
    print(
        json.dumps({"step": "open the list, then its first record", **summed([one for t in told for one in t.looked])})
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = {"server_cpu_s": round(used.ru_utime + used.ru_stime, 1), "wall_s": options.seconds}
    print(json.dumps({"saved": len(saved), "logged": len(logged), "lost": len(lost), "failed": len(failed), **cpu}))
    return 1 if lost or failed else 0


if __name__ == "__main__":
    sys.exit(main())
