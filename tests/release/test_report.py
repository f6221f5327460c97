"""The pages: they tell the numbers, need no network, and show what documents say without running it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synthetic import told
from ledger.report import words
from ledger.report.marks import marks
from ledger.report.plots import bars, matrix, stacked, years_plot
from ledger.report.tally import Tally
from schemas import Quarantined
from tests.release.helpers import LATER, documents, published

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
    lone = published(tmp_path / "lone", [told("a", [], preface="nothing")])
    assert "Every document was read" in (lone.path / "report.html").read_text("utf-8")


def test_an_act_with_several_partners_is_summed_once() -> None:
    one = documents(1)[0]
    first = one.records[0]
    twin = first.model_copy(update={"record_id": "twin"})
    tally = Tally()
    tally.document("d", "with_records", [first, twin], [])
    assert first.amount is not None and sum(tally.sector_usd.values()) == first.amount.usd and tally.records == 2


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
    assert words.value(given_) == said


@pytest.mark.parametrize(
    ("dollars", "said"), [(950, "$950"), (1_000_000, "$1m"), (1_250_000_000, "$1.2bn"), (3.1e12, "$3.1tn")]
)
def test_money_is_short(dollars: float, said: str) -> None:
    assert words.money(dollars) == said


def test_countries_have_short_names() -> None:
    names = [words.country_name(code) for code in ("BOL", "KOR", "TZA", "Africa", "ZZZ")]
    assert names == ["Bolivia", "South Korea", "Tanzania", "Africa", "ZZZ"]
