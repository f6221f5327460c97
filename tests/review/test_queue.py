from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.queue import DIMENSIONS, Filters
from review.queue.values import Values
from review.store import Store
from tests.review.curator import Curator, app_of

WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(st.dictionaries(st.sampled_from([*DIMENSIONS, "q"]), WORDS), st.integers(1, 9999))
def test_a_list_is_in_its_address(chosen: dict[str, str], page: int) -> None:
    filters = Filters.of({**chosen, "page": str(page)})
    assert Filters.of_query(filters.here) == filters


@pytest.mark.parametrize("page", ["", "0", "-3", "x", "²", "99999999999"])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert Filters.of({"page": page}).page == 1


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=3).map(tuple), min_size=1, max_size=20))
def test_values_count_what_they_choose(rows: list[tuple[str, ...]]) -> None:
    values = Values.several(rows)
    everything = values.chosen("a") | ~values.chosen("a")
    for name, count in values.counts(everything):
        assert count == values.chosen(name).sum() == sum(name in row for row in rows)


def test_conflicts_and_orphans_come_first_then_doubt_times_weight(two: Path) -> None:
    view = Store(two).view()
    why = view.queue.frame["why"].tolist()
    assert why[0] == "changed" and why[-1] == "unreviewed"
    assert view.queue.open == len(view.queue.frame)


def test_each_count_is_what_its_filter_leaves(two: Path) -> None:
    queue = Store(two).view().queue
    for filters in (Filters(), Filters(country="GHA"), Filters(q="harbour")):
        for facet in queue.facets(filters):
            for value, count in facet.counts:
                assert len(queue.places(filters.with_(**{facet.name: value}))) == count, (facet.name, value)


@pytest.mark.parametrize(
    ("filters", "records"),
    [
        (Filters(country="GHA"), 2),
        (Filters(country="DEU"), 2),
        (Filters(why="changed"), 2),
        (Filters(field="amount"), 2),
        (Filters(cause="source"), 2),
        (Filters(cause="model"), 0),
        (Filters(document="news/water.txt"), 2),
        (Filters(q="RENMINBI"), 1),
        (Filters(q="maple fiji"), 6),
        (Filters(release="20261121T060000Z"), 2),
        (Filters(release="earlier"), 8),
        (Filters(confidence="0.9 and above"), 6),
        (Filters(sector="no such sector"), 0),
        (Filters(kind="grant", country="NPL"), 1),
    ],
)
def test_filters(two: Path, filters: Filters, records: int) -> None:
    assert len(Store(two).view().queue.places(filters)) == records


def test_walking_through_a_list_meets_each_record_once(two: Path) -> None:
    queue = Store(two).view().queue
    filters = Filters(q="maple")
    first = queue.first(filters)
    walked = [first]
    while len(walked) < 6:
        walked.append(queue.next(str(walked[-1]), filters))
    assert len(set(walked)) == 6
    assert queue.next(str(walked[-1]), filters) == first
    assert queue.previous(str(first), filters) == walked[-1]


def test_the_page_shows_the_same_list_to_a_colleague(two: Path) -> None:
    app = app_of(two)
    address = "/?why=changed&country=GHA"
    first, second = Curator(app).page(address), Curator(app, "Bea").page(address)
    assert "1 of 10 to review" in first and "1 of 10 to review" in second
    assert "Harbour Development Bank" in first and "Northern Lights Fund" not in first
    assert "No such" not in Curator(app).page("/?country=XXX") and "Nothing here matches" in Curator(app).page(
        "/?country=XXX"
    )
