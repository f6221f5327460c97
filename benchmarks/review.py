"""The curators' page over a large release: ``python -m benchmarks.review [--records 100000] [--curators 50]``.

Publishes a release of made-up documents (two records each) and a second with about a tenth of the records added,
removed or changed, serves the page from its own process on loopback, and requests it over HTTP as a browser would.
Each line of JSON is one action of a curator with its times in milliseconds: from sending the request to having the
whole page, including flushing decisions to the disk and following the redirect to the next record. The server is warm:
it has read the ledger and answered each kind of page once; ``start`` is the time of reading. In Chromium, ``key to next
record`` is from pressing ``a`` to the next record being on the screen.

With ``--curators`` that many work at once for ``--seconds``, each with a name and a share of the records. Before each
action a curator spends time reading: log-normal, at least two seconds, ``--think`` seconds on average. Meanwhile the
browser requests the news every four seconds. Each decision has a unique note; a decision that the page reported as
*Saved* but that is not in the log is lost, and the script fails. On a busy machine (``load``) the times are mostly
waiting for a processor.
"""

import argparse
import json
import math
import multiprocessing
import os
import random
import re
import resource
import socket
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from benchmarks.measure import print_json, timing_summary
from benchmarks.release import EACH, NOW, publish_corpus
from ledger.decisions import DecisionLog
from ledger.release.publish import RunInfo
from review import Access, create_app
from review.view import Assignments, write_assignments
from tests.support.synthetic import corpus, inputs

EDITS = 0.27
ROUNDS = 20
GATES = ("removals", "filled", "unclaimed")
NEWS_SECONDS = 4.0
SHORTEST_SECONDS = 2.0
THINKING_SIGMA = 0.7
"""The standard deviation of the logarithm of the reading time."""


