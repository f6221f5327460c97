"""A real browser and a page served to it."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from review import Access, Normaliser, create_app
from review.app import SERVER_OPTIONS
from review.store import Clock, utc_now
from schemas import Amount, Derivation, Span

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: make browser installs Debian's"),
]
"""The marks of a test in a browser: all such tests run in one process."""

PATIENCE = 60_000
"""Milliseconds that a busy machine may take; what is awaited is not timed."""
expect.set_options(timeout=PATIENCE)
_DOLLARS = re.compile(r"\$(\d+) million")


class ReadsDollars(Normaliser):
    """Reads "$12 million"."""

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        found = _DOLLARS.search(text, start, end)
        if found is None:
            return None
        value = float(found[1]) * 1e6
        return Amount(
            kind="money",
            value=value,
            unit="USD",
            usd=value,
            usd_rate=1,
            usd_rate_basis=str(year),
            derivation=Derivation(surface=found[0], number=found[1], scale="million", currency="$"),
            span=Span.of(text, start, end),
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


class Shared:
    """A browser for the tests that follow each other: while it is open, its thread runs no other loop of asyncio."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._browser: Browser | None = None

    def open(self) -> Browser:
        """Start it where it does not run."""
        if self._browser is None or not self._browser.is_connected():
            self.close()
            self._browser = self._held.enter_context(chromium())
        return self._browser

    def close(self) -> None:
        """End it where it runs."""
        self._browser = None
        self._held.close()


SHARED = Shared()


@contextmanager
def served(output: Path, *, clock: Clock = utc_now, **access: Any) -> Iterator[str]:
    """Serve the page on a free port; give its address."""
    listening = socket.create_server(("127.0.0.1", 0))  # which the server closes
    port = listening.getsockname()[1]
    app = create_app(output, access=Access(port=port, **access), normalise=ReadsDollars(), clock=clock)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, **SERVER_OPTIONS))
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True  # in some tenths of a second, for which no test has to wait


@contextmanager
def visit(
    browser: Browser, site: str, *, width: int = 1280, height: int = 860, scheme: Any = "light"
) -> Iterator[Page]:
    """Open a browser window of its own; scripts that fail and policies that are broken fail the test."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, base_url=site)
    context.set_default_timeout(PATIENCE)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if said.type == "error" and not expected(said.text) else None
    )
    yield page
    context.close()
    if wrong:
        raise AssertionError(wrong)


def expected(said: str) -> bool:
    """Return whether the browser only reports an answer that the test is about."""
    return any(
        words in said for words in ("status of 4", "Status Error Code 4", "DISCONNECTED", "sendError", "afterRequest")
    )


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def leave(page: Page, key: str) -> str:
    """Press a key that leads to another page, and wait until that one takes keys; return its address."""
    page.evaluate("document.querySelector('#main').dataset.old = 1")
    page.keyboard.press(key)
    page.wait_for_function(ARRIVED)
    return page.url


ARRIVED = """() => document.readyState === 'complete' && document.querySelector('#main:not([data-old])')
&& !document.querySelector('body.htmx-request, form.htmx-request')"""
"""Tells in the browser that another page is there, with its scripts, and nothing is under way."""


def select(page: Page, words: str) -> None:
    """Select words of the document's text with the mouse."""
    place = page.evaluate(PLACE, words)
    page.mouse.move(place[0] + 1, place[2])
    page.mouse.down()
    page.mouse.move(place[1] + 1, place[2], steps=4)
    page.mouse.up()


PLACE = """words => { const walker = document.createTreeWalker(document.querySelector('#text'), NodeFilter.SHOW_TEXT);
for (let node; (node = walker.nextNode());) { const at = node.data.indexOf(words); if (at < 0) continue;
const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + words.length);
const box = range.getBoundingClientRect(); return [box.left, box.right, box.top + box.height / 2]; } }"""
"""Tells where on the screen words stand."""
