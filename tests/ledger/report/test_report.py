"""The pages: they tell the numbers, need no network, and show what documents say without running it."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from ledger.report import formatting
from ledger.report.formatting import marks
from ledger.report.plots import bars, matrix, stacked, years_plot
from ledger.report.tally import Sums
from schemas import CooperationRecord, Quarantined
from tests.review.browsing import CHROMIUM
from tests.support.releases import LATER, documents, published
from tests.support.synthetic import extraction

EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["report.html", "diff.html"])
def test_a_page_needs_no_network(tmp_path: Path, name: str) -> None:
    published(tmp_path, documents(10))
    page = (published(tmp_path, documents(10, edits=0.7), now=LATER).path / name).read_text("utf-8")
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", page)
    assert "default-src 'none'" in page and "prefers-color-scheme:dark" in page and "@media print" in page


def test_the_report_tells_the_counts_and_the_quarantine(tmp_path: Path) -> None:
    bad = Quarantined(id=f"{EVIL}.pdf", reason="encrypted", detail="Take the password off.", digest="d")
    made = published(tmp_path, [bad, *documents(10)], scores={"dev": {"actor": 0.9375}})
    page = (made.path / "report.html").read_text("utf-8")
    for said in ("20 acts of cooperation", "11 documents", "Take the password off.", "0.938", "Records by year"):
        assert said in page
    assert EVIL not in page and "&lt;script&gt;" in page


def test_the_page_of_changes_marks_before_and_after(tmp_path: Path) -> None:
    published(tmp_path, documents(30))
    made = published(tmp_path, documents(30, edits=0.7), now=LATER, program={"model": "new"})
    page = (made.path / "diff.html").read_text("utf-8")
    counts = made.counts
    total = counts.changed + counts.added + counts.removed + counts.moved
    assert f"of {total} changes come from" in page
    assert re.search(r"<del>\d+</del><ins>901</ins>", page) and "no longer stated" in page


def test_a_first_release_and_an_empty_one_have_pages(tmp_path: Path) -> None:
    made = published(tmp_path / "empty", [])
    assert "0 acts" in (made.path / "report.html").read_text("utf-8")
    assert "The first release" in (made.path / "diff.html").read_text("utf-8")
    lone = published(tmp_path / "lone", [extraction("a", [], preface="nothing")])
    assert "Every document was read" in (lone.path / "report.html").read_text("utf-8")


def made(act: str, dollars: float, **more: Any) -> CooperationRecord:
    """A record of an act with a sum; its place in the text is its place in the list."""
    first = documents(1)[0].records[0]
    assert first.amount is not None
    amount = first.amount.model_copy(update={"usd": dollars, "value": dollars})
    return first.model_copy(update={"record_id": act, "act_id": act, "amount": amount, **more})


def summed(*documents: list[CooperationRecord]) -> float:
    sums = Sums()
    for records in documents:
        sums.document(records)
    return sum(sums.by_sector.values())


def test_an_act_with_several_partners_is_summed_once() -> None:
    first = made("a", 5.0)
    assert summed([first, first.model_copy(update={"record_id": "twin"})]) == 5.0


def test_an_act_that_is_told_again_is_summed_once() -> None:
    assert summed([made("a", 5.0), made("b", 5.0)], [made("c", 5.0)]) == 5.0
    assert summed([made("a", 5.0), made("b", 6.0)], [made("c", 5.0, kind="supply")]) == 16.0


def test_parts_are_not_added_to_their_whole() -> None:
    parts = [made("a", 60.0), made("b", 30.0), made("c", 10.0)]
    assert summed([made("whole", 100.0), *parts]) == 100.0
    assert summed([made("whole", 101.0), *parts]) == 201.0
    other = parts[0].actor.model_copy(update={"name": "Other", "country": None})
    assert summed([made("whole", 100.0, actor=other), *parts]) == 200.0


@given(st.text(alphabet="ab c.\n🌱", max_size=30), st.text(alphabet="ab c.\n🌱", max_size=30))
def test_marks_hold_both_texts(before: str, after: str) -> None:
    found = marks(before, after)
    assert "".join(one.text for one in found if one.kind != "after") == before
    assert "".join(one.text for one in found if one.kind != "before") == after


@given(st.dictionaries(st.integers(1900, 2050), st.integers(1, 10**6), min_size=1))
def test_years_lie_within_the_plot(counts: dict[int, int]) -> None:
    plot = years_plot(counts)
    assert plot is not None and len(plot.columns) == len(counts)
    for column in plot.columns:
        assert 0 <= column.y <= plot.height and column.x >= 48 and column.x + column.width <= 960.001
    assert plot.grid[0][0] == 0 and plot.grid[-1][0] >= max(counts.values())


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 99)))
def test_bars_keep_the_sum(values: dict[str, float]) -> None:
    assert sum(bar.value for bar in bars(values, most=3)) == sum(values.values())
    assert all(0 < bar.share <= 1 for bar in bars(values, most=3))


def test_small_plots() -> None:
    assert years_plot({}) is None and matrix({}) is None and matrix({("CHN", ""): 3}) is None
    crossed = matrix({("A", "B"): 4, ("C", "B"): 1, ("A", ""): 9})
    assert crossed is not None and (crossed.rows, crossed.columns, crossed.total) == (("A", "C"), ("B",), 5)
    assert stacked([("a", 1), ("b", 3)]) == [("a", 1, 0.0, 0.25), ("b", 3, 0.25, 0.75)]


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (None, "none"),
        (1234567.0, "1,234,567"),
        (0.25, "0.25"),
        ({"name": "Kenya", "country": "KEN"}, "Kenya (Kenya)"),
        ({"value": 30, "unit": "person", "per": "year"}, "30 person a year"),
        ({"start": 2014, "end": None}, "since 2014"),
        ({"start": 2014, "end": 2016}, "2014–2016"),
        (["a", "b"], '["a", "b"]'),
    ],
)
def test_values_read_well(given_: object, said: str) -> None:
    assert formatting.value(given_) == said


def test_a_year_is_no_number_of_thousands() -> None:
    assert [formatting.value(2019, name) for name in ("year.start", "amount.value")] == ["2019", "2,019"]


@pytest.mark.parametrize(
    ("dollars", "said"), [(950, "$950"), (1_000_000, "$1m"), (1_250_000_000, "$1.2bn"), (3.1e12, "$3.1tn")]
)
def test_money_is_short(dollars: float, said: str) -> None:
    assert formatting.money(dollars) == said


def test_countries_have_short_names() -> None:
    names = [formatting.country_name(code) for code in ("BOL", "KOR", "TZA", "Africa", "ZZZ")]
    assert names == ["Bolivia", "South Korea", "Tanzania", "Africa", "ZZZ"]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: make browser installs Debian's")
def test_chart_and_quarantine_are_whole_on_a_small_screen(tmp_path: Path, browser: Browser) -> None:
    bad = Quarantined(
        id=f"a/{'long name of a document ' * 4}.pdf", reason="encrypted", detail="Save a copy. " * 9, digest="d"
    )
    made = published(tmp_path, [bad, *documents(60)])
    with browser.new_page(viewport={"width": 400, "height": 800}) as page:
        page.goto((made.path / "report.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        for one in ("figure svg", ".rows"):
            box = page.locator(one).first.bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 400
            assert page.locator(one).first.evaluate(
                "one => one.parentElement.scrollWidth <= one.parentElement.clientWidth"
            )
        sizes = page.locator("svg text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert min(size for size in sizes if size) >= 8