def serve(root: Path, port: int, sender: Any) -> None:
    import uvicorn

    start = time.perf_counter()
    app = create_app(root, access=Access(port=port, reviewer="bench"))
    app.state.services.store.view()
    sender.send((time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
    uvicorn.run(app, port=port, log_level="warning", ws="none", lifespan="off")


@contextmanager
def serving(root: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(root, port, sender))
    process.start()
    seconds, peak = receiver.recv()
    print_json(start="ledger read, queue built", seconds=round(seconds, 1), peak_mb=peak)
    time.sleep(0.5)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join()


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def timed(name: str, work: Callable[[], object], rounds: int = ROUNDS) -> None:
    work()
    print_json(step=name, **timing_summary([seconds_of(work) for _ in range(rounds)]))


class Curator:
    """A browser: opens pages, follows their links and sends their forms."""

    def __init__(self, site: str) -> None:
        idle = httpx.Limits(keepalive_expiry=3)  # the server closes a connection after five idle seconds
        self.client = httpx.Client(
            base_url=site, follow_redirects=True, timeout=60, headers={"origin": site}, limits=idle
        )
        self.page = ""
        self.open("/")

    def open(self, path: str) -> None:
        self.page = self.client.get(path).raise_for_status().text

    def follow(self, link: str, query: str = "") -> None:
        found = re.search(link, self.page)
        self.open(unescape(found[1]) if found else f"/{query}")

    def start(self, query: str = "") -> None:
        self.open(f"/{query}")
        self.follow(r'href="(/record/[^"]+)"')

    def next_record(self) -> None:
        self.follow(r'href="(/record/[^"]+)" data-next')

    def decide(self, verdict: str, *, note: str = "") -> None:
        form = self.page[self.page.index('id="decide"') :]
        fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)[:5]
        data = {name: unescape(value) for name, value in fields}
        answer = self.client.post("/decide", data={**data, "verdict": verdict, "note": note})
        self.page = answer.raise_for_status().text


def measure_pages(site: str, version: str) -> None:
    curator = Curator(site)
    timed("queue opens", lambda: curator.open("/"))
    timed("queue, filtered", lambda: curator.open("/?why=changed&country=KEN"))
    places = iter(range(10_000))
    timed("queue, a search not made before", lambda: curator.open(f"/?q=road+{next(places)}"))
    curator.start()
    timed("next record", curator.next_record)
    timed("accept, then the next record", lambda: curator.decide("accept"))
    curator.start("?country=KEN&q=road")
    timed("reject within a filter and a search, then the next", lambda: curator.decide("reject"))
    timed("queue opens, after decisions", lambda: curator.open("/"))
    timed("preview of 500 to accept", lambda: curator.open("/bulk"), rounds=5)
    timed("release view", lambda: curator.open(f"/releases/{version}"), rounds=5)
    timed("effect", lambda: curator.open("/effect"), rounds=5)


def measure_key(site: str, chromium: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = browser.new_page(base_url=site)
        page.goto("/")
        page.keyboard.press("Enter")
        page.wait_for_url("**/record/**")

        def accept() -> None:
            page.evaluate("document.querySelector('#main').dataset.old = 1")
            page.keyboard.press("a")
            page.wait_for_function("() => !document.querySelector('#main[data-old]')")

        timed("key to next record, in Chromium", accept)
        browser.close()


class WorkingCurator(threading.Thread):
    """A curator who works beside others; keeps the times, the notes of saved decisions and the errors."""

    def __init__(self, site: str, name: str, options: argparse.Namespace) -> None:
        super().__init__(name=name)
        self.site, self.think, self.seconds = site, options.think, options.seconds
        self.rng = random.Random(name)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.saved: list[str] = []
        self.failed: list[str] = []

    def run(self) -> None:
        until = time.monotonic() + self.seconds
        time.sleep(self.rng.uniform(0, min(60.0, self.seconds / 10)))
        self.curator = curator = Curator(self.site)
        csrf = curator.page.split('name="csrf" value="')[1].split('"')[0]
        curator.client.post("/name", data={"csrf": csrf, "name": self.name, "there": "/"}).raise_for_status()
        number = 0
        while time.monotonic() < until:
            number += 1
            try:
                self.act(number)
                spare = math.log(self.think - SHORTEST_SECONDS) - THINKING_SIGMA**2 / 2
                self.read(SHORTEST_SECONDS + self.rng.lognormvariate(spare, THINKING_SIGMA))
            except httpx.HTTPError as error:
                self.failed.append(str(error))
                curator.page = ""

    def act(self, number: int) -> None:
        curator, note = self.curator, f"{self.name}-{number}"
        if 'id="decide"' not in curator.page or number % 8 == 0:
            taken = seconds_of(lambda: curator.start(f"?assigned={self.name}"))
            self.times["open the list, then its first record"].append(taken)
        else:
            verdict = "reject" if self.rng.random() < 0.2 else "accept"
            taken = seconds_of(lambda: curator.decide(verdict, note=note))
            self.times["decide, then the next record"].append(taken)
            self.saved += [note] * ("Saved: " in curator.page)

    def read(self, seconds: float) -> None:
        """Wait, requesting the news every ``NEWS_SECONDS`` as a browser does."""
        found = re.search(r'hx-get="(/news[^"]+)"', self.curator.page)
        while seconds > NEWS_SECONDS and found:
            time.sleep(NEWS_SECONDS)
            seconds -= NEWS_SECONDS
            self.times["news"].append(seconds_of(partial(self.curator.client.get, unescape(found[1]))))
        time.sleep(seconds)


def measure_curators(root: Path, curators: Sequence[WorkingCurator]) -> int:
    """Let the curators work; return the exit status, 1 if a decision was lost or a request failed."""
    load = [os.getloadavg()]
    for one in curators:
        one.start()
    for one in curators:
        one.join()
    load.append(os.getloadavg())
    logged = {one.note for one in DecisionLog(root / "decisions.jsonl").read()}
    lost = [note for one in curators for note in one.saved if note not in logged]
    failed = [said for one in curators for said in one.failed]
    for step in sorted({step for one in curators for step in one.times}):
        print_json(step=step, **timing_summary([taken for one in curators for taken in one.times[step]]))
    print_json(saved=sum(len(one.saved) for one in curators), lost=len(lost), failed=len(failed), load=load)
    return 1 if lost or failed else 0


def prepare(root: Path, documents: int, names: Sequence[str]) -> None:
    for edits, now in ((0.0, NOW), (EDITS, NOW + timedelta(days=1))):
        hashes = inputs(corpus(documents, each=EACH, edits=edits))
        run = RunInfo(now, "bench")
        print_json(published=publish_corpus(root, documents, edits, hashes, run=run, accept_gates=GATES))
    if names:
        write_assignments(root, Assignments(curators=tuple(names)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder to make the releases in, or to use again")
    parser.add_argument("--curators", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--think", type=float, default=12)
    options = parser.parse_args()
    names = [f"curator-{number}" for number in range(options.curators)]
    status = 0
    with tempfile.TemporaryDirectory(prefix="coopledger-bench-") as folder:
        root = options.keep or Path(folder)
        if not (root / "versions.json").exists():
            prepare(root, options.records // EACH, names)
        version = json.loads((root / "versions.json").read_text())["latest"]
        with serving(root) as site:
            if names:
                status = measure_curators(root, [WorkingCurator(site, name, options) for name in names])
            else:
                measure_pages(site, version)
                chromium = Path("/usr/bin/chromium")
                if chromium.exists():
                    measure_key(site, chromium)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print_json(server_and_browser_cpu_s=round(used.ru_utime + used.ru_stime, 1))
    return status


if __name__ == "__main__":
    sys.exit(main())
