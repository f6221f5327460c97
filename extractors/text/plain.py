"""Plain text: bytes decoded by their byte order mark, as UTF-8, or in an encoding that is guessed and checked."""

import codecs
import datetime
import re
from contextlib import suppress

from charset_normalizer import from_bytes

from extractors.text.documents import DecodedDocument, UnreadableError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 65_536  # bytes looked at to tell text from binary and to guess an encoding
_ZEROS = 8  # at least one byte in so many is zero in UTF-16 that is also valid UTF-8
_FALLBACK = "cp1252"  # the usual encoding of a Western text that declares none
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_WESTERN = re.compile(  # characters as Western text has them: no capitals after small letters, no marks within words
    r"[ß-öø-ÿšœž]|(?<![a-zß-öø-ÿ])[À-ÖØ-ÞŠŒŽŸ]|[’‘–—…·\xa0\xad]|(?<![A-Za-z])[¡-¿×÷€“”„‚‹›•†‡‰™]|[¡-¿×÷€“”„‚‹›•†‡‰™](?![A-Za-z])"
)
_FOREIGN = re.compile(r"[¡-¶¸-ÿ]{4}")  # letters of another script: no Western word has four non-ASCII ones in a row
_ODD = 50  # at most one non-ASCII character in so many stands where Western text has none
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.{0,10000}?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FRONT_DATE = re.compile(r"^date[ \t]*:[ \t]*[\"']?(\d{4}-\d\d-\d\d)", re.IGNORECASE | re.MULTILINE)
_DAY = re.compile(r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def read_plain(data: bytes) -> DecodedDocument:
    """Read ``.txt`` and ``.md``: the decoded text, unchanged, with the date that a front matter states."""
    text = decode(data)
    front = _FRONT_MATTER.match(text)
    found = _FRONT_DATE.search(front[1]) if front else None
    return DecodedDocument(text, date=iso_day(found[1]) if found else None)


def read_rtf(data: bytes) -> DecodedDocument:
    """Read the text of a Rich Text document."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableError("unreadable", "the file is no Rich Text")
    return DecodedDocument(rtf_to_text(data.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]


def iso_day(stated: str) -> str | None:
    """Return the day with which a date string begins, in ISO 8601; None where it begins with none."""
    found = _DAY.match(stated)
    try:
        return datetime.date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def _marked_encoding(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)


def _guess(data: bytes) -> str:
    """Guess an encoding; among equally likely ones, prefer Windows-1252, the most frequent."""
    if _is_western(data[:_SAMPLE]):
        return _FALLBACK
    matches = from_bytes(data[:_SAMPLE])
    best = matches.best()
    if best is None or any(_FALLBACK in one.could_be_from_charset and one.chaos <= best.chaos for one in matches):
        return _FALLBACK
    return best.encoding


def _is_western(sample: bytes) -> bool:
    """Return whether bytes are plausible Windows-1252; English has too few non-ASCII ones for statistics."""
    try:
        text = sample.decode(_FALLBACK)
    except UnicodeDecodeError:
        return False
    non_ascii = len(_NON_ASCII.findall(text))
    return not _FOREIGN.search(text) and _ODD * (non_ascii - len(_WESTERN.findall(text))) <= non_ascii


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return b"\x00" in sample or len(_CONTROL.findall(sample)) > len(sample) // 50


def encoding_of(sample: bytes) -> str:
    """Return the encoding by a file's first bytes: mark, zeros of UTF-16, UTF-8 with few errors, else a guess."""
    if marked := _marked_encoding(sample):
        return marked
    if b"\x00" in sample and not _has_odd_zeros(sample):
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    text = sample.decode("utf-8", errors="replace")
    wrong = text[:-1].count("\ufffd")  # the sample may end inside a character
    correct = sum(letter > "\x7f" for letter in text) - text.count("\ufffd")
    return "utf-8-sig" if correct >= wrong else _guess(sample)


def _has_odd_zeros(sample: bytes) -> bool:
    """Return whether zero bytes are errors in UTF-8 text; UTF-16 has more of them, or is not valid UTF-8."""
    text = sample.decode("utf-8", errors="replace")
    return _ZEROS * sample.count(0) < len(sample) and "\ufffd" not in text[:-1]  # it may end inside a character


def decode(data: bytes) -> str:
    """Return the text of a file's bytes.

    Raises UnreadableError (``binary``, ``undecodable``) where they are no text.
    """
    encoding = _marked_encoding(data)
    if encoding is None and _is_binary(data):
        raise UnreadableError("binary", "the file holds binary data, not text; was it renamed from another format?")
    with suppress(UnicodeDecodeError):
        return data.decode(encoding or "utf-8")
    try:
        return data.decode(_guess(data))
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableError("undecodable", "no encoding fits the file's bytes; save it as UTF-8") from error
