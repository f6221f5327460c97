"""A curator's day, in Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ledger.decisions import DecisionLog
from review.store import Store
from schemas import Decision
from tests.review.browsing import IN_CHROMIUM, leave, press, select, visit
from tests.support.editions import SECOND, THIRD, released, second_edition

pytestmark = IN_CHROMIUM


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with visit(browser, site) as opened:
        yield opened


def log(output: Path) -> list[Decision]:
    return DecisionLog(output / "decisions.jsonl").read()


def record_id(output: Path, document: str, rank: int = 1) -> str:
    return Store(output).view().release.records_of(document)[rank - 1].record_id


def open_record(page: Page, output: Path, document: str, rank: int = 1) -> None:
    page.goto(f"/record/{record_id(output, document, rank)}")


def test_open_filter_read_decide_and_undo_by_keyboard(page: Page, output: Path) -> None:
    page.goto("/")
    expect(page.locator("h1")).to_have_text("11 to review")
    page.get_by_role("link", name="Ghana 2", exact=True).click()
    expect(page.locator("h1")).to_have_text("2 of 11 to review")
    expect(page).to_have_url(re.compile("country=GHA"))
    press(page, "j", "j")
    assert leave(page, "Enter").split("?")[1] == "country=GHA"
    expect(page.locator("#evidence")).to_contain_text("training 150 engineers")
    expect(page.locator("#text .f-amount")).to_have_text("$12 million")
    press(page, "n")
    page.keyboard.type("a note with keys: a x u")
    press(page, "Escape")
    leave(page, "a")
    expect(page.locator(".said")).to_contain_text("Saved")
    assert [(one.verdict, one.note) for one in log(output)] == [("accept", "a note with keys: a x u")]
    leave(page, "x")
    expect(page.locator("h1")).to_have_text("0 of 9 to review")
    assert log(output)[-1].verdict == "reject"
    open_record(page, output, "news/water.txt", 3)
    leave(page, "u")
    expect(page.locator(".said")).to_contain_text("taken back")
    assert log(output)[-1].undoes == log(output)[1].id


def test_edit_by_selecting_with_keys(page: Page, output: Path) -> None:
    open_record(page, output, "news/water.txt", 2)
    press(page, "6")
    expect(page.locator("[data-armed=amount]")).to_be_visible()
    page.wait_for_function("() => getSelection().toString() == '$12 million'")
    assert page.evaluate("document.activeElement.id") == "text"
    press(page, "ArrowLeft", *["ArrowLeft"] * 5, "Shift+Control+ArrowLeft")
    page.keyboard.type("nothing can be typed")
    press(page, "Backspace", "Delete", "Control+v", "Escape", "6")
    page.wait_for_function("() => getSelection().toString() == '$12 million'")
    press(page, "Escape", "5")
    expect(page.locator("[data-armed=year]")).to_be_visible()
    page.wait_for_function("() => document.activeElement.id == 'text'")
    for _ in range(11):
        press(page, "Shift+ArrowRight")
    expect(page.locator("[data-armed=year] .quote")).to_contain_text("“A year late")
    page.locator("[name='year.years']").fill("2017")
    leave(page, "Enter")
    expect(page.locator(".row-year .value")).to_have_text("2017")
    (decision,) = log(output)
    assert decision.fields[0].given["span"]["text"] == "A year late"
    assert "nothing can be typed" not in page.locator("#text").inner_text()


def test_edit_by_selecting_with_the_mouse_past_emoji_and_line_ends(page: Page, output: Path) -> None:
    open_record(page, output, "news/water.txt")
    press(page, "3")
    page.wait_for_function("() => document.activeElement.id == 'text'")
    select(page, "Lomé")
    expect(page.locator("[name='actor.name']")).to_have_value("Lomé")
    page.locator("[data-save]").click()
    expect(page.locator(".row-actor .value")).to_contain_text("Lomé")
    span = log(output)[0].fields[0].given["span"]
    document = Store(output).view().release.document("news/water.txt")
    assert document is not None and str(document.text)[span["start"] : span["end"]] == span["text"] == "Lomé"


def test_words_are_read_at_once_across_pieces(page: Page, output: Path) -> None:
    open_record(page, output, "news/water.txt", 2)
    press(page, "6")
    page.wait_for_function("() => getSelection().toString() == '$12 million'")
    press(page, "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(page.locator("[data-armed=amount] .quote")).to_contain_text("$12 million for”")
    expect(page.locator("[name='amount.value']")).to_have_value("12,000,000")


def test_what_makes_no_value_stays_open_with_what_is_wrong(page: Page, output: Path) -> None:
    open_record(page, output, "news/water.txt")
    press(page, "5")
    page.locator("[name='year.years']").fill("soon")
    leave(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("write 2018")
    page.locator("[name='year.years']").fill("2018")
    page.locator("[data-save]").click()
    expect(page.locator(".row-year .value")).to_have_text("2018")


def test_add_a_missed_record_from_a_leftover(page: Page, output: Path) -> None:
    open_record(page, output, "news/roads.txt")
    leave(page, "m")
    page.get_by_role("link", name="Add a record from $90 million").click()
    expect(page.locator("[data-armed=evidence] .quote")).to_contain_text("Critics put the cost at $90 million.")
    expect(page.locator("[name='amount.value']")).to_have_value("90,000,000")
    page.locator("[data-armed=actor] [data-arm]").click()
    page.wait_for_function("() => document.activeElement.id == 'text'")
    press(page, "Control+Home", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(page.locator("[name='actor.name']")).to_have_value("In")
    press(page, "1")
    expect(page.locator("fieldset[data-armed=evidence]")).to_have_class("add-field armed")
    page.get_by_role("button", name="Add the record").click()
    expect(page.locator("h1")).to_contain_text("In → ")
    expect(page.locator(".tags")).to_contain_text("added by a curator")
    added = log(output)[0].added
    assert added is not None and added.amount is not None and added.amount.value == 90e6
    assert added.evidence.text == "Critics put the cost at $90 million."


def test_accept_many_and_take_them_back(page: Page, output: Path) -> None:
    page.goto("/?q=maple")
    page.get_by_role("link", name="Decide many…").click()
    expect(page.locator("h1")).to_have_text("Decide about 6 records")
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="Accept those ticked").click()
    expect(page.locator("h1")).to_have_text("5 accepted")
    assert [one.verdict for one in log(output)] == ["accept"] * 5
    leave(page, "u")
    expect(page.locator("h1")).to_have_text("11 to review")


def test_two_curators_at_once(browser: Browser, site: str, page: Page, output: Path) -> None:
    with visit(browser, site) as other:
        other.goto("/")
        other.locator("#who summary").click()
        other.locator("#name").fill("Bea")
        other.get_by_role("button", name="Save").click()
        expect(other.locator("#who summary")).to_contain_text("Bea")
        open_record(page, output, "news/roads.txt")
        open_record(other, output, "news/roads.txt")
        leave(other, "x")
        expect(page.locator("#news [role=alert]")).to_contain_text("Bea rejected this record")
        leave(page, "a")
        expect(page.locator("h1")).to_have_text("Two at once")
        assert [one.reviewer for one in log(output)] == ["Bea"]
        page.get_by_role("button", name="Log mine after theirs").click()
        expect(page.locator(".said")).to_contain_text("Saved")
        assert [(one.reviewer, one.verdict) for one in log(output)] == [("Bea", "reject"), ("Ada", "accept")]
        page.goto("/decisions")
        expect(page.locator(".rows li")).to_have_count(2)


def test_the_next_release_shows_what_became_of_the_decisions(page: Page, output: Path) -> None:
    open_record(page, output, "news/water.txt")
    press(page, "6")
    page.wait_for_function("() => document.activeElement.id == 'text'")
    page.locator("[name='amount.value']").fill("210000000")
    leave(page, "Enter")
    open_record(page, output, "news/water.txt", 3)
    leave(page, "a")
    released(output, second_edition(), SECOND)
    page.goto("/effect")
    expect(page.get_by_role("link", name="1 conflict")).to_be_visible()
    expect(page.get_by_role("link", name="1 orphaned")).to_be_visible()
    page.goto("/")
    expect(page.locator(".rows li").first).to_contain_text("conflict")
    leave(page, "Enter")
    expect(page.locator(".three")).to_contain_text("250,000,000 CNY")
    page.get_by_role("button", name="Take what the machine says now").click()
    expect(page.locator(".row-amount .value")).to_have_text("250,000,000 CNY")
    page.goto("/?why=orphaned")
    leave(page, "Enter")
    expect(page.locator(".alert")).to_contain_text("Orphan.")
    leave(page, "x")
    released(output, second_edition(), THIRD)
    page.goto("/effect")
    expect(page.get_by_role("link", name="0 conflict")).to_be_visible()
    page.goto("/releases")
    page.get_by_role("link", name="Report of 2026-11-22 06:00").click()
    expect(page.locator("h1")).to_have_text("Who works with whom")


def test_the_list_of_keys_and_a_program_that_is_gone(page: Page, output: Path) -> None:
    open_record(page, output, "news/water.txt")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press(page, "a", "Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    assert not (output / "decisions.jsonl").exists()
    page.context.set_offline(True)
    press(page, "a")
    expect(page.locator("#offline")).to_contain_text("not saved")
    assert not (output / "decisions.jsonl").exists()


def test_back_shows_the_list_as_it_was(page: Page, output: Path) -> None:
    page.goto("/?country=GHA")
    leave(page, "Enter")
    page.go_back()
    expect(page.locator("h1")).to_have_text("2 of 11 to review")


def test_without_scripts_a_curator_can_decide_too(browser: Browser, site: str, output: Path) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/?q=nepal")
    page.get_by_role("link", name="Start").click()
    page.locator("#decide [value=reject]").click()
    expect(page.locator(".said")).to_contain_text("Saved")
    assert log(output)[0].verdict == "reject"
    context.close()


def test_a_list_is_found_by_a_party_that_is_completed_and_put_in_order(page: Page, output: Path) -> None:
    page.goto("/")
    page.locator("summary", has_text="Party").click()
    page.locator("#add-party").fill("harb")
    expect(page.locator("#names option")).to_have_attribute("value", "Harbour Development Bank")
    page.locator("#add-party").fill("Harbour Development Bank")
    leave(page, "Enter")
    expect(page.locator("h1")).to_have_text("3 of 11 to review")
    page.get_by_role("link", name="Ghana 2", exact=True).last.click()
    page.wait_for_url("**country=GHA**")
    page.get_by_role("link", name="Togo 1", exact=True).last.click()
    page.wait_for_url("**country=TGO**")
    expect(page.locator("h1")).to_have_text("3 of 11 to review")
    page.locator("#sort").select_option("amount")
    page.wait_for_url("**sort=amount**")
    expect(page.locator(".rows li").first).to_contain_text("200,000,000 CNY")
    page.get_by_role("navigation", name="Records").get_by_role("link", name="Decided").click()
    expect(page.locator("h1")).to_have_text("0 of 0 decided")
