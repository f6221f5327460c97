"""What the hand does by habit, in Chromium: nothing is decided by accident, nothing typed is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ledger.decisions import DecisionLog
from review.store import Store
from tests.review.browsing import IN_CHROMIUM, leave, press, select, served, visit
from tests.support.editions import FIRST, extraction, party, record, released

pytestmark = IN_CHROMIUM


@pytest.fixture
def loan(output: Path) -> str:
    return Store(output).view().release.records_of("news/water.txt")[0].record_id


def test_a_note_decides_nothing_and_is_kept(browser: Browser, site: str, output: Path, loan: str) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        press(page, "n")
        page.keyboard.type("to be looked up")
        press(page, "Enter")
        expect(page.locator("#note")).not_to_be_focused()
        leave(page, "j")
        page.go_back()
        expect(page.locator("#note")).to_have_value("to be looked up")
        page.reload()
        expect(page.locator("#note")).to_have_value("to be looked up")
        assert not (output / "decisions.jsonl").exists()
        leave(page, "a")
        assert DecisionLog(output / "decisions.jsonl").read()[0].note == "to be looked up"
        page.goto(f"/record/{loan}")
        expect(page.locator("#note")).to_have_value("")


def slowly(page: Page) -> None:
    """Let the first reading of selected words be under way when the next key is pressed."""
    page.route("**/editor?*start=*", lambda route: (page.wait_for_timeout(400), route.continue_())[1])


def test_enter_right_after_a_selection_saves_what_was_selected(
    browser: Browser, site: str, output: Path, loan: str
) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        slowly(page)
        press(page, "5")
        page.wait_for_function("() => getSelection().toString() == 'March 2016'")
        press(page, *["ArrowLeft", *["ArrowRight"] * 6], *["Shift+ArrowRight"] * 4)
        leave(page, "Enter")
        assert DecisionLog(output / "decisions.jsonl").read()[0].fields[0].given["span"]["text"] == "2016"


@pytest.mark.parametrize("control", ["[name='amount.unit']", "[name='amount.bound']", "[name='amount.none']"])
def test_enter_saves_in_every_control(browser: Browser, site: str, output: Path, loan: str, control: str) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        press(page, "6")
        page.wait_for_function("() => document.activeElement.id == 'text'")
        page.locator(control).focus()
        leave(page, "Enter")
        expect(page.locator(".said")).to_contain_text("Saved")
        assert len(DecisionLog(output / "decisions.jsonl").read()) == 1


def test_an_edited_amount_takes_ten_keys(browser: Browser, site: str, output: Path, loan: str) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        press(page, "6")
        page.wait_for_function("() => document.activeElement.id == 'text'")
        press(page, "Tab")
        expect(page.locator("[name='amount.value']")).to_be_focused()
        press(page, "2", "1", "0", "m")
        leave(page, "Enter")
        expect(page.locator(".row-amount .value")).to_have_text("210,000,000 CNY")
        leave(page, "a")
        assert [one.verdict for one in DecisionLog(output / "decisions.jsonl").read()] == ["edit", "accept"]


def test_on_a_phone_the_bar_covers_nothing(browser: Browser, site: str, loan: str) -> None:
    with visit(browser, site, width=390, height=780) as page:
        page.goto(f"/record/{loan}")
        overlap = page.evaluate(
            """() => { const bar = document.querySelector('.decide').getBoundingClientRect();
            const main = document.querySelector('main').getBoundingClientRect();
            return [main.bottom - bar.top, bar.bottom - innerHeight]; }"""
        )
        assert max(overlap) <= 1
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0  # only the record scrolls


def test_a_reason_is_chosen_by_keys_and_enter_rejects(browser: Browser, site: str, output: Path, loan: str) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        press(page, "n")
        page.keyboard.type("the builder")
        press(page, "Enter", "r")
        expect(page.locator("[name=reason]").first).to_be_focused()
        press(page, "ArrowDown", "ArrowDown")
        leave(page, "Enter")
        (decision,) = DecisionLog(output / "decisions.jsonl").read()
        assert (decision.verdict, decision.reason, decision.note) == ("reject", "wrong_party", "the builder")


def test_the_reason_that_has_the_focus_is_given(browser: Browser, site: str, output: Path, loan: str) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        press(page, "r")
        expect(page.locator("[name=reason]").first).to_be_focused()
        leave(page, "Enter")
        (decision,) = DecisionLog(output / "decisions.jsonl").read()
        assert (decision.verdict, decision.reason) == ("reject", "no_act")


def test_a_record_is_started_by_keys_alone(browser: Browser, site: str, output: Path) -> None:
    with visit(browser, site) as page:
        page.goto("/document?id=news/roads.txt")
        press(page, "t", "ArrowDown", "ArrowDown", "Home", *["Control+ArrowRight"], *["Shift+Control+ArrowRight"] * 2)
        expect(page.locator("[name='actor.name']")).to_have_value("Tulip Trust")
        leave(page, "Enter")
        (decision,) = DecisionLog(output / "decisions.jsonl").read()
        assert decision.added is not None and decision.added.actor.name == "Tulip Trust"
        press(page, "t", "Escape")
        expect(page.locator("#text")).to_have_attribute("role", "region")


def test_many_are_ticked_and_decided_by_keys(browser: Browser, site: str, output: Path) -> None:
    with visit(browser, site) as page:
        page.goto("/?q=maple")
        leave(page, "b")
        press(page, "j", "j", "Space", "n", "Enter", "Tab")
        expect(page.get_by_role("button", name="Accept those ticked")).to_be_focused()
        leave(page, "Enter")
        expect(page.locator("h1")).to_have_text("5 accepted")


def test_who_has_no_name_yet_is_asked_and_led_back(browser: Browser, output: Path, loan: str) -> None:
    with served(output) as site, visit(browser, site) as page:
        page.goto(f"/record/{loan}?country=GHA")
        leave(page, "a")
        expect(page.locator("#own-name")).to_be_focused()
        page.keyboard.type("Ada")
        leave(page, "Enter")
        expect(page).to_have_url(re.compile(rf"/record/{loan}\?country=GHA$"))
        leave(page, "a")
        (decision,) = DecisionLog(output / "decisions.jsonl").read()
        assert (decision.reviewer, decision.verdict) == ("Ada", "accept")


@pytest.mark.parametrize("key", ["a", "j", "5", "g"])
def test_what_was_typed_is_saved_or_left_before_anything_else(
    browser: Browser, site: str, output: Path, loan: str, key: str
) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        press(page, "6")
        page.wait_for_function("() => document.activeElement.id == 'text'")
        page.locator("[name='amount.value']").fill("210m")
        page.locator("#title").focus()
        press(page, key)
        expect(page.locator("#editor [role=alert]")).to_contain_text("Save this first")
        expect(page.locator("[data-save]")).to_be_focused()
        assert not (output / "decisions.jsonl").exists()
        leave(page, "Enter")
        expect(page.locator(".row-amount .value")).to_have_text("210,000,000 CNY")


def test_a_new_record_is_saved_or_left_before_anything_else(browser: Browser, site: str, output: Path) -> None:
    with visit(browser, site) as page:
        page.goto("/document?id=news/roads.txt")
        leave(page, "j")
        select(page, "Tulip Trust")
        expect(page.locator("[name='actor.name']")).to_have_value("Tulip Trust")
        press(page, "a")
        expect(page.locator("#new [role=alert]")).to_contain_text("Save this first")
        press(page, "Escape")
        expect(page.locator("#new form")).to_have_count(0)
        leave(page, "a")
        (decision,) = DecisionLog(output / "decisions.jsonl").read()
        assert decision.verdict == "accept" and decision.added is None


def test_the_text_alone_is_scrolled_to_what_is_edited(browser: Browser, site: str, loan: str) -> None:
    with visit(browser, site, height=500) as page:
        page.goto(f"/record/{loan}")
        press(page, "7")
        page.wait_for_function("() => document.activeElement.id == 'text'")
        assert page.evaluate("window.scrollY") == 0


@pytest.mark.parametrize("opened", ["r", "6", "?"])
def test_nothing_that_opens_is_wider_than_a_phone(browser: Browser, site: str, loan: str, opened: str) -> None:
    with visit(browser, site, width=390, height=780) as page:
        page.goto(f"/record/{loan}")
        press(page, opened)
        box = page.locator(".why-not .pop, #editor form, dialog").locator("visible=true").first.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_wrong_is_typed_over_or_left(browser: Browser, site: str, output: Path, loan: str, width: int) -> None:
    number = "[name='amount.value']"
    with visit(browser, site, width=width) as page:
        page.goto(f"/record/{loan}?kind=loan")
        for _ in range(2):
            press(page, "6")
            page.wait_for_function("() => document.activeElement.id == 'text'")
            page.locator(number).fill("1,5")
            leave(page, "Enter")
            expect(page.locator("#editor [role=alert]")).to_contain_text("is it 1.5 or 15?")
            expect(page.locator(number)).to_be_focused()
            expect(page.locator(number)).to_be_in_viewport()
            leave(page, "Escape")
            expect(page).to_have_url(re.compile(rf"/record/{loan}\?kind=loan$"))
            expect(page.locator("#editor form")).to_have_count(0)
        press(page, "6")
        page.wait_for_function("() => document.activeElement.id == 'text'")
        page.locator(number).fill("1,5")
        leave(page, "Enter")
        expect(page.locator(number)).to_be_focused()
        page.keyboard.type("15")
        leave(page, "Enter")
        expect(page.locator(".row-amount .value")).to_have_text("15 CNY")
        assert len(DecisionLog(output / "decisions.jsonl").read()) == 1


def test_what_was_saved_is_said_beside_the_menu(browser: Browser, site: str, loan: str) -> None:
    with visit(browser, site) as page:
        page.goto(f"/record/{loan}")
        leave(page, "a")
        said, menu = page.locator(".said").bounding_box(), page.locator("header nav").bounding_box()
        assert said is not None and menu is not None and said["x"] >= menu["x"] + menu["width"]


def test_words_without_an_end_and_names_from_right_to_left_are_whole(browser: Browser, tmp_path: Path) -> None:
    name, bank = "x" * 250, "בנק הפיתוח"
    text = f"In 2014 {name} lent {bank} $3 million for roads.\nבשנת 2018 נתן {bank} 5 million dollars."
    one = record(
        "a.txt", text, 1, text.partition("\n")[0], kind="loan", sector=("210", "roads"),
        actor=party(text, name, "organisation", None), partner=party(text, bank, "organisation", "ISR"),
    )  # fmt: skip
    released(tmp_path / "output", [extraction("a.txt", text, [one], {})], FIRST)
    with served(tmp_path / "output") as site, visit(browser, site, width=390) as page:
        for path in (f"/record/{one.record_id}", f"/document?id=a.txt&record={one.record_id}", "/", "/progress"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        page.goto(f"/record/{one.record_id}")
        lines = page.evaluate(EDGES)
        assert lines[0] > 0 and lines[1] < 1  # each line of the text begins at its own side


EDGES = """() => { const box = document.querySelector('#text').getBoundingClientRect();
const walker = document.createTreeWalker(document.querySelector('#text'), NodeFilter.SHOW_TEXT); const found = [];
for (let node; (node = walker.nextNode());)
for (const words of ['In 2014', 'בשנת']) { const at = node.data.indexOf(words);
if (at < 0) continue; const range = document.createRange();
range.setStart(node, at); range.setEnd(node, at + words.length);
const place = range.getBoundingClientRect(); found.push(Math.sign(box.right - place.right - (place.left - box.left))); }
return found; }"""
"""Tells of each line whether its first words stand nearer to the left (1) or to the right (-1)."""
