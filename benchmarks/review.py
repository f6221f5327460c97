"""The curators' page over a large release: ``python -m benchmarks.review [--records 100000] [--keep FOLDER]``.

Publishes a release of made-up documents (two records each) and a second with some 10,000 records added, removed or
changed, serves the page from a process of its own, and asks it over HTTP as a browser would. Each line of JSON is one
thing a curator does, with the median and the worst of its times in milliseconds: from sending the request to having the
whole page, decisions flushed to the disk and the redirect to the next record followed. The server is warm: it has read
the ledger and answered each kind of page once; ``start`` is what reading costs. ``key to next record``, in Chromium, is
from pressing ``a`` to the next record being on the screen.
"""

import argparse
import json
import multiprocessing
import re
import resource
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from benchmarks.release import EACH, NOW, extractions, inputs
from ledger.release.publish import RunInfo, publish
from review import Access, create_app
from tests.support.synthetic import digests

EDITS = 0.27
ROUNDS = 20
GATES = ("removals", "filled", "unclaimed")


def prepared(root: Path, documents: int) -> dict[str, int]:
    """Publish two releases; return the counts of the second."""
    counts: dict[str, int] = {}
    for edits, now in ((0.0, NOW), (EDITS, NOW + timedelta(days=1))):
        told = digests(inputs(documents, edits))
        done = publish(root, extractions(documents, edits), digests=told, run=RunInfo(now, "bench"), accept_gates=GATES)
        counts = done.counts.model_dump()  # type: ignore[union-attr]
    return counts


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
    print(json.dumps({"start": "ledger read, queue built", "seconds": round(seconds, 1), "peak_mb": peak}), flush=True)
    time.sleep(0.5)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join()


def timed(name: str, work: Callable[[], Any], rounds: int = ROUNDS) -> None:
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    print(
        json.dumps({"step": name, "median_ms": round(statistics.median(times), 1), "worst_ms": round(max(times), 1)}),
        flush=True,
    )


class Curator:
    """Reads pages and sends their forms."""

    def __init__(self, site: str) -> None:
        idle = httpx.Limits(keepalive_expiry=3)  # the page closes a connection that rests for five seconds
        self.client = httpx.Client(
            base_url=site, follow_redirects=True, timeout=60, headers={"origin": site}, limits=idle
        )
        self.page = ""
        self.open("/")

    def open(self, path: str) -> None:
        answer = self.client.get(path)
        answer.raise_for_status()
        self.page = answer.text

    def start(self, query: str = "") -> None:
        self.open(f"/{query}")
        found = re.search(r'href="(/record/[^"]+)"', self.page)
        self.open(unescape(found[1]) if found else "/")

    def following(self) -> None:
        found = re.search(r'href="(/record/[^"]+)" data-next', self.page)
        self.open(unescape(found[1]) if found else "/")

    def decide(self, verdict: str, *, note: str = "") -> None:
        form = self.page[self.page.index('id="decide"') :]
        fields = {
            name: unescape(value)
            for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)[:5]
        }
        answer = self.client.post("/decide", data={**fields, "verdict": verdict, "note": note})
        answer.raise_for_status()
        self.page = answer.text


def measure(site: str, version: str) -> None:
    curator = Curator(site)
    timed("queue opens", lambda: curator.open("/"))
    timed("queue, filtered", lambda: curator.open("/?why=changed&country=KEN"))
    places = iter(range(10_000))
    timed("queue, a search not made before", lambda: curator.open(f"/?q=road+{next(places)}"))
    curator.start()
    timed("next record", curator.following)
    timed("accept, then the next record", lambda: curator.decide("accept"))
    curator.start("?country=KEN&q=road")
    timed("reject within a filter and a search, then the next", lambda: curator.decide("reject"))
    timed("queue opens, after decisions", lambda: curator.open("/"))
    timed("preview of 500 to accept", lambda: curator.open("/bulk"), rounds=5)
    timed("release view", lambda: curator.open(f"/releases/{version}"), rounds=5)
    timed("effect", lambda: curator.open("/effect"), rounds=5)


def browsed(site: str, chromium: Path) -> None:
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


def main() -> None:
    """Measure all steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="a folder to make the releases in, or to use again")
    options = parser.parse_args()
    root = options.keep or Path(tempfile.mkdtemp(prefix="coopledger-bench-"))
    try:
        if not (root / "versions.json").exists():
            print(json.dumps(prepared(root, options.records // EACH)), flush=True)
        version = json.loads((root / "versions.json").read_text())["latest"]
        with serving(root) as site:
            measure(site, version)
            chromium = Path("/usr/bin/chromium")
            if chromium.exists():
                browsed(site, chromium)
    finally:
        if options.keep is None:
            shutil.rmtree(root)


if __name__ == "__main__":
    sys.exit(main())
