"""Characters that cannot be seen, or that turn text round, are shown by their names on every page."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from ledger.report.formatting import INVISIBLE
from review.store import Store
from schemas import Extraction, FieldDecision, PossibleRecord
from tests.review.curator import Curator, app_of
from tests.support.editions import FIRST, SECOND, extraction, in_order, money, party, record, released

NAME, BANK = "notes/\u202efdp.txt", "\u202eknaB live\u202c Bank"
ODDITIES = re.compile("[" + "".join(INVISIBLE) + "]")
KEPT = re.compile(
    r'<span class="odd"[^>]*>.</span>|\b(?:value|hx-get|href)="[^"]*"|<textarea.*?</textarea>',
    re.DOTALL,
)
"""What hands characters on as they are: values of forms, addresses, the text, in which each has its name beside it."""


def evil(sum_: str, value: float) -> list[Extraction]:
    told = [f"In 2016 {BANK} lent {place} {sum_} for a ro\u200bad." for place in ("Ghana", "Togo", "Peru")]
    text = "\n".join(told) + "\nA rumour of $5\u00ad million.\n"
    made = []
    for rank, (sentence, place) in enumerate(zip(told, ("Ghana", "Togo", "Peru"), strict=True), start=1):
        after = text.index(sentence)
        one = record(
            NAME, text, rank, sentence, kind="loan", actor=party(text, BANK, "organisation", "DEU", after=after),
            partner=party(text, place, "country", {"Ghana": "GHA", "Togo": "TGO", "Peru": "PER"}[place], after=after),
            amount=money(text, sum_, value, "USD", after=after), sector=("210", "a ro\u200bad"),
        )  # fmt: skip
        made.append(one)
    last = PossibleRecord(**{name: getattr(made[-1], name) for name in PossibleRecord.model_fields})
    found = extraction(NAME, text, made[:-1], {"$5\u00ad million": "no_party"})
    document = found.document.model_copy(update={"title": "A \u202eelit\u202c title"})
    return [found.model_copy(update={"document": document, "possible": (last,)})]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Two releases of nothing but oddities, decided about, a name merged and taken apart."""
    output = tmp_path / "output"
    released(output, in_order(evil("$8 million", 8e6)), FIRST)
    store = Store(output)
    first, second = store.view().release.records_of(NAME)
    seen = first.model_dump(mode="json")
    fields = [
        FieldDecision(name="amount", seen=seen["amount"], given={**seen["amount"], "value": 7e6}),
        FieldDecision(name="actor", seen=seen["actor"], given={**seen["actor"], "name": "A\u200b Bank"}),
    ]
    store.decide(first, verdict="edit", reviewer="Bea", last_seen="", fields=fields, note="a \u202eeton\u202c")
    store.decide(second, verdict="accept", reviewer="Ada", last_seen="")
    released(output, in_order(evil("$9 million", 9e6)), SECOND)
    store.decide(second, verdict="reject", reviewer="Bea", last_seen=None, note="no \u202eeton\u202c")
    return output


def test_they_are_named_on_every_page(ledger: Path) -> None:
    ada, view = Curator(app_of(ledger)), Store(ledger).view()
    first, second = (one.record_id for one in view.release.records_of(NAME))
    (offered,) = view.release.possible_records(NAME)
    apart = ada.post("/bodies/apart", cluster="DEU|A\u200b Bank")
    batch = ada.post(
        "/bulk", **{**ada.form(first), "record": f"{first} {view.last_decision_id(first)}", "verdict": "accept"}
    )
    assert apart.status_code == batch.status_code == 303
    where = quote(NAME)
    paths = [
        "/", "/?state=all", f"/?document={where}&q=%E2%80%AE", f"/record/{first}", f"/record/{second}",
        f"/document?id={where}", f"/document?id={where}&record={first}", f"/add?document={where}&start=3&end=25",
        f"/document?id={where}&record={offered.record_id}", f"/add/here?document={where}&start=3&end=25",
        f"/editor?record={first}&field=actor", f"/editor?record={first}&field=evidence",
        f"/draft?document={where}&field=actor&start=8&end=25", f"/text?document={where}&start=0&end=40", "/bulk?q=bank",
        "/bodies", "/bodies?q=bank", "/progress", "/decisions", "/effect", "/releases", "/compare", "/news?count=0",
        f"/news?count=0&record={second}&seen=", batch.headers["location"],
        "/releases/20261121T060000Z/report.html", "/releases/20261121T060000Z/diff.html",
    ]  # fmt: skip
    pages = {path: ada.page(path) for path in paths}
    clash = ada.post("/decide", **{**ada.form(second), "seen": "", "verdict": "accept"})
    wrong = ada.edit(first, "actor", **{"actor.name": "x" * 400, "actor.start": "8", "actor.end": "25"})
    pages |= {"clash": clash.text, "wrong": wrong.text}
    assert (clash.status_code, wrong.status_code) == (409, 422)
    found = {path: _around(KEPT.sub("", page)) for path, page in pages.items()}
    assert {path: places for path, places in found.items() if places} == {}
    assert any("⟨RLO⟩" in page for page in pages.values())


def _around(page: str) -> list[str]:
    return [page[max(0, one.start() - 60) : one.end() + 20] for one in ODDITIES.finditer(page)]
