"""The site of the documentation: it is built without a warning, asks no other site for anything, and fits a phone."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.pages import ROOT
from tests.review.browsing import CHROMIUM

pytest.importorskip("mkdocs", reason="mkdocs is not installed: make install-dev")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    call = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    built = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_every_kind_of_reader_has_pages(site: Path) -> None:
    for folder in ("use", "operate", "consume", "curate", "extend", "reference"):
        assert list((site / folder).glob("*.html")), folder
    assert "--accept-gate" in (site / "reference" / "commands.html").read_text(encoding="utf-8")
    assert "find_amounts" in (site / "reference" / "api.html").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: make browser installs Debian's")
def test_pages_fit_and_ask_no_other_site(site: Path, address: str, browser: Browser) -> None:
    asked: list[str] = []
    with browser.new_page() as page:
        page.on("request", partial(note, asked))
        for path in sorted(site.rglob("*.html")):
            name = path.relative_to(site).as_posix()
            page.goto(address + name)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    assert asked and not [one for one in asked if not one.startswith(address)]


def note(asked: list[str], request: object) -> None:
    asked.append(getattr(request, "url", ""))
