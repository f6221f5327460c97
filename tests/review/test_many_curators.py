"""What the desk keeps: parts of records, two opinions, suggestions, and a run that was refused."""

import csv
import json
from pathlib import Path

import pytest

from ledger.decisions import DecisionLog
from review.filters import Filters
from review.store import Store
from schemas import record_of
from tests.review.curator import Curator, app_of, fields
from tests.support.editions import FIRST, SECOND, extraction, first_edition, in_order, released, with_possible


def records(output: Path, document: str) -> list[str]:
    return [one.record_id for one in Store(output).view().release.records_of(document)]


def test_an_edit_settles_its_field_and_the_record_waits_for_the_rest(ada: Curator, output: Path) -> None:
    loan = records(output, "news/water.txt")[0]
    ada.edit(loan, "kind", **{"kind.value": "grant"})
    assert Store(output).view().table.states(Filters())["open"] == 11
    page = ada.page(f"/record/{loan}")
    assert "The rest is right" in page
    rows = {row.split("</th>")[0]: row for row in ada.page("/effect").split('<th scope="row">')[1:]}
    assert rows["kind"].startswith('kind</th><td class="n">1<') and rows["actor"].startswith(
        'actor</th><td class="n">0<'
    )
    assert rows["record"].startswith('record</th><td class="n">0<')
    ada.decide(loan, "accept")
    assert Store(output).view().table.states(Filters())["open"] == 10
    released(output, first_edition(), SECOND)
    queue = Store(output).view().table
    assert loan not in {row["record_id"] for row in queue.rows(queue.places(Filters()))}


def test_two_who_differ_are_shown_to_each_other_until_a_third_decides(output: Path) -> None:
    app = app_of(output)
    (road,) = records(output, "news/roads.txt")
    Curator(app).decide(road, "accept")
    bea = Curator(app, "Bea")
    bea.decide(road, "reject")
    page = bea.page(f"/record/{road}")
    assert "Two differ." in page and "Ada accepted it; Bea rejected it" in page
    bea.edit(road, "kind", **{"kind.value": "loan"})
    bea.decide(road, "accept")
    assert "Ada accepted it; Bea edited it" in bea.page(f"/record/{road}")
    assert Store(output).view().table.states(Filters())["open"] == 11
    assert "How often two curators agree" in bea.page("/effect")
    Curator(app, "Cy").decide(road, "accept")
    assert (
        "Two differ." not in bea.page(f"/record/{road}") and Store(output).view().table.states(Filters())["open"] == 10
    )


def test_a_rejection_has_a_reason(ada: Curator, output: Path) -> None:
    one, two, _ = records(output, "news/water.txt")
    assert ada.decide(one, "reject", reason="duplicate", duplicate_of=two).status_code == 303
    assert ada.decide(two, "reject", reason="because").status_code == 400
    (decision,) = DecisionLog(output / "decisions.jsonl").read()
    assert (decision.reason, decision.duplicate_of) == ("duplicate", two)
    ada.decide(two, "reject", duplicate_of=one)  # the other record was named, the reason goes without saying
    assert DecisionLog(output / "decisions.jsonl").read()[-1].reason == "duplicate"
    assert "told by another record" in ada.page("/decisions")


def test_the_sentence_can_be_edited_and_the_next_release_has_it(ada: Curator, output: Path) -> None:
    loan = Store(output).view().release.records_of("news/water.txt")[0]
    start, end = loan.evidence.start, loan.evidence.end - len(" in Takoradi.")
    answer = ada.edit(loan.record_id, "evidence", **{"evidence.start": start, "evidence.end": end})
    assert answer.status_code == 303, answer.text
    released(output, first_edition(), SECOND)
    record = Store(output).view().release.record(loan.record_id)
    assert record is not None and record.evidence.text == loan.evidence.text.removesuffix(" in Takoradi.")
    assert record.review.original is not None and record.review.original["evidence"]["text"] == loan.evidence.text


WRONG = [
    ("1,5", "1.5 or 15"),
    ("nan", "no number"),
    ("1e999", "no number"),
    ("9" * 400, "more than there is"),
    ("-3", "no"),
]


