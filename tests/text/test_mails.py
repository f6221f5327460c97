"""Mails: all text is read once, whatever its parts."""

import pytest

from extractors.text import read
from tests.text.test_more_formats import eml

PICTURE = (
    "Content-Type: image/png\nContent-Disposition: inline; filename=a.png\nContent-Transfer-Encoding: base64\n\nAAAA"
)
PLAIN_PART, HTML_PART = "Content-Type: text/plain\n\n{}", "Content-Type: text/html\n\n<p>{}</p>"


def parts(kind: str, *bodies: str, bound: str = "x") -> str:
    inner = "".join(f"\n--{bound}\n{body}" for body in bodies)
    return f"Content-Type: multipart/{kind}; boundary={bound}\n{inner}\n--{bound}--"


MAILS = [
    (parts("mixed", PLAIN_PART.format("one"), PICTURE, PLAIN_PART.format("two")), "one\ntwo"),
    (parts("mixed", HTML_PART.format("one"), PICTURE, HTML_PART.format("two")), "one\ntwo"),
    (parts("alternative", PLAIN_PART.format("one"),
           parts("mixed", HTML_PART.format("ONE"), PICTURE, HTML_PART.format("TWO"), bound="y")), "one"),
    (parts("alternative", PLAIN_PART.format(" "),
           parts("mixed", HTML_PART.format("one"), PICTURE, HTML_PART.format("two"), bound="y")), "one\ntwo"),
    (parts("alternative", HTML_PART.format("ONE"), PLAIN_PART.format("one")), "one"),
    (parts("related", HTML_PART.format("one"), PICTURE), "one"),
    (parts("mixed", parts("alternative", PLAIN_PART.format("one"), HTML_PART.format("ONE"), bound="y"), PICTURE),
     "one"),
    (parts("mixed", PLAIN_PART.format("one"),
           "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nno",
           "Content-Type: text/plain\nContent-Disposition: inline; filename=b.txt\n\nno"), "one"),
    (parts("mixed", PLAIN_PART.format("one"), "Content-Type: message/rfc822\n\nSubject: no\n\nno"), "one"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), MAILS)
def test_all_text_of_a_mail_is_read_once(body: str, text: str) -> None:
    (found,) = read("a.eml", f"Subject: Loans\nMIME-Version: 1.0\n{body}\n".encode())
    assert getattr(found, "text", "").split() == ["Loans", *text.split()]


def test_a_mail_of_one_part_is_read_as_before() -> None:
    (found,) = read("a.eml", eml(body="one\r\ntwo"))
    assert found.text.endswith("one\r\ntwo\r\n")
