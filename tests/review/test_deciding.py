import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.decisions import DecisionLog
from ledger.release.write import Unchanged
from review import Access, Normaliser
from review.filters import Filters
from review.store import Store
from schemas import Amount, Decision, Derivation, FieldDecision, Span, Stated
from tests.review.curator import Curator, app_of
from tests.support.editions import SECOND, THIRD, first_edition, released, second_edition
from tests.support.releases import LATER, published
from tests.support.synthetic import acts_of, extraction

LOG = "decisions.jsonl"


def log(output: Path) -> list[Decision]:
    return DecisionLog(output / LOG).read()


def records(output: Path, document: str) -> list[Any]:
    return Store(output).view().release.records_of(document)


@pytest.fixture
def loan(output: Path) -> str:
    return str(records(output, "news/water.txt")[0].record_id)


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_a_verdict_is_saved_and_the_next_record_shown(ada: Curator, output: Path, loan: str, verdict: str) -> None:
    answer = ada.decide(loan, verdict, note="looked it up", list="?country=GHA")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/record/") and "?country=GHA" in answer.headers["location"]
    (decision,) = log(output)
    assert (decision.verdict, decision.reviewer, decision.note) == (verdict, "Ada", "looked it up")
    assert decision.record is not None and decision.record.record_id == loan
    assert "Saved: " in ada.page(answer.headers["location"])


