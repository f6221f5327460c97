import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from review import Access
from review.rendering import named_pair, shown_value
from review.store import Store
from tests.review.curator import Curator, app_of
from tests.support.editions import FIRST, MARKUP, released, roads

VIEWS = [
    "/",
    "/?why=changed&q=bank",
    "/?state=all&sort=amount&country=GHA&country=PER&year=2010..2020&amount=..5000000",
    "/progress",
    "/bodies",
    "/bodies?q=bank",
    "/decisions",
    "/releases",
    "/releases/20261120T060000Z",
    "/releases/20261121T060000Z",
    "/compare",
    "/compare?a=20261121T060000Z&b=20261120T060000Z",
    "/effect",
    "/effect?outcome=kept",
    "/bulk",
    "/document?id=news/water.txt",
    "/add?document=news/water.txt",
    "/add?document=news/roads.txt&start=92&end=103&mention=amount",
]


class Page(HTMLParser):
    """What of a page could run, and what it asks of a screen reader."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.runs += [name for name, _ in attrs if name.startswith("on") or name in ("style", "srcdoc")]
        self.runs += [str(value) for name, value in attrs if name in ("href", "src", "action") and _runs(value)]
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "script":
            self.scripts.append(given.get("src") or "inline")


def _runs(value: str | None) -> bool:
    return (value or "").strip().lower().startswith(("javascript:", "data:", "http:", "https:", "//"))


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_opens_and_nothing_in_it_runs(two: Path, path: str) -> None:
    check(Curator(app_of(two)).page(path))


def check(text: str) -> None:
    page = Page(text)
    assert page.runs == [] and "inline" not in page.scripts and "style" not in page.tags
    assert all(source.startswith("/static/") for source in page.scripts)
    assert len(page.ids) == len(set(page.ids)), "an id comes twice"
    assert page.tags.count("h1") == 1 and page.tags.count("main") == 1
    assert re.search(r"<html lang=\"en\"", text)


def test_markup_in_documents_and_names_is_text(two: Path) -> None:
    ada = Curator(app_of(two))
    name = "news/<img src=x onerror=window.hacked=3>.txt"
    (record,) = Store(two).view().release.records_of(name)
    pages = [
        f"/record/{record.record_id}",
        "/",
        f"/document?id={quote(name)}",
        f"/?document={quote(name)}",
        "/?q=<script>",
        f"/?q={quote(chr(34))}><script>alert(1)</script>",
        f"/editor?record={record.record_id}&field=actor",
        "/bulk?q=evil",
        f"/add?document={quote(name)}&start=5&end=9",
    ]
    for path in pages:
        text = ada.page(path)
        assert "<script>window" not in text and "<img" not in text and "<script>alert" not in text, path
        assert "49" not in text or "{{ 7*7 }}" in text or path != pages[0]
        if "<html" in text:
            check(text)
    assert "&lt;script&gt;window.hacked = 1&lt;/script&gt;" in ada.page(pages[0])
    ada.post("/name", name="<b onclick=x>Mallory</b>", there="/")
    ada.decide(record.record_id, "accept", note="<script>window.hacked = 5</script>")
    for path in ("/decisions", pages[0], "/effect"):
        check(ada.page(path))


def test_the_text_in_the_page_is_the_text_of_the_document(two: Path) -> None:
    ada = Curator(app_of(two))
    for name, text in [("news/<img src=x onerror=window.hacked=3>.txt", MARKUP)]:
        (record,) = Store(two).view().release.records_of(name)
        page = ada.page(f"/record/{record.record_id}")
        assert Text(page).text == text


class Text(HTMLParser):
    """The pieces of a document, joined."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self._inside = "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = "data-start" in dict(attrs)
        if self._inside:
            assert int(str(dict(attrs)["data-start"])) == len(self.text)

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data


def test_a_record_shows_all_that_is_known_of_it(two: Path) -> None:
    record = Store(two).view().release.records_of("news/water.txt")[0]
    page = Curator(app_of(two)).page(f"/record/{record.record_id}")
    for words in [
        "rule: subject of a verb of lending",
        "“250 million renminbi” → 250 × million, CNY",
        "average of the year",
        "= $37,625,103",
        "also stated: “US$29 million”",
        "times the sum at the rates of 2016",
        "Elsewhere in the document",
        "<del>200</del>",
        "<ins>250</ins>",
        "the document",
        "headline",
        "by hand 1",
    ]:
        assert words in page, words


