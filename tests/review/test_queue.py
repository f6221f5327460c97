import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.filters import DIMENSIONS, SORTS, Filters, TagIndex, ValueIndex
from review.store import Store
from review.table import ReviewStatus
from tests.review.curator import Curator, app_of
from tests.support.editions import SECOND, first_edition, released


def only(**chosen: str) -> Filters:
    return Filters.of(chosen)


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(st.dictionaries(st.sampled_from([*DIMENSIONS, "q"]), WORDS), st.integers(1, 9999))
def test_a_list_is_in_its_address(chosen: dict[str, str], page: int) -> None:
    filters = Filters.of([*chosen.items(), *chosen.items(), ("page", str(page)), ("sort", "year"), ("state", "all")])
    assert Filters.of_query(filters.current_query) == filters


def test_a_filter_takes_several_values_and_lets_them_go_again() -> None:
    filters = Filters.of([("country", "ghana"), ("country", "TGO"), ("kind", "loan"), ("nonsense", "1")])
    assert filters.chosen == {"kind": ("loan",), "country": ("GHA", "TGO")}
    assert filters.toggled("country", "GHA").query() == "?kind=loan&country=TGO"
    assert filters.toggled("country", "GHA").toggled("country", "TGO").chosen == {"kind": ("loan",)}
    assert Filters.of({"amount.from": "$1.5m", "amount.to": ""}).chosen == {"amount": ("1500000..",)}


@pytest.mark.parametrize("page", ["", "0", "-3", "x", "²", "99999999999"])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert Filters.of({"page": page}).page == 1


@pytest.mark.parametrize("ends", ["²..", "..²", "²..³", "x..y", f"{'9' * 400}..", "٣.."])
def test_a_range_of_signs_that_are_no_number_is_shown(ada: Curator, ends: str) -> None:
    for name in ("amount", "year"):
        assert ada.get(f"/?{name}={ends}").status_code == 200
        assert ada.get(f"/?{name}.from={ends.partition('..')[0]}").status_code == 200


@pytest.mark.parametrize("many", [80, 81, 3000])
def test_a_list_of_very_many_values_is_cut(ada: Curator, output: Path, many: int) -> None:
    query = "?" + "&".join(f"kind=k{number}" for number in range(many))
    assert len(Filters.of_query(query).chosen["kind"]) == 40
    assert ada.send("GET", "/document", params={"id": "news/roads.txt", "list": query}).status_code == 200
    (road,) = Store(output).view().release.records_of("news/roads.txt")
    assert ada.decide(road.record_id, "accept", list=query).status_code == 303


def test_a_document_with_a_long_id_is_filtered(tmp_path: Path) -> None:
    name = "a/" * 400 + "roads.txt"
    (roads,) = (one for one in first_edition() if one.document.id == "news/roads.txt")
    record = roads.records[0].model_copy(update={"document_id": name})
    document = roads.document.model_copy(update={"id": name})
    released(
        tmp_path / "output", [roads.model_copy(update={"document": document, "records": (record,), "unclaimed": ()})],
        SECOND,
    )  # fmt: skip
    assert len(Store(tmp_path / "output").view().table.places(only(document=name))) == 1


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=3).map(tuple), min_size=1, max_size=20))
def test_values_count_what_they_choose(rows: list[tuple[str, ...]]) -> None:
    values = ValueIndex(rows)
    everything = values.rows_with("a") | ~values.rows_with("a")
    for name, count in values.counts(everything):
        assert count == values.rows_with(name).sum() == sum(name in row for row in rows)


def test_conflicts_and_orphans_come_first_then_doubt_times_weight(two: Path) -> None:
    view = Store(two).view()
    why = view.table.frame["why"].tolist()
    assert why[0] == "changed" and why[-1] == "unreviewed"
    assert view.table.states(Filters())["open"] == len(view.table.frame)