def test_the_same_key_twice_is_one_decision(ada: Curator, output: Path, loan: str) -> None:
    form = ada.form(loan)
    answers = [ada.post("/decide", **form, verdict="accept") for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(log(output)) == 1


def test_undo_brings_it_back(ada: Curator, output: Path, loan: str) -> None:
    ada.decide(loan, "reject")
    answer = ada.post("/undo", decision=log(output)[0].id, list="")
    assert answer.headers["location"] == f"/record/{loan}"
    assert [bool(one.undoes) for one in log(output)] == [False, True]
    assert "verdict-reject" not in ada.page(f"/record/{loan}")


def test_a_skipped_record_comes_no_more(ada: Curator, output: Path) -> None:
    first = Store(output).view().table.next("", Filters())
    seen, here = set(), str(first)
    for _ in range(11):
        seen.add(here)
        answer = ada.post("/skip", **ada.form(here)).headers["location"]
        here = answer.removeprefix("/record/")
    assert answer == "/" and len(seen) == 11
    assert not (output / LOG).exists()


@pytest.mark.parametrize(
    ("field", "words", "given", "expected"),
    [
        (
            "actor",
            "the bank",
            {"name": "Harbour Bank", "type": "company", "country": "nld"},
            ("Harbour Bank", "company", "NLD"),
        ),
        ("partner", "Togo", {"name": "Togo", "type": "country", "country": "TGO"}, ("Togo", "country", "TGO")),
        ("year", "A year later", {"years": "2017"}, (2017, 2017)),
        ("year", "March 2016", {"years": "2016–2019"}, (2016, 2019)),
        ("year", "March 2016", {"years": "since 2016"}, (2016, None)),
        ("sector", "training", {"code": "110"}, ("110", ())),
        (
            "sector",
            "a water plant",
            {"code": "140", "fields": ["water", "energy-grid"]},
            ("140", ("energy-grid", "water")),
        ),
    ],
)
def test_an_edit_quotes_the_words_selected(
    ada: Curator, output: Path, loan: str, field: str, words: str, given: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    text = first_text(output)
    place = {f"{field}.start": text.index(words), f"{field}.end": text.index(words) + len(words)}
    answer = ada.edit(loan, field, **place, **{f"{field}.{name}": value for name, value in given.items()})
    assert answer.status_code == 303, answer.text
    value = log(output)[0].fields[0].given
    names = {"actor": "name type country", "partner": "name type country", "year": "start end", "sector": "code fields"}
    found = tuple(tuple(sorted(one)) if isinstance(one := value[name], list) else one for name in names[field].split())
    assert found == expected
    assert value["span"]["text"] == words
    assert "edited" in ada.page(f"/record/{loan}")


def first_text(output: Path) -> str:
    document = Store(output).view().release.document("news/water.txt")
    assert document is not None and document.text is not None
    return document.text


def test_an_amount_by_hand_says_so_and_has_dollars_at_the_machine_s_rate(ada: Curator, output: Path, loan: str) -> None:
    text = first_text(output)
    place = text.index("US$29 million")
    given = {"value": "29,000,000", "unit": "CNY", "kind": "money", "bound": "at_most", "per": "year"}
    answer = ada.edit(
        loan,
        "amount",
        **{"amount.start": place, "amount.end": place + 13},
        **{f"amount.{k}": v for k, v in given.items()},
    )
    assert answer.status_code == 303, answer.text
    value = log(output)[0].fields[0].given
    assert (value["value"], value["unit"], value["bound"], value["per"]) == (29_000_000, "CNY", "at_most", "year")
    assert value["derivation"]["assumed"] == "curator" and value["usd_rate"] == 6.6445
    page = ada.page(f"/record/{loan}")
    assert "at most 29,000,000 CNY a year" in page and "by a curator" in page


def test_a_field_can_be_none_and_the_machine_s_value_is_still_told(ada: Curator, output: Path, loan: str) -> None:
    assert ada.edit(loan, "amount", **{"amount.none": "yes"}).status_code == 303
    assert log(output)[0].fields == (FieldDecision(name="amount", seen=log(output)[0].fields[0].seen, given=None),)
    assert "The machine says 200,000,000 CNY" in ada.page(f"/record/{loan}")


def test_the_same_value_is_an_acceptance_of_that_field(ada: Curator, output: Path, loan: str) -> None:
    assert ada.edit(loan, "kind", **{"kind.value": "loan"}).status_code == 303
    assert (log(output)[0].verdict, log(output)[0].fields[0].name) == ("accept", "kind")


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("kind", {"kind.value": "gift"}, "choose one"),
        ("actor", {"actor.none": "yes"}, "a record needs an actor"),
        (
            "actor",
            {"actor.start": "3", "actor.end": "3", "actor.name": "X", "actor.type": "company"},
            "select the words",
        ),
        (
            "actor",
            {"actor.start": "0", "actor.end": "5", "actor.name": "", "actor.type": "company"},
            "actor: name: it is empty",
        ),
        (
            "actor",
            {"actor.start": "0", "actor.end": "5", "actor.name": "X", "actor.type": "robot"},
            "actor: type: choose one of the list",
        ),
        (
            "actor",
            {"actor.start": "0", "actor.end": "5", "actor.name": "X", "actor.type": "company", "actor.country": "Q"},
            "actor: country: there is none of this name",
        ),
        ("year", {"year.start": "0", "year.end": "5", "year.years": "soon"}, "write 2018"),
        ("year", {"year.start": "0", "year.end": "5", "year.years": "2018–2010"}, "backwards"),
        (
            "amount",
            {
                "amount.start": "0",
                "amount.end": "5",
                "amount.value": "many",
                "amount.kind": "money",
                "amount.unit": "USD",
            },
            "no number",
        ),
        (
            "amount",
            {
                "amount.start": "0",
                "amount.end": "5",
                "amount.value": "nan",
                "amount.kind": "money",
                "amount.unit": "USD",
            },
            "amount:",
        ),
        (
            "amount",
            {"amount.start": "0", "amount.end": "5", "amount.value": "", "amount.kind": "money", "amount.unit": "USD"},
            "amount:",
        ),
        (
            "amount",
            {
                "amount.start": "0",
                "amount.end": "9999999",
                "amount.value": "1",
                "amount.kind": "money",
                "amount.unit": "USD",
            },
            "select",
        ),
        ("sector", {"sector.code": "xyz"}, "sector"),
        ("sector", {"sector.code": "140", "sector.fields": ["cooking"]}, "no such field"),
    ],
)
def test_what_makes_no_value_is_said_and_not_saved(
    ada: Curator, output: Path, loan: str, field: str, given: dict[str, Any], said: str
) -> None:
    answer = ada.edit(loan, field, **given)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert said.casefold() in answer.text.casefold()
    assert not (output / LOG).exists()


