"""Messages (``.eml``): the text of a mail, its subject and its date."""

import email
import email.policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from extractors.text.documents import Read, UnreadableError
from extractors.text.markup import flat, html_text


def read_eml(data: bytes) -> Read:
    """Read a mail: its subject, its day, and its plain text, else its HTML; what is attached is not read.

    Raises UnreadableError: ``unreadable`` (no mail), ``encrypted``, ``empty``.
    """
    found = email.message_from_bytes(data, policy=email.policy.default)
    if not found.keys():
        raise UnreadableError("unreadable", "the file has no header of a mail")
    if found.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        raise UnreadableError("encrypted", "the mail is encrypted; save its text")
    text = _body(found)
    if not text.strip():
        raise UnreadableError("empty", "the mail holds no text; what is attached to it is read where it is saved")
    return Read(text, flat(str(found["subject"] or "")) or None, _day(found))


def _body(found: EmailMessage) -> str:
    body = found.get_body(("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content())
    return html_text(content) if body.get_content_subtype() == "html" else content


def _day(found: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(found["date"])).date().isoformat()
    except ValueError:
        return None