def test_each_count_is_what_its_filter_leaves(two: Path) -> None:
    queue = Store(two).view().table
    for filters in (Filters(), only(country="GHA"), only(q="harbour")):
        for facet in queue.facets(filters):
            for value, count in facet.counts:
                alone = filters.without(facet.name).toggled(facet.name, value)
                assert len(queue.places(alone)) == count, (facet.name, value)


@pytest.mark.parametrize(
    ("filters", "records"),
    [
        (only(country="GHA"), 2),
        (only(country="DEU"), 2),
        (only(why="changed"), 2),
        (only(field="amount"), 2),
        (only(cause="source"), 2),
        (only(cause="model"), 0),
        (only(document="news/water.txt"), 2),
        (only(q="RENMINBI"), 1),
        (only(q="maple fiji"), 6),
        (only(release="20261121T060000Z"), 2),
        (only(release="earlier"), 8),
        (only(confidence="0.9 and above"), 6),
        (only(sector="no such sector"), 0),
        (only(kind="grant", country="NPL"), 1),
        (Filters.of([("country", "GHA"), ("country", "NPL")]), 3),
        (Filters.of([("kind", "loan"), ("kind", "training"), ("country", "GHA"), ("country", "NPL")]), 2),
        (only(party="Maple Export Agency"), 6),
        (only(status="pledged"), 1),
        (only(year="2016"), 1),
        (only(year="2011..2013"), 3),
        (only(year="2014.."), 4),
        (only(amount="$1m to $10m"), 7),
        (only(amount="2000000..3000000"), 2),
        (only(amount="x..y"), 0),
        (only(verdict="undecided"), 10),
        (only(curator="Ada"), 0),
        (only(state="decided"), 0),
    ],
)
def test_filters(two: Path, filters: Filters, records: int) -> None:
    assert len(Store(two).view().table.places(filters)) == records


def test_walking_through_a_list_meets_each_record_once(two: Path) -> None:
    queue = Store(two).view().table
    filters = only(q="maple")
    first = queue.next("", filters)
    walked = [first]
    while len(walked) < 6:
        walked.append(queue.next(str(walked[-1]), filters))
    assert len(set(walked)) == 6
    assert queue.next(str(walked[-1]), filters) == first
    assert queue.previous(str(first), filters) == walked[-1]


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_lists_all_and_walks_as_it_lists(two: Path, sort: str) -> None:
    queue = Store(two).view().table
    filters = only(sort=sort, state="all")
    listed = [row["record_id"] for row in queue.rows(queue.places(filters))]
    assert sorted(listed) == sorted(queue.frame["record_id"])
    assert [queue.next(one, filters) for one in listed] == [*listed[1:], listed[0]]
    assert [queue.previous(one, filters) for one in listed] == [listed[-1], *listed[:-1]]
    assert [queue.position(one, filters) for one in listed] == list(range(1, len(listed) + 1))


@pytest.mark.parametrize(
    ("sort", "column", "down"),
    [("unsure", "confidence", False), ("sure", "confidence", True), ("amount", "amount_usd", True),
     ("year", "year", True), ("party", "actor", False), ("text", "document_id", False)],
)  # fmt: skip
def test_orders(two: Path, sort: str, column: str, down: bool) -> None:
    queue = Store(two).view().table
    values = [row[column] for row in queue.rows(queue.places(only(sort=sort))) if row[column] is not None]
    keys = [one.casefold() if sort == "party" else one for one in values]
    assert keys == sorted(keys, reverse=down)