def test_two_curators_see_a_clash_and_nothing_is_overwritten(app: Any, output: Path, loan: str) -> None:
    ada, bea = Curator(app), Curator(app, "Bea")
    form = bea.form(loan)
    ada.decide(loan, "accept", note="fine by me")
    answer = bea.post("/decide", **form, verdict="reject")
    assert answer.status_code == 409 and "Two at once" in answer.text and "fine by me" in answer.text
    assert [one.reviewer for one in log(output)] == ["Ada"]
    assert bea.post("/decide", **form, verdict="reject", anyway="yes").status_code == 303
    assert [(one.reviewer, one.verdict) for one in log(output)] == [("Ada", "accept"), ("Bea", "reject")]


def test_the_other_s_decisions_are_news(app: Any, output: Path, loan: str) -> None:
    ada, bea = Curator(app), Curator(app, "Bea")
    assert ada.page("/news?count=0").strip() == ""
    bea.decide(loan, "reject")
    assert "Bea" in ada.page("/news?count=0") and "rejected" in ada.page(f"/news?count=0&record={loan}&seen=")
    assert bea.page("/news?count=0").strip() == ""


def test_without_a_name_nothing_is_decided(app: Any, output: Path, loan: str) -> None:
    nobody = Curator(app, None)
    assert nobody.decide(loan, "accept").status_code == 403
    assert not (output / LOG).exists()


def test_the_default_name_is_the_one_the_page_was_started_with(output: Path, loan: str) -> None:
    Curator(app_of(output, Access(reviewer="Grace")), None).decide(loan, "accept")
    assert log(output)[0].reviewer == "Grace"


def test_a_form_from_before_a_release_is_not_taken(ada: Curator, output: Path, loan: str) -> None:
    form = ada.form(loan)
    released(output, second_edition(), SECOND)
    answer = ada.post("/decide", **form, verdict="accept")
    assert answer.status_code == 409 and "new release" in answer.text
    assert not (output / LOG).exists()


