"""Records that the release lacks: suggestions taken in, records added, orphans; edited, decided by two, sent twice."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from ledger.decisions import DecisionLog, standing
from review.store import Store
from schemas import CooperationRecord, Decision, PossibleRecord
from tests.review.curator import Curator, app_of, fields
from tests.review.test_deciding import ADDED, QUOTED
from tests.support.editions import (
    FIRST,
    ROADS,
    SECOND,
    THIRD,
    first_edition,
    released,
    second_edition,
    with_possible,
)

WATER_PAGE, ROADS_PAGE = "/document?id=news/water.txt", "/document?id=news/roads.txt"
TOLD = 'data-item="{}"'


def log(output: Path) -> list[Decision]:
    return DecisionLog(output / "decisions.jsonl").read()


def published(output: Path, record_id: str) -> CooperationRecord:
    found = Store(output).view().release.record(record_id)
    assert found is not None
    return found


def told(page: str, record_id: str) -> str:
    """What the list of a document's records tells of one."""
    return page.partition(TOLD.format(record_id))[2].partition("</li>")[0]


def added_form(**changed: str) -> dict[str, Any]:
    """The form of a record that the machine missed."""
    given: dict[str, Any] = {"document": "news/roads.txt", "release": "20261120T060000Z"}
    for name, words in QUOTED.items():
        place = ROADS.index(words)
        given |= {f"{name}.start": place, f"{name}.end": place + len(words)}
    return given | ADDED | changed


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    """A ledger in which Togo's part is only suggested."""
    released(tmp_path / "offered", with_possible(), FIRST)
    return tmp_path / "offered"


def suggestion(ledger: Path) -> str:
    (one,) = Store(ledger).view().release.possible_records("news/water.txt")
    return one.record_id


def suggestion_form(curator: Curator, record_id: str) -> dict[str, str]:
    page = curator.page(f"{WATER_PAGE}&record={record_id}")
    return fields(page[page.index('id="decide"') :])


@pytest.mark.parametrize("again", [False, True])
def test_an_edit_of_a_suggestion_taken_in_is_shown_kept_and_published(offered: Path, again: bool) -> None:
    ada, togo = Curator(app_of(offered)), suggestion(offered)
    ada.post("/possible", **suggestion_form(ada, togo), verdict="accept")
    assert ada.edit(togo, "kind", **{"kind.value": "grant"}).status_code == 303
    assert "grant" in told(ada.page(WATER_PAGE), togo)
    assert 'value="grant" selected' in ada.page(f"/editor?record={togo}&field=kind")
    if again:
        ada.edit(togo, "kind", **{"kind.value": "loan"})
    assert ada.decide(togo, "accept").status_code == 303
    kind = "loan" if again else "grant"
    pin = standing(log(offered))[togo].pins["kind"]
    assert (pin.seen, pin.given) == ("training", kind)
    assert [one.fields[0].seen for one in log(offered) if one.fields] == ["training", "grant"][: 1 + again]
    released(offered, with_possible(), SECOND)
    record = published(offered, togo)
    assert (record.kind, record.review.state, record.review.original) == (kind, "edited", {"kind": "training"})


def test_an_edit_of_an_added_record_is_shown_and_kept(ada: Curator, output: Path) -> None:
    ada.post("/add", **added_form())
    trust = log(output)[0].record_id
    assert ada.edit(trust, "kind", **{"kind.value": "grant"}).status_code == 303
    sentence = QUOTED["evidence"].removesuffix(" since 2014.")
    start = ROADS.index(sentence)
    place = {"evidence.start": start, "evidence.end": start + len(sentence)}
    assert ada.edit(trust, "evidence", **place).status_code == 303
    assert "grant" in told(ada.page(ROADS_PAGE), trust)
    assert f'id="evidence" class="ev"><span data-start="{start}"' in ada.page(f"/record/{trust}")
    ada.decide(trust, "accept")
    released(output, second_edition(), SECOND)
    assert (published(output, trust).kind, published(output, trust).evidence.text) == ("grant", sentence)


def test_an_added_record_that_was_rejected_says_so(ada: Curator, output: Path) -> None:
    ada.post("/add", **added_form())
    trust = log(output)[0].record_id
    assert "· added" in told(ada.page(ROADS_PAGE), trust)
    ada.decide(trust, "reject")
    assert "· rejected" in told(ada.page(ROADS_PAGE), trust)


@pytest.mark.parametrize("late", [False, True])
def test_an_edited_orphan_is_kept_as_it_was_edited(ada: Curator, output: Path, late: bool) -> None:
    togo = Store(output).view().release.records_of("news/water.txt")[-1].record_id
    if late:
        ada.decide(togo, "accept")
    else:
        ada.edit(togo, "kind", **{"kind.value": "grant"})
    released(output, second_edition(), SECOND)
    if late:  # from an editor that was open before
        ada.edit(togo, "kind", **{"kind.value": "grant"})
    page = ada.page(f"/record/{togo}")
    assert "Orphan." in page and "The machine says training" in page
    assert ada.decide(togo, "accept").status_code == 303
    assert "The machine says" not in ada.page(f"/record/{togo}")
    released(output, second_edition(), THIRD)
    assert published(output, togo).kind == "grant"


def test_an_edited_orphan_of_a_document_that_left_is_shown_as_edited(ada: Curator, output: Path) -> None:
    togo = Store(output).view().release.records_of("news/water.txt")[-1].record_id
    ada.edit(togo, "kind", **{"kind.value": "grant"})
    released(output, [one for one in first_edition() if one.document.id != "news/water.txt"], SECOND)
    assert "The machine says training" in ada.page(f"/record/{togo}")
    ada.decide(togo, "reject")
    assert log(output)[-1].record.kind == "grant"