def test_what_was_decided_is_listed_with_who_and_how_even_after_the_next_run(output: Path) -> None:
    app = app_of(output)
    ada, bea = Curator(app), Curator(app, "Bea")
    loan, ghana, togo = (one.record_id for one in Store(output).view().release.records_of("news/water.txt"))
    ada.decide(loan, "accept")
    ada.edit(ghana, "kind", **{"kind.value": "grant"})
    bea.decide(togo, "reject")
    queue = Store(output).view().table
    assert queue.states(Filters()) == {"open": 9, "decided": 2, "all": 11}
    expected = {"accepted": loan, "in part": ghana, "rejected": togo}
    for word, one in expected.items():
        assert [row["record_id"] for row in queue.rows(queue.places(only(verdict=word, state="all")))] == [one]
    assert len(queue.places(only(curator="Ada", state="all"))) == 2
    assert queue.rows(queue.places(only(state="all", sort="lately")))[0]["record_id"] == togo
    page = ada.page("/?state=decided")
    assert "2 decided" in page and 'verdict-accept">accepted' in page and "2 of 11 decided; you decided 1" in page
    ada.decide(ghana, "accept")
    released(output, first_edition(), SECOND)
    later = Store(output).view().table
    assert later.states(Filters()) == {"open": 8, "decided": 2, "all": 10}  # the rejected one is gone
    assert {row["verdict"] for row in later.rows(later.places(only(state="decided")))} == {"accepted", "edited"}


def test_progress_is_told_by_document(output: Path) -> None:
    app = app_of(output)
    loan = Store(output).view().release.records_of("news/water.txt")[0].record_id
    Curator(app).decide(loan, "accept")
    found = {one.name: (one.total, one.done, one.mine) for one in Store(output).view().table.by_document("Ada")}
    assert found["news/water.txt"] == (3, 1, 1) and found["news/roads.txt"] == (1, 0, 0) and len(found) == 9
    page = Curator(app, "Bea").page("/progress")
    assert "1 of 3 decided" in page and "by you</span>" not in page


def test_two_who_differ_are_still_asked_about_after_the_next_run(output: Path) -> None:
    app = app_of(output)
    (road,) = (one.record_id for one in Store(output).view().release.records_of("news/roads.txt"))
    Curator(app, "Bea").decide(road, "reject")
    Curator(app).decide(road, "accept")
    released(output, first_edition(), SECOND)
    queue = Store(output).view().table
    assert [row["record_id"] for row in queue.rows(queue.places(only(verdict="two differ")))] == [road]


def test_the_page_shows_the_same_list_to_a_colleague(two: Path) -> None:
    app = app_of(two)
    address = "/?why=changed&country=GHA"
    first, second = Curator(app).page(address), Curator(app, "Bea").page(address)
    assert "1 of 10 to review" in first and "1 of 10 to review" in second
    assert "Harbour Development Bank" in first and "Northern Lights Fund" not in first
    assert "No such" not in Curator(app).page("/?country=XXX") and "Nothing here matches" in Curator(app).page(
        "/?country=XXX"
    )


@given(st.lists(st.tuples(st.integers(0, 4), st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple))))
def test_tags_count_what_they_choose_as_they_come_and_go(puts: list[tuple[int, tuple[str, ...]]]) -> None:
    tags, names = TagIndex(5, default="none"), dict[int, tuple[str, ...]]()
    for row, given_ in puts:
        tags.set_names(row, given_)
        names[row] = given_
    counts = dict(tags.counts(tags.rows_with("a") | ~tags.rows_with("a")))
    for name in "abc":
        assert counts.get(name, 0) == tags.rows_with(name).sum() == sum(name in one for one in names.values())
    assert counts.get("none", 0) == tags.rows_with("none").sum() == 5 - sum(bool(one) for one in names.values())


def test_lists_are_read_while_decisions_come_in(two: Path) -> None:
    queue = Store(two).view().table
    ids = queue.frame["record_id"].tolist()
    stop, wrong = threading.Event(), list[Exception]()

    def read() -> None:
        while not stop.is_set():
            try:
                queue.facets(
                    Filters.of({"curator": "Ada", "assigned": "Bea", "verdict": "accepted", "q": str(len(wrong))})
                )
            except Exception as error:  # any of them would be a page that fails
                wrong.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    for number in range(1_500):
        said = ReviewStatus(False, (f"word {number % 40}",), (f"curator {number}",), number, (f"curator {number % 7}",))
        queue.update(ids[number % len(ids)], said)
    stop.set()
    for one in readers:
        one.join()
    assert wrong == []
