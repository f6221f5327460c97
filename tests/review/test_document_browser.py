"""A document as a place to work, in Chromium: everything in the text, and by one key."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ledger.decisions import DecisionLog
from review.store import Store
from tests.review.browsing import IN_CHROMIUM, leave, press, select, served, visit
from tests.support.editions import FIRST, released, with_possible

pytestmark = IN_CHROMIUM
WATER = "/document?id=news/water.txt"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    released(tmp_path / "output", with_possible(), FIRST)
    return tmp_path / "output"


@pytest.fixture
def page(browser: Browser, output: Path) -> Iterator[Page]:
    with served(output, reviewer="Ada") as site, visit(browser, site) as opened:
        yield opened


def expect_chosen(page: Page, record_id: str) -> None:
    expect(page.locator("[data-item][aria-current]")).to_have_attribute("data-item", record_id)


def test_marks_open_their_records_and_all_is_decided_by_keys(page: Page, output: Path) -> None:
    loan, ghana = (one.record_id for one in Store(output).view().release.records_of("news/water.txt"))
    page.goto(WATER)
    leave(page, "Enter")
    expect_chosen(page, loan)
    page.locator("#text [data-records]", has_text="A year later").first.click()
    expect_chosen(page, ghana)
    leave(page, "k")
    leave(page, "a")
    expect_chosen(page, ghana)
    leave(page, "x")
    expect(page.locator(".chosen")).to_contain_text("Togo")
    expect(page.locator(".chosen")).to_contain_text("suggestion")
    leave(page, "a")
    expect(page.locator(".said")).to_contain_text("taken in")
    leave(page, "u")
    assert [(one.verdict, bool(one.undoes)) for one in DecisionLog(output / "decisions.jsonl").read()] == [
        ("accept", False), ("reject", False), ("accept", False), ("accept", True),
    ]  # fmt: skip


def test_m_keeps_the_place(page: Page, output: Path) -> None:
    loan = Store(output).view().release.records_of("news/water.txt")[0].record_id
    page.goto(f"/record/{loan}?country=GHA")
    leave(page, "m")
    expect_chosen(page, loan)
    expect(page.locator("#evidence")).to_contain_text("200 million renminbi")
    leave(page, "m")
    expect(page).to_have_url(re.compile(rf"/record/{loan}\?country=GHA$"))


def test_a_selection_starts_a_record_that_one_key_saves(page: Page, output: Path) -> None:
    page.goto("/document?id=news/roads.txt")
    select(page, "Tulip Trust")
    expect(page.locator("[name='actor.name']")).to_have_value("Tulip Trust")
    expect(page.locator("[name='year.years']")).to_have_value("2014")
    press(page, "Escape")
    expect(page.locator("#new form")).to_have_count(0)
    select(page, "$90 million")
    expect(page.locator("[name='amount.value']")).to_have_value("90,000,000")
    press(page, "2")  # the actor is selected next
    page.wait_for_function("() => document.activeElement.id == 'text'")
    select(page, "Critics")
    expect(page.locator("[name='actor.name']")).to_have_value("Critics")
    leave(page, "Enter")
    expect(page.locator(".chosen")).to_contain_text("Critics")
    (decision,) = DecisionLog(output / "decisions.jsonl").read()
    added = decision.added
    assert added is not None and added.amount is not None and added.amount.value == 90e6
    assert added.evidence.text == "Critics put the cost at $90 million."


def test_an_edit_in_the_document_stays_there(page: Page, output: Path) -> None:
    loan = Store(output).view().release.records_of("news/water.txt")[0].record_id
    page.goto(f"{WATER}&record={loan}")
    press(page, "5")
    page.wait_for_function("() => document.activeElement.id == 'text'")
    page.locator("[name='year.years']").fill("2017")
    leave(page, "Enter")
    expect(page.locator(".row-year .value")).to_have_text("2017")
    expect(page).to_have_url(re.compile(rf"/document\?.*record={loan}$"))
