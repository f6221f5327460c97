"""What an attacker would try, and what a screen reader needs, in Chromium."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from review.store import Store
from schemas import FieldDecision
from tests.review.browsing import IN_CHROMIUM, leave, press, served, visit
from tests.support.editions import FIRST, SECOND, first_edition, released, second_edition

pytestmark = IN_CHROMIUM
EVIL = "news/<img src=x onerror=window.hacked=3>.txt"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases with a conflict, an orphan and an acceptance between them."""
    output = tmp_path_factory.mktemp("ledger") / "output"
    released(output, first_edition(), FIRST)
    store = Store(output)
    loan, ghana, togo = store.view().release.records_of("news/water.txt")
    seen = loan.model_dump(mode="json")["amount"]
    edit = FieldDecision(name="amount", seen=seen, given={**seen, "value": 210_000_000})
    store.decide(
        loan, verdict="edit", reviewer="Bea", last_seen="", fields=[edit], note="<script>window.hacked=6</script>"
    )
    for record in (ghana, togo):
        store.decide(record, verdict="accept", reviewer="<b>Bea</b>", last_seen="")
    released(output, second_edition(), SECOND)
    return output


@pytest.fixture(scope="module")
def site(ledger: Path) -> Iterator[str]:
    with served(ledger, reviewer="Ada") as address:
        yield address


def of(ledger: Path, document: str) -> str:
    return Store(ledger).view().release.records_of(document)[0].record_id


def views(ledger: Path) -> list[str]:
    return [
        "/",
        f"/record/{of(ledger, 'news/water.txt')}",
        f"/record/{of(ledger, EVIL)}",
        "/decisions",
        "/releases",
        "/releases/20261121T060000Z",
        "/compare",
        "/effect",
        "/bulk",
        "/bodies?q=bank",
        "/progress",
        "/?state=all&country=GHA&country=NPL&sort=amount",
        "/document?id=news/water.txt",
        f"/document?id=news/water.txt&record={of(ledger, 'news/water.txt')}",
        "/add?document=news/roads.txt&start=92&end=103&mention=amount",
        "/nothing/here?",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious(browser: Browser, site: str, ledger: Path, width: int, scheme: str) -> None:
    found = []
    with visit(browser, site, width=width, scheme=scheme) as page:
        for path in views(ledger)[:-1]:
            page.goto(path)
            if "/record/" in path and "news" not in path:
                page.keyboard.press("6")
                page.locator("[data-armed=amount]").wait_for()
            found += serious(page, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.keyboard.press("?")
        found += serious(page, "keys")
    assert found == []


def serious(page: Page, path: str) -> list[tuple[str, str, str]]:
    found = Axe().run(page).response
    assert len(found["passes"]) > 10, "axe did not run"
    wrong = found["violations"]
    return [
        (path, one["id"], node["html"][:200] + " " + node.get("failureSummary", "")[:200])
        for one in wrong
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def test_markup_never_runs(browser: Browser, site: str, ledger: Path) -> None:
    paths = [
        *views(ledger)[:-1],
        f"/document?id={quote(EVIL)}",
        f"/add?document={quote(EVIL)}&start=5&end=20",
        "/?q=<script>window.hacked=7</script>",
    ]
    with visit(browser, site) as page:
        for path in paths:
            page.goto(path)
            assert page.evaluate("() => typeof window.hacked") == "undefined", path
        page.goto(f"/record/{of(ledger, EVIL)}")
        press(page, "3")
        expect(page.locator("#editor form")).to_be_visible()
        expect(page.locator("#text img, #text script")).to_have_count(0)
        press(page, "Escape")
        leave(page, "j")
        assert page.evaluate("() => typeof window.hacked") == "undefined"


def test_the_policy_stops_what_markup_would_do(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(
            """() => { const main = document.querySelector('main'); const image = document.createElement('div');
            image.innerHTML = '<img src=x onerror="window.hacked=1"><p style="color:red" id=red>x</p>';
            main.append(image); const script = document.createElement('script');
            script.textContent = 'window.hacked=2'; main.append(script); }"""
        )
        refused = page.evaluate("() => fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')")
        assert refused == "refused"  # by now the image was refused too
        assert page.evaluate("() => typeof window.hacked") == "undefined"
        assert page.evaluate("() => getComputedStyle(document.querySelector('#red')).color") != "rgb(255, 0, 0)"


FORGED = """<form method="post" action="{site}/decide" enctype="{kind}"><input name="record" value="{record}">
<input name="verdict" value="reject"><input name="csrf" value="{csrf}"><button>win a prize</button></form>"""


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
def test_a_forged_form_on_another_site_decides_nothing(
    browser: Browser, site: str, ledger: Path, tmp_path: Path, kind: str
) -> None:
    before = (ledger / "decisions.jsonl").read_bytes()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/")
        csrf = page.locator("[name=csrf]").first.get_attribute("value")
        page.goto("about:blank")
        page.set_content(FORGED.format(site=site, record=of(ledger, "news/roads.txt"), csrf=csrf, kind=kind))
        with page.expect_response("**/decide") as answer:
            page.get_by_role("button").click()
        assert answer.value.status in (403, 415)
    assert (ledger / "decisions.jsonl").read_bytes() == before


def test_another_site_reads_nothing_and_frames_nothing(browser: Browser, site: str, ledger: Path) -> None:
    before = (ledger / "decisions.jsonl").read_bytes()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/")
        page.goto("about:blank")
        page.set_content(f'<iframe src="{site}/"></iframe>')  # returns when the frame was refused
        expect(page.frame_locator("iframe").locator("#main")).to_have_count(0)
        assert page.frames[1].url != f"{site}/"
        read = page.evaluate(
            "site => fetch(site + '/', {credentials: 'include'}).then(answer => answer.text()).catch(() => 'refused')",
            site,
        )
        assert read == "refused"
        sent = {"method": "POST", "credentials": "include", "mode": "no-cors", "body": "verdict=reject&record=x"}
        page.evaluate("([site, sent]) => fetch(site + '/decide', sent).catch(() => 0)", [site, sent])
    assert (ledger / "decisions.jsonl").read_bytes() == before


def test_a_release_s_own_page_cannot_reach_the_curators_page(browser: Browser, site: str) -> None:
    with browser.new_context(base_url=site) as context:
        page = context.new_page()
        page.goto("/releases/20261121T060000Z/diff.html")
        expect(page.locator("h1")).to_have_text("What changed")
        assert page.evaluate("() => location.origin && window.origin") == "null"
        assert page.evaluate("() => { try { return document.cookie } catch (error) { return 'refused' } }") == "refused"
        page.get_by_text("The report of this release").click()
        page.wait_for_url("**/report.html")


def test_cookies_are_out_of_reach_of_scripts(browser: Browser, site: str) -> None:
    with visit(browser, site) as page:
        page.goto("/")
        assert page.evaluate("() => document.cookie") == ""
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
        assert json.dumps(cookie).count("Ada") == 0