def test_a_long_document_comes_in_parts(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.text.excerpt.__kwdefaults__", {"width": 40})
    monkeypatch.setattr("review.pages.document.CHUNK", 60)
    record = Store(two).view().release.records_of("news/water.txt")[0]
    document = Store(two).view().release.document("news/water.txt")
    assert document is not None and document.text is not None
    ada = Curator(app_of(two))
    text, page = "", ada.page(f"/record/{record.record_id}")
    assert "Later text" in page
    more = re.findall(r'hx-get="(/text[^"]+)"', page)
    seen = []
    while more:
        address = more.pop(0).replace("&amp;", "&")
        part = ada.page(address)
        seen += [int(one) for one in re.findall(r'data-start="(\d+)"', part)]
        more += re.findall(r'hx-get="(/text[^"]+)"', part)
    starts = sorted(seen + [int(one) for one in re.findall(r'data-start="(\d+)"', page)])
    assert starts[0] == 0 and len(starts) == len(set(starts)) and text == ""


@pytest.mark.parametrize("field", ["kind", "status", "actor", "partner", "year", "amount", "sector"])
def test_every_field_has_an_editor(two: Path, field: str) -> None:
    ada, record = Curator(app_of(two)), Store(two).view().release.records_of("news/water.txt")[0]
    page = ada.page(f"/editor?record={record.record_id}&field={field}")
    assert f'data-armed="{field}"' in page
    assert Page(page).runs == []


@pytest.mark.parametrize(
    ("field", "words", "shown"),
    [
        ("year", "March 2016", 'value="2016"'),
        ("actor", "the bank", 'value="the bank"'),
        ("amount", "150 engineers", "fill it in"),
    ],
)
def test_selected_words_are_read_at_once(two: Path, field: str, words: str, shown: str) -> None:
    view = Store(two).view()
    record, document = view.release.records_of("news/water.txt")[0], view.release.document("news/water.txt")
    start = str(document.text).index(words)  # type: ignore[union-attr]
    place = f"start={start - 1}&end={start + len(words)}"
    page = Curator(app_of(two)).page(f"/editor?record={record.record_id}&field={field}&{place}")
    assert shown in page and f"“{words}”" in page and f'value="{start}" data-from' in page


def test_a_first_release_is_all_new(ada: Curator) -> None:
    assert "11 to review" in ada.page("/")
    assert "The first release" in ada.page("/releases/20261120T060000Z")


def test_a_release_in_figures(two: Path) -> None:
    page = Curator(app_of(two)).page("/releases/20261121T060000Z")
    assert "changes come from the source" in page and "removals" in page and "Records by year" in page
    compared = Curator(app_of(two)).page("/compare?a=20261121T060000Z&b=20261120T060000Z")
    assert "<ins>45</ins>" in compared


def test_no_ledger_is_said(tmp_path: Path) -> None:
    answer = Curator(app_of(tmp_path), None).get("/")
    assert answer.status_code == 503 and "holds no release" in answer.text


def test_the_keys_are_listed_and_the_manual_has_them(ada: Curator) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "curate" / "page.md").read_text(encoding="utf-8")
    keys: set[Any] = set(re.findall(r"<kbd>([^<]+)</kbd>", ada.page("/").split('id="keys"')[1]))
    assert {"a", "x", "u", "s", "n", "j", "k", "e", "?"} <= keys | {"?"}
    assert all(f"`{key}`" in manual for key in keys if len(key) == 1 and key.isalnum())


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing/here", 404, "There is no such page"),
        ("/record/rec-none", 404, "There is no such record"),
        ("/releases/19990101T000000Z", 404, "There is no such release"),
        ("/batch", 422, "The address is not whole"),
        ("/edit", 405, "That was a step of a form"),
    ],
)
def test_who_lost_the_way_finds_it_again(ada: Curator, path: str, status: int, said: str) -> None:
    answer = ada.get(path, referer=f"{ada.site}/?kind=loan")
    assert (answer.status_code, said in answer.text) == (status, True)
    assert 'aria-label="Main"' in answer.text and 'href="/?kind=loan" data-list autofocus>Back</a>' in answer.text


def test_of_a_record_that_left_the_ledger_the_reason_is_said(two: Path) -> None:
    gone = next(one for one in Store(two).view().release.changed or () if one.change == "removed")
    answer = Curator(app_of(two)).get(f"/record/{gone.record_id}")
    assert answer.status_code == 404 and "left the ledger with the last release: no longer stated" in answer.text


def test_nothing_of_the_page_is_shown_to_who_was_not_let_in(output: Path) -> None:
    stranger = Curator(app_of(output, Access(token="8f2c1d7e9a4b6035")), None)
    for path in ("/nothing/here", "/edit", "/batch"):
        assert 'aria-label="Main"' not in stranger.get(path).text


def test_names_from_right_to_left_do_not_turn_the_arrow_round(output: Path) -> None:
    assert "<bdi>a</bdi> <span" in named_pair("a", "b") and "&lt;i&gt;" in named_pair("<i>", None)
    assert shown_value("actor", {"name": "<i>", "type": "company"}) == "<bdi>&lt;i&gt;</bdi> (company)"


def test_a_ledger_without_records_shows_no_empty_boxes(tmp_path: Path) -> None:
    released(tmp_path / "output", [roads().model_copy(update={"records": ()})], FIRST)
    ada = Curator(app_of(tmp_path / "output"))
    assert "This release has no records" in ada.page("/") and 'id="filters"' not in ada.page("/")
    assert "No record was found in this document" in ada.page("/document?id=news/roads.txt")
    assert "No record to decide about" in ada.page("/releases/20261120T060000Z")
