"""Messages (``.eml``): the text of a mail, its subject and its date."""

import codecs
import email
import email.policy
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from extractors.text.documents import DecodedDocument, UnreadableError
from extractors.text.markup import html_text, one_line
from extractors.text.plain import decode, decode_page


def read_eml(data: bytes) -> DecodedDocument:
    """Read a mail: its subject, its day, and its plain text, else its HTML; attachments are not read.

    Raises UnreadableError: ``unreadable`` (not a mail), ``encrypted``, ``empty``.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not message.keys():
        raise UnreadableError("unreadable", "the file has no header of a mail")
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        raise UnreadableError("encrypted", "the mail is encrypted; save its text")
    text = _body(message)
    if not text.strip():
        raise UnreadableError("empty", "the mail holds no text; what is attached to it is read where it is saved")
    return DecodedDocument(text, one_line(str(message["subject"] or "")) or None, _day(message))


def _body(part: EmailMessage, *, is_first: bool = True) -> str:
    """Return the text of a part: of alternatives the plain one, else the HTML; of others all, attached files apart."""
    if part.is_attachment() or (part.get_filename() and not is_first):
        return ""
    kind = part.get_content_type()
    if part.get_content_maintype() != "multipart":
        return _content(part) if kind == "text/plain" else html_text(_content(part)) if kind == "text/html" else ""
    children = [child for child in part.iter_parts() if isinstance(child, EmailMessage)]
    if kind == "multipart/alternative":
        return next(filter(str.strip, map(_body, sorted(children, key=_holds_html))), "")
    if kind == "multipart/related":
        del children[1:]
    texts = (_body(child, is_first=is_first and not at) for at, child in enumerate(children))
    return "\n".join(filter(str.strip, texts))


def _holds_html(part: EmailMessage) -> bool:
    return any(leaf.get_content_type() == "text/html" for leaf in part.walk())


def _content(part: EmailMessage) -> str:
    """Return the text of a part in its declared encoding; where that is ASCII, none or unknown, it is detected."""
    data, charset = part.get_payload(decode=True), part.get_content_charset("ascii")
    if not isinstance(data, bytes):
        return ""
    with suppress(LookupError):
        if codecs.lookup(charset).name != "ascii":
            return data.decode(charset, errors="replace")
    decoded = decode_page if part.get_content_subtype() == "html" else decode
    return decoded(data) if data else ""


def _day(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message["date"])).date().isoformat()
    except ValueError:
        return None
