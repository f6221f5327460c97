"""Readers: each format in, the same text out; each fault, a reason a person understands."""

import io
import json
import random
import re
from pathlib import Path

import docx
import pptx
import pytest
from lxml import etree

from extractors.text import read
from extractors.text.corpus import read_rows
from flows.limits import time_limit
from schemas import Document, Quarantined
from tests.hostile.archives import many_paragraphs

SENTENCE = "Kenya lent Peru $5 million in 2019."


def one(name: str, data: bytes) -> Document | Quarantined:
    (found,) = read(name, data)
    return found


def word(**parts: str) -> bytes:
    document = docx.Document()
    document.add_heading(parts["heading"], level=2)
    document.add_paragraph(parts["body"])
    document.add_paragraph("first item", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Kenya", "$5 million"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def slides() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "US-China S&T"
    slide.placeholders[1].text = "Bilateral accord signed 1979\nInnovation dialogue"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def pdf(*pages: str) -> bytes:
    """Write a small PDF by hand: one line of text a page."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode()
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        resources = b"/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 600 800]"
        objects.append(b"<</Type/Page/Parent 2 0 R%s/Contents %d 0 R>>" % (resources, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def deck_with_notes() -> bytes:
    deck = pptx.Presentation()
    for title, note in (("Aims", ""), ("Partners", SENTENCE)):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"About {title.lower()}"
        if note:
            slide.notes_slide.notes_text_frame.text = note
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def test_speaker_notes_are_read_and_marked_on_their_slide() -> None:
    found = one("deck.pptx", deck_with_notes())
    assert isinstance(found, Document)
    assert found.text == f"# Aims\n- About aims\n\f\n# Partners\n- About partners\n\nSpeaker notes:\n{SENTENCE}"
    assert [found.page_at(found.text.index(word)) for word in ("aims", "Partners", "Kenya")] == [1, 2, 2]


def test_cells_of_word_tables_are_told_once_and_tables_in_them_too() -> None:
    document = docx.Document()
    document.add_paragraph("Aid to Kenya")
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Donor"
    table.cell(0, 2).text, table.cell(1, 0).text, table.cell(1, 1).text = "Amount", "Japan", "Nairobi"
    inner = table.cell(1, 2).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "2011", "$5 million"
    out = io.BytesIO()
    document.save(out)
    found = one("a.docx", out.getvalue())
    assert isinstance(found, Document)
    assert found.text == "Aid to Kenya\nDonor\t\tAmount\nJapan\tNairobi\t\n2011\t$5 million"


RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
BOX = f"<w:txbxContent><w:p>{RUN.format('in a box')}</w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<w:p>{Japan lent }<w:ins w:id='1' w:author='x'>{Kenya $5m}</w:ins>{ in 2012.}</w:p>",
            "Japan lent Kenya $5m in 2012.",
        ),
        (
            "<w:p>{Japan}<w:del w:id='1' w:author='x'><w:r><w:delText> took</w:delText></w:r></w:del>{ lent}</w:p>",
            "Japan lent",
        ),
        ("<w:p>{To }<w:sdt><w:sdtPr/><w:sdtContent>{Kenya}</w:sdtContent></w:sdt>{.}</w:p>", "To Kenya."),
        (
            "<w:sdt><w:sdtContent><w:p><w:smartTag>{Kenya}</w:smartTag></w:p><w:p>{two}</w:p></w:sdtContent></w:sdt>",
            "Kenya\ntwo",
        ),
        ("<w:p>{In }<w:fldSimple w:instr='DATE'>{2012}</w:fldSimple></w:p>", "In 2012"),
        (
            "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc><w:p>{Kenya}</w:p></w:tc></w:sdtContent></w:sdt>"
            "<w:tc><w:p>{$5m}</w:p></w:tc></w:tr><w:tr><w:trPr><w:del w:id='1' w:author='x'/></w:trPr>"
            "<w:tc><w:p>{Mali}</w:p></w:tc></w:tr></w:tbl>",
            "Kenya\t$5m",
        ),
        (
            "<w:p>{Text}<w:r><mc:AlternateContent><mc:Choice>BOX</mc:Choice><mc:Fallback>BOX</mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>",
            "Text\nin a box",
        ),
    ],
    ids=["insertion", "deletion", "control", "smart tag", "field", "table", "box"],
)
def test_what_word_wraps_is_read_and_what_was_deleted_is_not(body: str, text: str) -> None:
    made = docx.Document()
    named = {"w": made.element.nsmap["w"], "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006"}
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in named.items())
    runs = re.sub(r"\{(.*?)\}", lambda run: RUN.format(run[1]), body).replace("BOX", BOX)
    for block in etree.fromstring(f"<x {spaces}>{runs}</x>"):
        made.element.body.append(block)
    out = io.BytesIO()
    made.save(out)
    assert getattr(one("a.docx", out.getvalue()), "text", None) == text


def test_a_table_on_a_slide_keeps_its_rows_apart_from_the_words_above() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Aid of Japan"
    slide.shapes.add_textbox(0, 0, 9, 9).text_frame.text = "Who gave to"
    table = slide.shapes.add_table(2, 2, 0, 0, 9, 9).table
    for at, text in enumerate(("Recipient", "Amount", "Kenya", "$5 million")):
        table.cell(at // 2, at % 2).text = text
    out = io.BytesIO()
    deck.save(out)
    found = one("deck.pptx", out.getvalue())
    assert isinstance(found, Document)
    assert found.text == "# Aid of Japan\n- Who gave to\nRecipient\tAmount\nKenya\t$5 million"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_in_its_encoding(encoding: str) -> None:
    text = "Le Bénin a reçu 5 millions d’euros de la Suède, à Malmö et à Göteborg. " * 3
    found = one("a/b.txt", text.encode(encoding))
    assert isinstance(found, Document)
    assert (found.id, found.text) == ("a/b.txt", text)


@pytest.mark.parametrize(
    "sentence",
    [
        "The grant was worth €5m in 2012.",
        "The Bank’s loan – “of €5 million” – was signed in 2012 by Kenya.",
        "Größe €5m, für Köln",
        "The café in Malmö cost £3m … in São Tomé “alone”.",
    ],
)
@pytest.mark.parametrize("times", [1, 20, 300])
def test_marks_of_windows_tell_its_encoding_however_few_they_are(sentence: str, times: int) -> None:
    data = "\n".join([sentence] * times).encode("cp1252")
    page = b"<html><body><p>%s</p></body></html>" % sentence.encode("cp1252")
    texts = [one("a.txt", data), one("a.html", page), one("a.csv", b"id;text\nx;" + data.splitlines()[0])]
    assert [getattr(found, "text", None) for found in texts] == [data.decode("cp1252"), sentence, sentence]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Россия предоставила Кубе кредит на 5 миллионов долларов в 2019 году."),
        ("cp1253", "Η Ελλάδα έδωσε στην Αλβανία δάνειο 5 εκατομμυρίων ευρώ το 2019."),
        ("cp1250", "Polska przekazała Łodzi pożyczkę w wysokości 5 milionów złotych na sieć."),
        ("gb18030", "中国向肯尼亚提供贷款五百万美元，用于建设医院和学校。"),
        ("cp932", "日本はケニアに500万ドルの円借款を供与した。病院の建設、学校。"),
    ],
)
def test_other_scripts_are_not_taken_for_western(encoding: str, text: str) -> None:
    assert getattr(one("a.txt", (text * 3).encode(encoding)), "text", None) == text * 3


def test_line_ends_are_kept() -> None:
    found = one("a.md", b"# One\r\ntwo\rthree\n")
    assert isinstance(found, Document) and found.text == "# One\r\ntwo\rthree\n"


def test_html_gives_the_article_and_its_title() -> None:
    body = f"<article><h2>Terms</h2><p>{SENTENCE}</p></article>"
    page = f"<html><head><title>A loan</title></head><body>{body}</body></html>"
    found = one("a.html", page.encode())
    assert isinstance(found, Document)
    assert found.text.startswith("A loan\n") and SENTENCE in found.text and "## Terms" in found.text


def test_docx_keeps_headings_items_and_cells_apart() -> None:
    found = one("a.docx", word(heading="Loans", body=SENTENCE))
    assert isinstance(found, Document)
    assert found.text.splitlines() == ["## Loans", SENTENCE, "- first item", "Kenya\t$5 million"]


@pytest.mark.slow
def test_a_docx_of_many_paragraphs_takes_time_as_it_is_long() -> None:
    data = many_paragraphs(random.Random(0))  # a hundred thousand; the square of that took minutes
    with time_limit(20):
        found = one("a.docx", data)
    assert isinstance(found, Document) and found.text.startswith("# Roads\nIn 2014")


def test_pptx_keeps_the_slide_title_over_its_bullets() -> None:
    found = one("a.pptx", slides())
    assert isinstance(found, Document)
    assert found.text.splitlines() == ["# US-China S&T", "- Bilateral accord signed 1979", "- Innovation dialogue"]


def test_pdf_pages_are_told_apart() -> None:
    found = one("a.pdf", pdf("First page", "Second page"))
    assert isinstance(found, Document) and found.text == "First page\fSecond page"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.txt", bytes(range(256)) * 4, "binary"),
        ("a.pdf", b"%PDF-1.4 torn", "unreadable"),
        ("a.pdf", pdf(""), "no_text"),
        ("a.docx", b"PK\x03\x04 torn", "unreadable"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "encrypted"),
        ("a.pptx", word(heading="a", body="b"), "unreadable"),
        ("a.xyz", b"text", "unsupported"),
    ],
)
def test_a_fault_has_its_reason(name: str, data: bytes, reason: str) -> None:
    found = one(name, data)
    assert isinstance(found, Quarantined)
    assert (found.id, found.reason) == (name, reason)
    assert len(found.detail) > 10


def test_a_corpus_names_its_bad_lines() -> None:
    lines = [{"id": "1", "title": "T", "text": SENTENCE}, {"id": "2"}, {"id": "3", "text": "x", "date": "yesterday"}]
    data = "\n".join([*map(json.dumps, lines), "{torn"]).encode()
    good, *bad = read("c.jsonl", data)
    assert isinstance(good, Document) and good.text == f"T\n{SENTENCE}"
    assert [one.id for one in bad] == ["c.jsonl:2", "c.jsonl:3", "c.jsonl:4"]
    assert all(isinstance(one, Quarantined) and one.reason == "malformed_line" for one in bad)


def test_numbers_too_large_to_tell_apart_are_no_ids() -> None:
    data = f'{{"id": 1e400, "text": "{SENTENCE}"}}\n{{"id": NaN, "text": "x"}}\n{{"id": 1e40, "text": "y"}}'.encode()
    *bad, good = read("c.jsonl", data)
    assert [(one.id, one.reason) for one in bad if isinstance(one, Quarantined)] == [
        ("c.jsonl:1", "malformed_line"),
        ("c.jsonl:2", "malformed_line"),
    ]
    assert isinstance(good, Document) and good.id == "1e+40"


def test_a_csv_corpus_reads_like_a_jsonl_one() -> None:
    row, line = b'id,text,title\n1,"Two\nlines",T\n', b'{"id": "1", "title": "T", "text": "Two\\nlines"}'
    assert one("c.csv", row) == one("c.jsonl", line)


def test_rows_are_read_from_a_stream_that_comes_but_once() -> None:
    class Once(io.BytesIO):
        def seek(self, *_: int) -> int:
            raise OSError("it cannot be wound back")

    found = [row.read for row in read_rows("c.csv", Once(b"id,text\n1,one\n2,two\n"))]
    assert [getattr(each, "text", None) for each in found] == ["one", "two"]


def test_seeds_are_read_whole() -> None:
    for path in sorted(Path(__file__).parents[2].glob("seeds/*.txt")):
        found = one(path.name, path.read_bytes())
        assert isinstance(found, Document) and found.text.encode() == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "date"),
    [
        ("a.html", '<meta property="article:published_time" content="2019-03-01T10:00:00Z"><p>{}', "2019-03-01"),
        ("a.html", '<meta name="DC.date" content="2018/3/1"><p>{}', "2018-03-01"),
        ("a.html", '<script type="application/ld+json">{{"@graph": [{{"datePublished": "2017-05-06"}}]}}</script><p>{}',
         "2017-05-06"),
        ("a.html", '<time itemprop="datePublished" datetime="2016-07-08">July</time><p>{}', "2016-07-08"),
        ("a.html", "<html><body><p>Updated 2015-01-02. Copyright 2014. {}", None),
        ("a.html", '<script type="application/ld+json">{{"datePublished": 3</script><p>{}', None),
        ("a.html", '<meta name="date" content="2019-13-45"><p>{}', None),
        ("a.md", "---\ntitle: A loan\ndate: 2019-03-01\n---\n{}", "2019-03-01"),
        ("a.md", "Date: 2019-03-01\n{}", None),
    ],
)  # fmt: skip
def test_the_date_is_the_one_that_metadata_state(name: str, text: str, date: str | None) -> None:
    found = one(name, text.format(SENTENCE).encode())
    assert isinstance(found, Document)
    assert found.date == date


def test_a_library_s_template_dates_no_document() -> None:
    found = one("a.docx", word(heading="Loans", body=SENTENCE))
    assert isinstance(found, Document) and found.date is None