@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_a_wrong_number_keeps_all_that_was_typed(ada: Curator, output: Path, typed: str, said: str) -> None:
    loan = records(output, "news/water.txt")[0]
    given = {"start": "0", "end": "5", "value": typed, "unit": "XYZ", "kind": "count", "bound": "about", "low": "7"}
    answer = ada.edit(loan, "amount", note="mine", **{f"amount.{name}": value for name, value in given.items()})
    assert answer.status_code == 422 and said in answer.text
    for kept in (f'value="{typed}"', 'value="XYZ"', 'value="7"', 'value="mine"', '<option value="about" selected>'):
        assert kept in answer.text, kept
    assert "200,000,000" not in answer.text.split('id="editor"')[1]
    assert not (output / "decisions.jsonl").exists()


@pytest.mark.parametrize(("typed", "value"), [("1,500", 1500), ("1.5m", 1.5e6), ("2 billion", 2e9), ("12 000", 12000)])
def test_numbers_as_people_write_them(ada: Curator, output: Path, typed: str, value: float) -> None:
    loan = records(output, "news/water.txt")[0]
    given = {"start": "0", "end": "5", "value": typed, "unit": "CNY", "kind": "money", "bound": "exact"}
    assert ada.edit(loan, "amount", **{f"amount.{name}": one for name, one in given.items()}).status_code == 303
    assert DecisionLog(output / "decisions.jsonl").read()[0].fields[0].given["value"] == value


@pytest.mark.parametrize(("verdict", "left"), [("accept", 3), ("reject", 2)])
def test_suggestions_are_taken_in_or_dismissed_for_good(tmp_path: Path, verdict: str, left: int) -> None:
    given = with_possible()
    (last,) = next(one.possible for one in given if one.possible)
    output = tmp_path / "output"
    released(output, given, FIRST)
    ada = Curator(app_of(output))
    page = ada.page("/document?id=news/water.txt")
    assert "Suggestions" in page and "u-maybe" in page
    form = {"document": "news/water.txt", "record": record_of(last).record_id, "release": "20261120T060000Z"}
    assert [ada.post("/possible", **form, verdict=verdict).status_code for _ in range(2)] == [303, 303]
    assert len(DecisionLog(output / "decisions.jsonl").read()) == 1
    assert "Suggestions" not in ada.page("/document?id=news/water.txt")
    released(output, given, SECOND)
    assert len(records(output, "news/water.txt")) == left and "Suggestions" not in ada.page(
        "/document?id=news/water.txt"
    )


def test_a_refused_run_is_told_with_its_reason(ada: Curator, output: Path) -> None:
    assert "published nothing" not in ada.page("/")
    gate = {"name": "filled", "passed": False, "accepted": False, "detail": "amount: 90%, now 70%"}
    (output / "gate-report.json").write_text(json.dumps({"gates": [gate]}))
    page = ada.page("/")
    assert "The last run published nothing" in page and "filled: amount: 90%, now 70%" in page


def test_a_damaged_log_is_told_on_every_page_and_nothing_is_saved(ada: Curator, output: Path) -> None:
    one, two, three = records(output, "news/water.txt")
    ada.decide(one, "accept")
    with (output / "decisions.jsonl").open("a") as file:
        file.write("{}\n")
    assert "The log is damaged" in ada.page("/") and "line 2" in ada.page(f"/record/{one}")
    assert "accepted by Ada" in ada.page(f"/record/{one}")
    answer = ada.decide(two, "accept")
    assert answer.status_code == 503 and "Nothing was saved" in answer.text and "Saved:" not in answer.text
    came = {"origin": ada.site, "referer": f"{ada.site}/record/{two}?kind=loan"}
    answer = ada.send("POST", "/decide", data={**ada.form(two), "verdict": "accept"}, headers=came)
    assert "The log is damaged" in answer.text
    assert f'href="/record/{two}?kind=loan" data-list autofocus>Back</a>' in answer.text


