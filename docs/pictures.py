"""The pictures of docs/curate/tutorial.md, made of the page itself: ``python -m docs.pictures [FOLDER]``.

Publishes a small made-up ledger, goes through a curator's first hour in Chromium with the keys that the tutorial names,
and keeps what is on the screen: so a picture shows what the page does today, or the script stops.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.review.browsing import chromium, leave, served, visit
from tests.review.test_names import notes
from tests.support.editions import FIRST, SECOND, bulk, in_order, markup, released, roads, water, with_possible

HERE = Path(__file__).parent / "curate" / "pictures"
WIDTH, HEIGHT, COLOURS = 1280, 800, 64


def ledger(output: Path) -> None:
    """Publish the first release: a loan, a grant and a suggestion, a pledge, small grants, a bank of three names."""
    ordinary = [one for one in with_possible() if one.document.id != markup().document.id]
    released(output, in_order([*ordinary, *notes()]), FIRST)


def renewed(output: Path) -> None:
    """Publish the second one, in which the document of the loan states another sum."""
    changed = water(lent="250 million renminbi", value=250e6, last=False)
    released(output, in_order([changed, roads(), *bulk(), *notes()]), SECOND)


def story(page: Page, output: Path, keep: Callable[[str], None]) -> None:
    """Go through a curator's first hour."""
    page.goto("/")
    keep("queue")
    page.goto("/?q=renminbi")
    leave(page, "Enter")
    keep("record")
    page.keyboard.press("6")
    page.wait_for_function("() => document.activeElement.id == 'text'")
    page.locator("[name='amount.value']").fill("210m")
    keep("edit")
    leave(page, "Enter")
    expect(page.locator(".row-amount .value")).to_have_text("210,000,000 CNY")
    leave(page, "m")
    leave(page, "a")
    keep("document")
    page.goto("/document?id=news/roads.txt")
    page.evaluate(SELECT, "Tulip Trust")
    expect(page.locator("[name='actor.name']")).to_have_value("Tulip Trust")
    keep("add")
    leave(page, "Enter")
    page.goto("/bodies")
    keep("names")
    page.get_by_role("button", name="Merge those ticked").click()
    expect(page.locator("h1")).to_have_text("2 edited")
    page.goto("/progress")
    keep("progress")
    renewed(output)
    page.goto("/effect")
    keep("effect")


SELECT = """words => { const walker = document.createTreeWalker(document.querySelector('#text'), NodeFilter.SHOW_TEXT);
for (let node; (node = walker.nextNode());) { const at = node.data.indexOf(words); if (at < 0) continue;
getSelection().setBaseAndExtent(node, at, node, at + words.length); return; } }"""
"""Selects words of the text, as a mouse would."""


def make(folder: Path, browser: Browser) -> None:
    """Make all pictures in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        output = Path(made) / "output"
        ledger(output)

        def keep(name: str) -> None:
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            shot.quantize(COLOURS).save(folder / f"{name}.png", optimize=True)

        with served(output, reviewer="Ada") as site, visit(browser, site, width=WIDTH, height=HEIGHT) as page:
            story(page, output, keep)


if __name__ == "__main__":
    with chromium() as started:
        make(Path(*sys.argv[1:2] or [HERE]), started)