def test_a_full_disk_is_said(ada: Curator, output: Path, loan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = ada.form(loan)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledger.decisions.log.append_bytes", full)
    answer = ada.post("/decide", **form, verdict="accept")
    assert answer.status_code == 503 and "No space left on device" in answer.text


def test_a_missed_record_is_added_and_published(ada: Curator, output: Path) -> None:
    text = next(one.document.text for one in first_edition() if one.document.id == "news/roads.txt")
    page = ada.page("/add?document=news/roads.txt&start=95&end=100&mention=amount")
    assert "Add a record" in page
    place = {name: text.index(words) for name, words in QUOTED.items()}
    given: dict[str, Any] = {"document": "news/roads.txt", "release": "20261120T060000Z"}
    for name, words in QUOTED.items():
        given |= {f"{name}.start": place[name], f"{name}.end": place[name] + len(words)}
    answer = ada.post("/add", **given, **ADDED)
    assert answer.status_code == 303, answer.text
    assert "added by a curator" in ada.page(answer.headers["location"])
    added = log(output)[0].added
    assert added is not None and added.misquotes(text) == []
    released(output, second_edition(), SECOND)
    published = records(output, "news/roads.txt")
    assert [one.actor.name for one in published] == ["Northern Lights Fund", "Tulip Trust"]
    assert published[1].year.end is None and published[1].partner is None


QUOTED = {
    "evidence": "The Tulip Trust has run a seed laboratory in Kathmandu since 2014.",
    "actor": "Tulip Trust",
    "year": "since 2014",
    "sector": "seed laboratory",
}
ADDED = {
    "actor.name": "Tulip Trust",
    "actor.type": "organisation",
    "actor.country": "NLD",
    "year.years": "2014–",
    "sector.code": "310",
    "kind.value": "joint_facility",
    "status.value": "implementing",
    "note": "the trust's own site",
}


@pytest.mark.parametrize("missing", ["evidence", "actor"])
def test_a_record_without_what_it_needs_is_not_added(ada: Curator, output: Path, missing: str) -> None:
    given = {f"{name}.{end}": n for name in QUOTED for n, end in ((3, "start"), (9, "end")) if name != missing}
    answer = ada.post("/add", document="news/roads.txt", release="20261120T060000Z", **given, **ADDED)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert not (output / LOG).exists()


def test_undoing_an_added_record_leads_to_its_document(ada: Curator, output: Path) -> None:
    test_a_missed_record_is_added_and_published(ada, output)
    answer = ada.post("/undo", decision=log(output)[0].id, list="")
    assert answer.status_code == 303
    assert ada.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize("verdict", ["accept", "reject"])
def test_many_are_decided_as_previewed_and_taken_back(ada: Curator, output: Path, verdict: str) -> None:
    page = ada.page("/bulk?q=maple")
    boxes = [one.split('"')[0] for one in page.split('name="record" value="')[1:]]
    assert len(boxes) == 6
    answer = ada.post("/bulk", record=boxes[:5], release="20261120T060000Z", list="?q=maple", note="", verdict=verdict)
    assert answer.status_code == 303
    assert f"5 {verdict}ed" in ada.page(answer.headers["location"])
    assert {one.verdict for one in log(output)} == {verdict} and len(log(output)) == 5
    later = Curator(app_of(output)).page(answer.headers["location"])  # another program, another day
    batch = later.split('name="batch" value="')[1].split('"')[0]
    assert ada.post("/batch/undo", batch=batch).status_code == 303
    assert Store(output).view().table.states(Filters())["open"] == 11


def test_many_leave_out_what_somebody_else_decided(app: Any, output: Path) -> None:
    ada, bea = Curator(app), Curator(app, "Bea")
    boxes = [one.split('"')[0] for one in ada.page("/bulk?q=maple").split('name="record" value="')[1:]]
    bea.decide(boxes[0].strip(), "reject")
    answer = ada.post("/bulk", record=boxes, release="20261120T060000Z", list="", note="", verdict="accept")
    done = ada.page(answer.headers["location"])
    assert "5 accepted" in done and "1 were left out" in done
    assert [one.verdict for one in log(output)] == ["reject"] + ["accept"] * 5


def test_outcomes_of_a_day_after_the_next_run(app: Any, output: Path) -> None:
    ada = Curator(app)
    loan, ghana, togo = (one.record_id for one in records(output, "news/water.txt"))
    text = first_text(output)
    place = text.index("200 million renminbi")
    amount = {
        "amount.start": place,
        "amount.end": place + 20,
        "amount.value": "210000000",
        "amount.unit": "CNY",
        "amount.kind": "money",
    }
    assert ada.edit(loan, "amount", **amount).status_code == 303
    ada.decide(ghana, "accept")
    ada.decide(togo, "accept")
    (road,) = records(output, "news/roads.txt")
    ada.decide(road.record_id, "reject")
    released(output, second_edition(), SECOND)
    effect = ada.page("/effect")
    for outcome in ("conflict", "orphaned", "kept"):
        assert f'why-{outcome}">{outcome}' in effect
    queue = ada.page("/")
    assert queue.index("conflict") < queue.index("orphan")
    page = ada.page(f"/record/{loan}")
    assert all(words in page for words in ("200,000,000 CNY", "210,000,000 CNY", "250,000,000 CNY", "machine, now"))
    assert ada.edit(loan, "amount", machine="now").status_code == 303
    assert "Orphan." in ada.page(f"/record/{togo}") and "Conflict." in ada.page(f"/record/{road.record_id}")
    assert ada.decide(togo, "accept").status_code == 303
    released(output, second_edition(), THIRD)
    final = {one.record_id: one for one in records(output, "news/water.txt")}
    assert final[loan].amount.value == 250e6 and final[togo].extractor.name == "curator"
    assert ada.page("/effect").count("agreed") >= 1


def test_precision_by_verdicts(ada: Curator, output: Path) -> None:
    loan, ghana, togo = (one.record_id for one in records(output, "news/water.txt"))
    ada.edit(loan, "kind", **{"kind.value": "grant"})
    ada.decide(ghana, "accept")
    ada.decide(togo, "reject")
    page = ada.page("/effect")
    rows = {row.split("</th>")[0]: row for row in page.split('<th scope="row">')[1:]}
    assert "<b>50%</b>" in rows["record"] and "<b>50%</b>" in rows["kind"] and "<b>100%</b>" in rows["actor"]


def test_the_log_tells_who_did_what(app: Any, output: Path, loan: str) -> None:
    Curator(app).decide(loan, "accept", note="checked")
    Curator(app, "Bea").edit(loan, "kind", **{"kind.value": "grant"})
    page = Curator(app).page("/decisions")
    assert "2 decisions" in page and "checked" in page and "<del>loan</del> → <ins>grant</ins>" in page
    assert "1 of 2 decisions<" in Curator(app).page("/decisions?by=Bea")
    assert json.loads((output / LOG).read_text().splitlines()[0])["reviewer"] == "Ada"


class Misquotes(Normaliser):
    """Reads a second sum at a wrong place."""

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        span = Span.of(text, start, end)
        stated = Stated(value=1, unit="USD", span=Span(start=0, end=3, text="wat"))
        said = Derivation(surface=span.text, number="1")
        return Amount(kind="money", value=1, unit="EUR", derivation=said, span=span, stated=(stated,))


def test_a_quotation_that_the_text_does_not_hold_is_not_saved(output: Path, loan: str) -> None:
    ada = Curator(app_of(output, normalise=Misquotes()))
    given = {"start": "0", "end": "5", "value": "1", "unit": "EUR", "kind": "money", "bound": "exact"}
    assert ada.edit(loan, "amount", **{f"amount.{name}": value for name, value in given.items()}).status_code == 303
    assert log(output)[0].fields[0].given["stated"] == []


def test_of_a_list_that_is_not_narrowed_nothing_is_ticked(ada: Curator) -> None:
    assert " checked" not in ada.page("/bulk") and " checked" in ada.page("/bulk?q=maple")


def test_an_orphan_of_a_renamed_document_is_kept(tmp_path: Path) -> None:
    acts = acts_of(random.Random(9), 2)
    old, new = extraction("a.txt", acts), extraction("b.txt", acts)
    published(tmp_path, [old])
    ada, orphan = Curator(app_of(tmp_path)), old.records[0].record_id
    ada.decide(orphan, "accept")
    published(tmp_path, [Unchanged("b.txt", old.digest)], now=LATER)
    less = new.model_copy(update={"records": new.records[1:]})
    published(
        tmp_path,
        [extraction("a.txt", [], preface="Other news."), less],
        now=LATER + timedelta(days=1),
        program={"model": "another"},
    )
    page = ada.page(f"/record/{orphan}")
    assert "Its sentence still stands" in page and "b.txt" in page and "a.txt" not in page
    assert ada.decide(orphan, "accept").status_code == 303
    assert log(tmp_path)[-1].document_id == "b.txt"
    published(
        tmp_path,
        [extraction("a.txt", [], preface="Other news."), less],
        now=LATER + timedelta(days=2),
        program={"model": "another"},
    )
    assert [one.record_id for one in records(tmp_path, "b.txt")] == [old.records[1].record_id, orphan]
    assert "a.txt" not in ada.page(f"/record/{orphan}") and orphan not in ada.page("/document?id=a.txt")
