"""Names that look like one body are found, and merged in one decision over many records."""

from pathlib import Path

import pytest

from ledger.decisions import DecisionLog
from review.pages.names import NameVariant, clusters, key_of, name_variants, variants_with
from review.store import Store
from schemas import Extraction
from tests.review.curator import Curator, app_of
from tests.support.editions import FIRST, SECOND, extraction, in_order, party, record, released


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Export-Import Bank of China", "The Export Import Bank of China"),
        ("Société Générale", "SOCIETE GENERALE S.A."),
        ("Huawei Technologies Co., Ltd.", "Huawei Technologies"),
        ("Bank of Africa", "Africa Bank"),
    ],
)
def test_names_of_one_body_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def variant(name: str, country: str = "CHN", count: int = 1) -> NameVariant:
    return NameVariant(name, "organisation", country, tuple((f"rec-{name}-{n}", "actor") for n in range(count)))


@pytest.mark.parametrize(
    ("names", "together"),
    [
        (["Sinohydro Corporation", "Sinohydro"], True),
        (["Sinohydro", "Sinohidro"], True),
        (["China Development Bank", "China Developement Bank"], True),
        (["Bank of China", "Bank of Chile"], False),
        (["Power Plant 1 Company", "Power Plant 2 Company"], False),
        (["University of Nairobi", "University of Naples"], False),
        (["The", "Of"], False),
    ],
)
def test_names_near_each_other_are_shown_together(names: list[str], together: bool) -> None:
    found = clusters([variant(name) for name in names])
    assert [len(one.variants) for one in found] == ([2] if together else [])


def test_names_of_several_countries_stay_apart_and_the_unknown_goes_with_the_most_frequent() -> None:
    known = [variant("Ministry of Finance", "KEN", 3), variant("Ministry of Finance", "GHA", 2),
             variant("Finance Ministry", "", 1), variant("Finance Ministry", "GHA", 1)]  # fmt: skip
    found = clusters(known)
    assert [[(one.name, one.country) for one in each.variants] for each in found] == [
        [("Ministry of Finance", "KEN"), ("Finance Ministry", "")],
        [("Ministry of Finance", "GHA"), ("Finance Ministry", "GHA")],
    ]


def notes() -> list[Extraction]:
    made = []
    for number, bank in enumerate(["Nile-Congo Bank", "Nile Congo Bank", "The Nile Congo Bank", "Nile Congo Bank"]):
        text, name = f"The {bank} lent Fiji a ship.", f"notes/{number}.txt"
        one = record(
            name, text, 1, text, kind="loan", actor=party(text, bank, "organisation", "COD" if number else None),
            partner=party(text, "Fiji", "country", "FJI"), amount=None, sector=("210", "a ship"),
        )  # fmt: skip
        made.append(extraction(name, text, [one], {}))
    return in_order(made)


def others() -> list[Extraction]:
    """A note in which the bank goes by yet another name."""
    text, name = "The Niles Congo Bank lent Fiji a ship.", "notes/9.txt"
    body = party(text, "Niles Congo Bank", "organisation", "COD")
    fresh = record(
        name, text, 1, text, kind="loan", actor=body, partner=party(text, "Fiji", "country", "FJI"), amount=None,
        sector=("210", "a ship"),
    )  # fmt: skip
    return [extraction(name, text, [fresh], {})]


def test_many_records_get_one_name_by_one_decision_that_is_taken_back_as_one(tmp_path: Path) -> None:
    output = tmp_path / "output"
    released(output, notes(), FIRST)
    ada = Curator(app_of(output))
    page = ada.page("/bodies")
    assert "1 group of names" in page and "The Nile Congo Bank" in page and "party=Fiji" not in page
    ticked = [one.split('"')[0] for one in page.split('name="variant" value="')[1:]]
    assert len(ticked) == 3
    given = {"name": "Nile Congo Bank", "type": "organisation", "country": "DR Congo", "release": "20261120T060000Z"}
    wrong = ada.post("/bodies", variant=ticked, **given)
    assert wrong.status_code == 422 and "country" in wrong.text
    answer = ada.post("/bodies", variant=ticked, **{**given, "country": "cod"})
    assert answer.status_code == 303
    log = DecisionLog(output / "decisions.jsonl").read()
    assert len(log) == 2 and len({one.batch for one in log}) == 1  # the two that were named so stay as they are
    assert {one.fields[0].given["name"] for one in log} == {"Nile Congo Bank"}
    assert {one.fields[0].given["span"]["text"] for one in log} == {"Nile-Congo Bank", "The Nile Congo Bank"}
    assert "0 groups" in ada.page("/bodies") and "2 edited" in ada.page(answer.headers["location"])
    released(output, notes(), SECOND)
    assert set(Store(output).view().release.frame["actor"]) == {"Nile Congo Bank"}
    assert ada.post("/batch/undo", batch=log[0].batch).status_code == 303
    assert len(variants_with(name_variants(Store(output).view()), "nile")) == 1  # as published, until the next run


def test_names_can_be_left_apart_and_searched_for(tmp_path: Path) -> None:
    released(tmp_path / "output", notes(), FIRST)
    ada = Curator(app_of(tmp_path / "output"))
    cluster = ada.page("/bodies").split('name="cluster" value="')[1].split('"')[0]
    assert ada.post("/bodies/apart", cluster=cluster).status_code == 303
    assert "0 groups" in ada.page("/bodies")
    page = ada.page("/bodies?q=nile")
    assert page.count('name="variant"') == 3 and "checked" not in page
    bea = Curator(app_of(tmp_path / "output"), "Bea")  # the page was started anew, and she has never been asked
    assert "0 groups" in bea.page("/bodies") and "Left apart" in bea.page("/bodies")
    released(tmp_path / "output", [*notes(), *others()], SECOND)
    assert "1 group of" in bea.page("/bodies")  # another name looks like them
    assert bea.post("/bodies/apart", cluster=cluster, again="yes").status_code == 303
    assert "Left apart" not in bea.page("/bodies")
    assert "No party has such a name" in ada.page("/bodies?q=nobody")


def test_only_names_that_there_are_can_be_left_apart(tmp_path: Path) -> None:
    released(tmp_path / "output", notes(), FIRST)
    ada = Curator(app_of(tmp_path / "output"))
    for cluster in ("COD|Nile Congo Bank\n|Nobody", "x" * 200_000):
        assert ada.post("/bodies/apart", cluster=cluster).status_code == 400
    assert not (tmp_path / "output" / "apart.json").exists()