def test_decisions_are_searched_narrowed_and_downloaded(output: Path) -> None:
    app = app_of(output)
    ada, bea = Curator(app), Curator(app, "Bea")
    one, two, three = records(output, "news/water.txt")
    ada.decide(one, "accept", note='=HYPERLINK("x") checked with the bank')
    bea.decide(two, "reject", reason="no_act")
    bea.edit(three, "kind", **{"kind.value": "grant"})
    assert "3 decisions" in ada.page("/decisions") and "1 of 3 decisions" in ada.page("/decisions?q=HYPER+bank")
    assert "2 of 3 decisions" in ada.page("/decisions?by=Bea") and "2 of 3" in ada.page(
        "/decisions?sort=edit&sort=accept"
    )
    assert "No decision matches" in ada.page("/decisions?q=nowhere")
    answer = ada.get("/decisions.jsonl?by=Bea")
    assert [json.loads(line)["record_id"] for line in answer.text.splitlines()] == [two, three]
    assert "attachment" in answer.headers["content-disposition"]
    assert ada.get("/decisions.jsonl").content == (output / "decisions.jsonl").read_bytes()
    rows = list(csv.DictReader(ada.get("/decisions.csv").text.splitlines()))
    assert [row["decision"] for row in rows] == ["accepted", "rejected (no act)", "edited kind"]
    assert rows[0]["note"].startswith("'=HYPERLINK") and rows[2]["changes"] == "kind: training → grant"


def test_names_are_completed(ada: Curator) -> None:
    assert ada.get("/names?q=harb").json() == ["Harbour Development Bank"]
    assert ada.get("/names?q=").json() == []


def test_a_document_is_decided_about_as_a_whole(ada: Curator, output: Path) -> None:
    loan, ghana, togo = records(output, "news/water.txt")
    address = f"/document?id=news/water.txt&record={loan}&list=?country=GHA"
    page = ada.page(address)
    assert f'data-records="{ghana} {togo}"' in page and 'class="f-amount' in page
    form = fields(page[page.index('id="decide"') :])
    answer = ada.post("/decide", **form, verdict="accept")
    assert answer.headers["location"] == f"/document?id=news%2Fwater.txt&record={ghana}&list=%3Fcountry%3DGHA"
    ada.post("/decide", **{**form, "record": ghana, "seen": "", "verdict": "reject", "reason": "no_act"})
    answer = ada.post("/decide", **{**form, "record": togo, "seen": "", "verdict": "accept"})
    assert f"record={togo}" in answer.headers["location"]  # nothing is left to decide
    done = ada.page(answer.headers["location"])
    assert done.count("· accepted") == 2 and "· rejected" in done
    undone = ada.post(
        "/undo", decision=DecisionLog(output / "decisions.jsonl").read()[-1].id, place="document", list=""
    )
    assert undone.headers["location"] == f"/document?id=news%2Fwater.txt&record={togo}"


def test_what_selected_words_are_is_recognised(ada: Curator, output: Path) -> None:
    document = Store(output).view().release.document("news/roads.txt")
    text = document.text if document and document.text else ""
    for words, field in {
        "Tulip Trust": "actor",
        "since 2014": "year",
        text[text.index("The Tulip") :]: "evidence",
    }.items():
        start = text.index(words)
        page = ada.page(f"/add/here?document=news/roads.txt&start={start}&end={start + len(words)}")
        armed = page.split(f'data-armed="{field}"')[1].split("</fieldset>")[0]
        assert f"“{words.strip()}”" in armed, field
        assert "The Tulip Trust has run" in page.split('data-armed="evidence"')[1].split("</fieldset>")[0]
    assert ada.get("/add/here?document=news/roads.txt&start=5&end=999999").status_code == 400


def test_a_list_of_mentions_says_when_it_is_cut(tmp_path: Path) -> None:
    text = "".join(f"It cost ${n} million. " for n in range(300, 520))
    cut = extraction("long.txt", text, [], {f"${n} million": "other_act" for n in range(300, 520)})
    released(tmp_path / "output", in_order([*first_edition(), cut]), FIRST)
    page = Curator(app_of(tmp_path / "output")).page("/document?id=long.txt")
    assert "The first 200 of 220 are shown" in page and page.count('class="f-left"') == 220