@pytest.mark.parametrize("second", ["accept", "reject"])
@pytest.mark.parametrize("first", ["accept", "reject"])
def test_two_who_decide_about_a_suggestion_see_each_other(offered: Path, first: str, second: str) -> None:
    app, togo = app_of(offered), suggestion(offered)
    ada, bea = Curator(app), Curator(app, "Bea")
    form = suggestion_form(bea, togo)
    ada.post("/possible", **form | {"csrf": ada.csrf}, verdict=first)
    answer = bea.post("/possible", **form, verdict=second)
    assert answer.status_code == 409 and "Two at once" in answer.text and "<b>Ada</b>" in answer.text
    assert [one.reviewer for one in log(offered)] == ["Ada"]
    anyway = fields(answer.text[answer.text.index('action="/possible"') :])
    assert anyway["verdict"] == second and bea.post("/possible", **anyway).status_code == 303
    assert [(one.reviewer, one.verdict) for one in log(offered)] == [("Ada", first), ("Bea", second)]


def test_a_suggestion_taken_in_and_given_back_meanwhile_is_a_clash_and_its_page_is_whole(offered: Path) -> None:
    app, togo = app_of(offered), suggestion(offered)
    ada, bea = Curator(app), Curator(app, "Bea")
    form = suggestion_form(bea, togo)
    ada.post("/possible", **form | {"csrf": ada.csrf}, verdict="accept")
    ada.post("/undo", decision=log(offered)[0].id, list="")
    answer = bea.post("/possible", **form, verdict="accept")
    assert answer.status_code == 409 and "Togo" in answer.text and "took back" in answer.text
    assert bea.post("/possible", **suggestion_form(bea, togo), verdict="accept").status_code == 303


@pytest.mark.parametrize(("first", "second"), [("reject", "accept"), ("accept", "reject"), ("accept", "accept")])
def test_two_who_decide_about_an_orphan_see_each_other(output: Path, first: str, second: str) -> None:
    app = app_of(output)
    ada, bea = Curator(app), Curator(app, "Bea")
    togo = Store(output).view().release.records_of("news/water.txt")[-1].record_id
    ada.decide(togo, "accept")
    released(output, second_edition(), SECOND)
    form = bea.form(togo)
    assert ada.decide(togo, first).status_code == 303
    answer = bea.post("/decide", **form, verdict=second)
    assert answer.status_code == 409 and "Two at once" in answer.text
    assert [one.reviewer for one in log(output)] == ["Ada", "Ada"]
    assert bea.post("/decide", **form, verdict=second, anyway="yes").status_code == 303
    assert (log(output)[-1].reviewer, log(output)[-1].verdict) == ("Bea", second)


def test_an_orphan_kept_twice_by_a_double_click_is_kept_once(ada: Curator, output: Path) -> None:
    togo = Store(output).view().release.records_of("news/water.txt")[-1].record_id
    ada.decide(togo, "accept")
    released(output, second_edition(), SECOND)
    form = ada.form(togo)
    assert [ada.post("/decide", **form, verdict="accept").status_code for _ in range(2)] == [303, 303]
    assert len(log(output)) == 2


def test_a_record_sent_twice_is_added_once(ada: Curator, output: Path) -> None:
    answers = [ada.post("/add", **added_form()) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"] and len(log(output)) == 1
    assert ada.post("/add", **added_form(**{"kind.value": "grant"})).status_code == 303
    assert len({one.record_id for one in log(output)}) == 2  # another act in the same sentence


def test_a_record_that_another_added_is_a_clash(output: Path) -> None:
    app = app_of(output)
    Curator(app).post("/add", **added_form(note="from the map"))
    bea = Curator(app, "Bea")
    answer = bea.post("/add", **added_form())
    assert answer.status_code == 409 and "from the map" in answer.text and len(log(output)) == 1
    anyway = fields(answer.text[answer.text.index('action="/add"') :])
    assert bea.post("/add", **anyway).status_code == 303
    assert len({one.record_id for one in log(output)}) == 2


@pytest.mark.parametrize("undone", [False, True])
def test_a_record_is_added_again_after_it_was_given_up(ada: Curator, output: Path, undone: bool) -> None:
    ada.post("/add", **added_form())
    first = log(output)[0]
    if undone:
        ada.post("/undo", decision=first.id, list="")
    else:
        ada.decide(first.record_id, "reject")
    assert ada.post("/add", **added_form()).status_code == 303
    assert log(output)[-1].added is not None and (log(output)[-1].record_id == first.record_id) == undone


def test_ids_of_documents_may_begin_with_a_blank(tmp_path: Path) -> None:
    (roads,) = (one for one in first_edition() if one.document.id == "news/roads.txt")
    (last,) = roads.records
    ledger, name = tmp_path / "ledger", " roads.txt"
    document = roads.document.model_copy(update={"id": name})
    released(ledger, [roads.model_copy(update={"document": document, "records": (), "unclaimed": (), "possible": (
        _possible(last, name),
    )})], FIRST)  # fmt: skip
    ada = Curator(app_of(ledger))
    (offered,) = Store(ledger).view().release.possible_records(name)
    page = ada.page(f"/document?id={quote(name)}&record={offered.record_id}")
    form = fields(page[page.index('id="decide"') :])
    assert ada.post("/possible", **form, verdict="accept").status_code == 303
    assert ada.post("/add", **added_form(document=name)).status_code == 303
    assert [one.document_id for one in log(ledger)] == [name, name]


def _possible(record: CooperationRecord, document_id: str) -> PossibleRecord:
    given = {name: getattr(record, name) for name in PossibleRecord.model_fields}
    return PossibleRecord(**given | {"document_id": document_id})
