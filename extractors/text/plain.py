"""Plain text: bytes decoded by their byte order mark, as UTF-8, or in an encoding that is guessed and checked."""

import codecs
import datetime
import re
import unicodedata
from contextlib import suppress

from charset_normalizer import from_bytes

from extractors.text.documents import DecodedDocument, UnreadableError
from schemas.packaged import packaged_rows

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_LAYOUT = "\t\n\v\f\r\x1b"  # control characters that texts have
_MOST_CONTROLS = 50  # in text at most one character in so many is a control character, or none of Unicode
_SAMPLE = 65_536  # bytes looked at to tell text from binary and to guess an encoding
_ZEROS = 8  # at least one byte in so many is zero in UTF-16 that is also valid UTF-8
CP1252_ERRORS = "coopledger.cp1252"
"""Name of the handler of errors that reads single bytes as Windows-1252."""
_FALLBACK = "cp1252"  # the usual encoding of a Western text that declares none
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_WESTERN = re.compile(  # characters as Western text has them: no capitals after small letters, no marks within words
    r"[ß-öø-ÿšœž]|(?<![a-zß-öø-ÿ])[À-ÖØ-ÞŠŒŽŸ]|[’‘–—…·\xa0\xad]|(?<![A-Za-z])[¡-¿×÷€“”„‚‹›•†‡‰™]|[¡-¿×÷€“”„‚‹›•†‡‰™](?![A-Za-z])"
)
_FOREIGN = re.compile(r"[¡-¶¸-ÿ]{4}")  # letters of another script: no Western word has four non-ASCII ones in a row
_ODD = 50  # at most one non-ASCII character in so many stands where Western text has none
_CHARSETS = {row["label"]: row["codec"] for row in packaged_rows("extractors.text", "tables/charsets.csv")}
"""Codecs of the names by which pages declare an encoding, where browsers and Python differ."""
_HEAD = 8192  # bytes of a page in which its encoding is declared
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(
    rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:-]+)|<meta\s[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
_C1 = re.compile("[\x80-\x9f]")  # control characters that no page has: where they come out, the declaration is wrong
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.{0,10000}?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FRONT_DATE = re.compile(r"^date[ \t]*:[ \t]*[\"']?(\d{4}-\d\d-\d\d)", re.IGNORECASE | re.MULTILINE)
_DAY = re.compile(r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def read_plain(data: bytes) -> DecodedDocument:
    """Read ``.txt`` and ``.md``: the decoded text, unchanged, with the date that a front matter states."""
    text = decode(data)
    front = _FRONT_MATTER.match(text)
    found = _FRONT_DATE.search(front[1]) if front else None
    return DecodedDocument(text, date=iso_day(found[1]) if found else None)


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
    if b"\x00" in sample and not _has_odd_zeros(sample):
        return not _is_utf16(sample)
    return len(_CONTROL.findall(sample)) > len(sample) // _MOST_CONTROLS


def encoding_of(sample: bytes) -> str:
    """Return the encoding by a file's first bytes: mark, zeros of UTF-16, UTF-8 with few errors, else a guess."""
    if marked := _marked_encoding(sample):
        return marked
    if b"\x00" in sample and not _has_odd_zeros(sample):
        return _utf16_order(sample)
    return "utf-8-sig" if _is_mostly_utf8(sample) else _guess(sample)


def _is_mostly_utf8(sample: bytes) -> bool:
    """Return whether bytes have as many non-ASCII characters in correct UTF-8 as errors in it, or more."""
    text = sample.decode("utf-8", errors="replace")
    wrong = text[:-1].count("\ufffd")  # the sample may end inside a character
    correct = sum(letter > "\x7f" for letter in text) - text.count("\ufffd")
    return correct >= wrong


def _has_odd_zeros(sample: bytes) -> bool:
    """Return whether zero bytes are errors in UTF-8 text; UTF-16 has more of them, or is not valid UTF-8."""
    text = sample.decode("utf-8", errors="replace")
    return _ZEROS * sample.count(0) < len(sample) and "\ufffd" not in text[:-1]  # it may end inside a character


def _utf16_order(sample: bytes) -> str:
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _is_utf16(sample: bytes) -> bool:
    """Return whether bytes with zeros are text in UTF-16: its characters are assigned, and few are controls."""
    text = sample.decode(_utf16_order(sample), errors="replace")
    odd = sum(unicodedata.category(letter) in ("Cc", "Cn", "Co") for letter in text if letter not in _LAYOUT)
    return odd + text[:-1].count("\ufffd") <= len(text) // _MOST_CONTROLS


def decode(data: bytes) -> str:
    """Return the text of a file's bytes; single bytes of Windows-1252 among UTF-8 are read as such.

    Raises UnreadableError (``binary``, ``undecodable``) where they are no text.
    """
    encoding = _marked_encoding(data)
    if encoding is None and _is_binary(data):
        raise UnreadableError("binary", "the file holds binary data, not text; was it renamed from another format?")
    if encoding is None and b"\x00" in data[:_SAMPLE]:
        encoding = encoding_of(data[:_SAMPLE])
    with suppress(UnicodeDecodeError):
        return data.decode(encoding or "utf-8")
    if encoding in (None, "utf-8-sig") and _is_mostly_utf8(data):
        return data.decode(encoding or "utf-8", errors=CP1252_ERRORS)
    try:
        return data.decode(_guess(data))
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableError("undecodable", "no encoding fits the file's bytes; save it as UTF-8") from error


def decode_page(data: bytes) -> str:
    """Return the text of a web page's bytes: by its mark, as UTF-8, as it declares, else as ``decode`` guesses.

    A declaration counts where the bytes fit it and are not UTF-8. Raises UnreadableError as ``decode`` does.
    """
    declared = None if _marked_encoding(data) else _declared_encoding(data)
    if declared and (declared.startswith("iso2022") or not _is_mostly_utf8(data)):
        with suppress(UnicodeDecodeError):
            text = data.decode(declared)
            if not _C1.search(text):
                return text
    return decode(data).replace("\x00", "")


def _declared_encoding(data: bytes) -> str | None:
    """Return the codec of the encoding that a page declares; None for none, an unknown one and Unicode."""
    found = _DECLARATION.search(_COMMENT.sub(b"", data[:_HEAD]))
    if not found:
        return None
    label = (found[1] or found[2]).decode("ascii").lower()
    try:
        name = codecs.lookup(_CHARSETS.get(label, label)).name
        return None if name.startswith("utf") or not b" ".decode(name) else name
    except LookupError:  # raised for codecs that decode no text too
        return None


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(CP1252_ERRORS, _as_cp1252)  # for single bytes in a file that is otherwise UTF-8
