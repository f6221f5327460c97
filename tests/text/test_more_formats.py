"""Books, OpenDocument and Rich Text, and mails."""

import io
import zipfile

import pytest

from extractors.text import read
from extractors.text.markup import html_text
from schemas import Document, Quarantined

SENTENCE = "Kenya lent Peru $5 million in 2019."
HEADING = "Loans & grants"


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_opf", ".opf"), content)
    return out.getvalue()


def epub(**more: str | bytes) -> bytes:
    container = '<container xmlns="urn:x"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Aid in our time</dc:title><dc:date>2020-05-01</dc:date></metadata><manifest>"
        '<item id="b" href="two.xhtml"/><item id="a" href="one%20first.xhtml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        page = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
        chapters = {
            "OEBPS/one first.xhtml": page.format(f"<h2>Loans &amp; grants</h2><p>{SENTENCE}</p>"),
            "OEBPS/two.xhtml": page.format("<table><tr><td><p>Mali</p></td><td>7</td></tr></table>"),
        }
        for name, content in (chapters | more).items():
            archive.writestr(name, content)
    return out.getvalue()


def odt(manifest: str = "<manifest/>") -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:o" xmlns:text="urn:t" xmlns:table="urn:b"><office:body>'
        "<text:h>Loans &amp; grants</text:h><text:p>Kenya<text:s/>lent Peru $5 million in 2019."
        "<office:annotation><text:p>is this so?</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>a clinic</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Mali</text:p></table:table-cell>"
        "<table:table-cell><text:p>7</text:p></table:table-cell></table:table-row></table:table>"
        "</office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return out.getvalue()


def eml(kind: str = "text/plain", body: str = SENTENCE) -> bytes:
    return (
        "From: a@example.org\r\nSubject: =?utf-8?q?Loans_=26_grants?=\r\nDate: Tue, 05 Mar 2019 23:10:00 +0100\r\n"
        f"Content-Type: {kind}; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


RTF = rb"{\rtf1\ansi{\fonttbl\f0\fswiss Helvetica;}\f0\pard Loans & grants\par Kenya lent Peru $5 million in 2019.\par}"

CASES = [
    ("a.epub", epub(), f"Aid in our time\n## {HEADING}\n{SENTENCE}\n\nMali\t7", "2020-05-01"),
    ("a.odt", odt(), f"# {HEADING}\n{SENTENCE}\n- a clinic\nMali\t7", None),
    ("a.rtf", RTF, f"{HEADING}\n{SENTENCE}\n", None),
    ("a.eml", eml(), f"{HEADING}\n{SENTENCE}\n", "2019-03-05"),
    ("a.eml", eml("text/html", f"<p>{SENTENCE}</p><ul><li>a <b>clinic</b></li></ul>"),
     f"{HEADING}\n{SENTENCE}\n- a clinic", "2019-03-05"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "text", "date"), CASES)
def test_text_and_date(name: str, data: bytes, text: str, date: str | None) -> None:
    (found,) = read(name, data)
    assert isinstance(found, Document)
    assert (found.text.replace("\r\n", "\n"), found.date) == (text, date)


FAULTS = [
    ("a.epub", epub(**{"META-INF/rights.xml": "<rights/>"}), "encrypted"),
    ("a.epub", b"PK no archive", "unreadable"),
    ("a.epub", zipped(other="x"), "unreadable"),
    ("a.odt", odt("<manifest><encryption-data/></manifest>"), "encrypted"),
    ("a.odt", zipped(**{"META-INF__manifest_xml": "<m/>", "content_xml": "<open"}), "unreadable"),
    ("a.rtf", b"no rich text", "unreadable"),
    ("a.eml", b"\n\nno header", "unreadable"),
    ("a.eml", eml(body=""), "empty"),
    ("a.eml", eml("multipart/encrypted"), "encrypted"),
]


@pytest.mark.parametrize(("name", "data", "reason"), FAULTS)
def test_faults_have_reasons(name: str, data: bytes, reason: str) -> None:
    (found,) = read(name, data)
    assert isinstance(found, Quarantined)
    assert found.reason == reason


WINDOWS = "The Bank’s loan of €5 million, für Köln.".encode("cp1252")


@pytest.mark.parametrize("charset", ["us-ascii", "unknown-8bit", "x-nosuch", None])
def test_a_mail_that_declares_no_known_encoding_is_told_by_its_bytes(charset: str | None) -> None:
    declared = f"Content-Type: text/plain; charset={charset}\r\n" if charset else ""
    head = f"Subject: Loans\r\n{declared}Content-Transfer-Encoding: 8bit\r\n\r\n".encode()
    (found,) = read("a.eml", head + WINDOWS)
    assert isinstance(found, Document)
    assert found.text == f"Loans\n{WINDOWS.decode('cp1252')}"


def test_a_mail_whose_plain_part_is_blank_is_read_from_its_html() -> None:
    parts = (
        f"--x\r\nContent-Type: text/plain\r\n\r\n \r\n--x\r\nContent-Type: text/html\r\n\r\n<p>{SENTENCE}</p>\r\n--x--"
    )
    (found,) = read("a.eml", eml("multipart/alternative; boundary=x", parts))
    assert isinstance(found, Document) and found.text == f"{HEADING}\n{SENTENCE}"


def test_blocks_lists_and_cells_of_a_page() -> None:
    page = (
        "<html><head><title>no</title></head><body>one<!-- hidden --> <i>line</i><div>two<br>three</div> four"
        "<ul><li><p>five</p></li><li>six</li></ul><script>no()</script>"
        "<table><tr><th>a</th><th></th><th>b<br>c</th></tr></table></body></html>"
    )
    assert html_text(page).split("\n") == ["one line", "two", "three", "four", "- five", "- six", "a\t\tb c"]
    assert html_text("") == ""
