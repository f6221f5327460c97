"""Encodings: byte order mark, then UTF-8, then what a page declares, then a guess."""

import pytest

from extractors.text import read
from extractors.text.markup import html_text
from schemas import Quarantined
from tests.text.test_more_formats import SENTENCE, epub

DECLARED = [
    ("iso-8859-15", "iso8859-15", "Kenya lent Peru €5 million in 2019."),
    ("windows-1254", "cp1254", "Şanlıurfa: TİKA built a school."),
    ("iso-8859-9", "cp1254", "Şanlıurfa: TİKA built a school."),
    ("iso-8859-2", "iso8859-2", "Miloš Říha signed the loan."),
    ("windows-1250", "cp1250", "Miloš Říha signed the loan."),
    ("windows-1257", "cp1257", "Mērija Šiauliai, Žemaitė signed."),
    ("big5", "big5", "日本貸款肯亞五百萬美元。"),
    ("gb2312", "gbk", "镕基访问肯尼亚。"),
    ("Shift_JIS", "cp932", "日本はケニアに①貸した。"),
    ("iso-2022-jp", "iso2022_jp", "日本はケニアに貸した。"),
    ("koi8-r", "koi8-r", "Россия дала Кубе кредит."),
    ("iso-8859-1", "cp1252", "The Bank’s loan of €5 million."),
    ("iso-8859-15", "cp1252", "The Bank’s loan of “€5 million” for Köln."),
    ("iso-8859-2", "cp1252", "The Bank’s loan of “€5 million” for Köln."),
    ("windows-1254", "utf-8", "Şanlıurfa: TİKA built “a school”."),
    ("big5", "utf-8", "日本貸款肯亞五百萬美元。"),
    ("utf-8", "cp1252", "The Bank’s loan of €5 million."),
    ("utf-16", "utf-8", "The Bank’s loan of €5 million."),
    ("x-nosuch", "cp1252", "The Bank’s loan of €5 million."),
    ("rot13", "cp1252", "The Bank’s loan of €5 million."),
    ("windows-1251", "utf-16", "Россия дала Кубе кредит."),
    ("windows-1251", "utf-8-sig", "Россия дала Кубе кредит."),
]


@pytest.mark.parametrize(
    "head",
    [
        '<html><head><meta charset="{}"></head>',
        "<html><head><meta http-equiv=Content-Type content='text/html; charset={}'></head>",
        "<?xml version='1.0' encoding='{}'?><html>",
        '<html><head><!-- <meta charset="utf-7"> --><meta charset={} /></head>',
    ],
)
@pytest.mark.parametrize(("label", "encoding", "text"), DECLARED)
def test_a_page_is_read_in_the_encoding_that_fits(label: str, encoding: str, text: str, head: str) -> None:
    data = f"{head.format(label)}<body><p>{text}</p></body></html>".encode(encoding)
    (found,) = read("a.html", data)
    assert (getattr(found, "text", found), html_text(data)) == (text, text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "iso8859-2"])
def test_a_chapter_of_a_book_in_its_encoding(encoding: str) -> None:
    page = f"<?xml version='1.0' encoding='{encoding}'?><html><body><p>Miloš Říha</p></body></html>"
    (found,) = read("a.epub", epub(**{"OEBPS/two.xhtml": page.encode(encoding)}))
    assert found.text.splitlines()[-1] == "Miloš Říha"


def test_what_is_no_page_leaves_a_book_readable() -> None:
    (found,) = read("a.epub", epub(**{"OEBPS/two.xhtml": bytes(range(256)) * 9}))
    assert found.text.splitlines()[-1] == SENTENCE


def test_html_of_a_mail_without_an_encoding_in_its_header() -> None:
    head = b"Subject: Loans\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    (found,) = read("a.eml", head + '<meta charset="iso-8859-2"><p>Miloš Říha'.encode("iso8859-2"))
    assert found.text == "Loans\nMiloš Říha"


PLAIN = [
    ("Kenya lent Peru $5 million.\n".encode("utf-16-le"), "Kenya lent Peru $5 million.\n"),
    ("Le Bénin a reçu 5 millions d’euros.".encode("utf-16-be"), "Le Bénin a reçu 5 millions d’euros."),
    ("Россия дала Кубе 5 миллионов, 2019.\n".encode("utf-16-le"), "Россия дала Кубе 5 миллионов, 2019.\n"),
    ("中国 lent 肯尼亚 $5 million in 2019.".encode("utf-16-le"), "中国 lent 肯尼亚 $5 million in 2019."),
    (b"Kenya lent\x00 Peru $5 million.", "Kenya lent\x00 Peru $5 million."),
    ("Le Bénin\x00 a reçu 5 millions d’euros.".encode(), "Le Bénin\x00 a reçu 5 millions d’euros."),
    ("Le Bénin à Malmö: ".encode() + b"\x935 millions\x94.", "Le Bénin à Malmö: “5 millions”."),
    ("Россия дала Кубе кредит — ".encode() + b"\x805 million", "Россия дала Кубе кредит — €5 million"),
    ("\ufeffLe Bénin a reçu ".encode() + b"\x805 million", "Le Bénin a reçu €5 million"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "text"), PLAIN)
def test_plain_text_without_a_mark_or_with_errors(data: bytes, text: str) -> None:
    (found,) = read("a.txt", data)
    assert getattr(found, "text", found) == text


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00\\r\xa8f",
        b"\x7fELF\x02\x01\x01" + bytes(60) + b"text" + bytes(20),
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8\x00\x00\x00\x00\x00\x00\x00@" + bytes(40),
        b"\x01\x02\x03\x04text\x05\x06",
    ],
    ids=["bytes", "picture", "program", "windows program", "controls"],
)
def test_binary_data_are_no_text(data: bytes) -> None:
    (found,) = read("a.txt", data)
    assert isinstance(found, Quarantined) and found.reason == "binary"


FRAGMENTS = [
    "<article><div><h1>Loans</h1><p>{}</p></div></article>",
    "<main><article><h1>Loans</h1><p>{}</p></article></main>",
    '<div id="content"><div><p>{}</p></div></div>',
    "<body><div><div><p>{}</p></div></div></body>",
    "<table><tr><td>{}</td></tr></table>",
    "<pre>{}</pre>",
    "<blockquote>{}</blockquote>",
    "<p>{}</p>",
    "<ul><li>{}</li></ul>",
    "<section><p>{}</p></section>",
    "{}",
    "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' "
    "'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'><html xmlns='http://www.w3.org/1999/xhtml'><body><p>{}</p>"
    "</body></html>",
    "<!-- saved from a very long address, which is more than fifty characters --><html><body><p>{}</p></body></html>",
    "<html><body><nav><p>{}</p></nav></body></html>",
]


@pytest.mark.parametrize("page", FRAGMENTS)
@pytest.mark.parametrize("times", [1, 20])
def test_a_fragment_of_a_page_is_read(page: str, times: int) -> None:
    text = " ".join([SENTENCE] * times)
    (found,) = read("a.html", page.format(text).encode())
    assert text in getattr(found, "text", "")


@pytest.mark.parametrize("page", ["<html></html>", "<!-- nothing -->", "<p> </p>", "<script>x()</script>"])
def test_a_page_without_text_is_empty(page: str) -> None:
    (found,) = read("a.html", page.encode())
    assert isinstance(found, Quarantined) and found.reason == "empty"
