"""Documents are drawn for curators; a share is coded by two who do not see each other's decisions."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.decisions import DecisionLog
from review.filters import Filters
from review.store import Store
from review.view import Assignments, read_assignments
from tests.review.curator import Curator, app_of

NAMES = st.lists(st.sampled_from(["Ada", "Bea", "Cy", "Dot", "Eve"]), min_size=2, unique=True)


@given(NAMES, st.text(max_size=8))
def test_who_joins_or_leaves_moves_only_their_own_part(names: list[str], document: str) -> None:
    (before,) = Assignments(curators=tuple(names)).coders("rec", document)
    (after,) = Assignments(curators=(*names, "Fay")).coders("rec", document)
    assert after in (before, "Fay")
    two = Assignments(curators=tuple(names), double=1).coders("rec", document)
    assert two[0] == before and len(set(two)) == 2


def test_the_lot_is_even_and_twice_as_often_as_asked() -> None:
    shares = Assignments(curators=("Ada", "Bea", "Cy"), double=0.2)
    held = [shares.coders("rec", f"notes/{number}.txt") for number in range(3_000)]
    assert all(900 < count < 1_100 for count in Counter(one[0] for one in held).values())
    assert 500 < sum(len(one) == 2 for one in held) < 700


def shared(output: Path, double: int) -> tuple[Curator, Curator]:
    app = app_of(output)
    ada, bea = Curator(app), Curator(app, "Bea")
    assert ada.post("/shares", curators="Ada\r\nBea", double=str(double)).status_code == 303
    return ada, bea


def left(output: Path, name: str) -> set[str]:
    queue = Store(output).view().table
    return {row["record_id"] for row in queue.rows(queue.places(Filters.of({"assigned": name})))}


def test_two_curators_begin_with_different_records(output: Path) -> None:
    ada, bea = shared(output, 0)
    mine, hers = left(output, "Ada"), left(output, "Bea")
    assert mine and hers and not mine & hers and len(mine | hers) == 11
    one = sorted(mine)[0]
    assert f"{len(mine)} for you" in ada.page("/")
    ada.decide(one, "accept")
    assert left(output, "Ada") == mine - {one} and f"Bea: {len(hers)} to review" in bea.page("/progress")
    bea.decide(sorted(mine)[1], "accept")  # whoever decides stands in
    assert len(left(output, "Ada")) == len(mine) - 2


def test_what_two_code_is_open_until_both_did_and_neither_sees_the_other_s(output: Path) -> None:
    ada, bea = shared(output, 100)
    loan = Store(output).view().release.records_of("news/water.txt")[0].record_id
    form = bea.form(loan)
    ada.edit(loan, "kind", **{"kind.value": "grant"})
    ada.decide(loan, "accept", note="a secret")
    assert loan not in left(output, "Ada") and loan in left(output, "Bea")
    assert Store(output).view().table.states(Filters())["open"] == 11
    page = bea.page(f"/record/{loan}").split("<main")[1].split("<dialog")[0]
    assert not any(word in page for word in ("a secret", "edited", "Ada"))
    assert "Ada" not in bea.page(f"/news?count=0&record={loan}&seen=")
    assert bea.post("/decide", **form, verdict="accept").status_code == 303  # no clash with what she may not see
    assert "a secret" in bea.page(f"/record/{loan}") and "Two differ." in bea.page(f"/record/{loan}")
    page = bea.page("/effect")
    assert "How often two curators agree" in page
    rows = {row.split("</th>")[0]: row for row in page.split('<th scope="row">')[1:]}
    assert "kind" in rows and loan not in left(output, "Bea")
    Curator(app_of(output), "Cy").decide(loan, "accept")
    assert Store(output).view().table.states(Filters())["open"] == 10
    assert [one.reviewer for one in DecisionLog(output / "decisions.jsonl").read()] == ["Ada", "Ada", "Bea", "Cy"]


def test_the_log_is_read_blindly_too(output: Path) -> None:
    ada, bea = shared(output, 100)
    loan, ghana, _ = (one.record_id for one in Store(output).view().release.records_of("news/water.txt"))
    ada.decide(loan, "reject", note="a secret")
    ada.decide(ghana, "accept", note="another")
    ticked = f"{ghana} {Store(output).view().last_decision_id(ghana)}"
    batch = ada.post("/bulk", **{**ada.form(loan), "record": ticked, "verdict": "accept"})
    there = batch.headers["location"]
    pages = ("/decisions", "/decisions?q=secret", "/decisions.csv", "/decisions.jsonl")
    for page in pages:
        assert "a secret" not in bea.page(page).split("<main")[-1].replace('value="secret"', "")
        assert "a secret" in ada.page(page) and "a secret" in Curator(app_of(output), "Cy").page(page)
    assert bea.get(there).status_code == 404 and ada.get(there).status_code == 200
    assert "by=Ada" not in bea.page("/decisions")
    bea.decide(loan, "accept")
    for page in pages:
        assert "a secret" in bea.page(page) and "another" not in bea.page(page)


def test_records_are_assigned_by_hand(output: Path) -> None:
    ada, bea = shared(output, 0)
    hers = sorted(left(output, "Bea"))
    form = ada.form(hers[0])
    ticked = [f"{one} " for one in hers[:2]]
    assert ada.post("/assign", **{**form, "record": ticked, "assignee": "Ada"}).status_code == 303
    assert left(output, "Bea") == set(hers[2:]) and set(hers[:2]) <= left(output, "Ada")
    assert "2 records assigned by hand" in bea.page("/progress")
    ada.post("/shares", curators="Bea\r\nCy", double="0")  # what was given by hand stays
    assert left(output, "Ada") == set(hers[:2])
    ada.decide(hers[0], "accept")
    assert left(output, "Ada") == {hers[1]}
    ada.post("/assign", **{**form, "record": f"{hers[1]} ", "assignee": "Cy, Dot", "list": "?q=road"})
    assert hers[1] in left(output, "Cy") & left(output, "Dot")
    ada.post("/assign", **{**form, "record": f"{hers[1]} ", "assignee": ""})
    assert hers[1] not in left(output, "Dot") and len(left(output, "Bea") | left(output, "Cy")) == 10
    assert read_assignments(output).by_hand == {hers[0]: ("Ada",)}


@pytest.mark.parametrize("wrong", [{"record": "rec-none "}, {"record": ""}, {"assignee": "Ada, Bea, Cy"}])
def test_assignments_by_hand_that_cannot_be_are_refused(ada: Curator, output: Path, wrong: dict[str, str]) -> None:
    loan = Store(output).view().release.records_of("news/water.txt")[0].record_id
    given_ = {**ada.form(loan), "record": f"{loan} ", "assignee": "Bea", **wrong}
    assert ada.post("/assign", **given_).status_code == 422
    assert read_assignments(output) == Assignments()


def test_the_same_key_twice_is_one_decision_of_what_two_code(output: Path) -> None:
    ada, _ = shared(output, 100)
    loan = Store(output).view().release.records_of("news/water.txt")[0].record_id
    form = ada.form(loan)
    assert [ada.post("/decide", **form, verdict="accept").status_code for _ in range(2)] == [303, 303]
    assert len(DecisionLog(output / "decisions.jsonl").read()) == 1
    assert not ada.post("/skip", **ada.form(loan)).headers["location"].endswith(loan)
    followed = ada.post("/skip", **ada.form(loan), place="document").headers["location"]
    assert "record=" in followed and loan not in followed


@pytest.mark.parametrize(
    "given_", [{"double": "x"}, {"double": "²"}, {"double": "200"}, {"curators": "Ada", "double": "5"}]
)
def test_shares_that_cannot_be_are_refused(ada: Curator, output: Path, given_: dict[str, Any]) -> None:
    sent = {"curators": "Ada, Bea", "double": "0", **given_}
    answer = ada.post("/shares", **sent)
    assert answer.status_code == 422 and "<details open>" in answer.text and 'id="wrong-draw"' in answer.text
    assert (
        f'value="{sent["double"]}" aria-invalid="true"' in answer.text
        and f">{sent['curators']}</textarea>" in answer.text
    )
    assert read_assignments(output) == Assignments()
