"""Plain text: from bytes to characters, by byte order marks, UTF-8 first, then a guess that is checked."""

import codecs
import datetime
import re
from contextlib import suppress

from charset_normalizer import from_bytes

from extractors.text.documents import DecodedDocument, UnreadableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 65_536  # bytes looked at to tell text from binary and to guess an encoding
_ZEROS = 8  # of so many bytes one is zero, at least, in a text of two bytes a character that is valid UTF-8 too
_FALLBACK = "cp1252"  # what an undeclared Western text most often is
_BEYOND = re.compile(r"[^\x00-\x7f]")
_IN_PLACE = re.compile(  # where Western text has them: capitals not after small letters, marks not within words
    r"[ß-öø-ÿšœž]|(?<![a-zß-öø-ÿ])[À-ÖØ-ÞŠŒŽŸ]|[’‘–—…·\xa0\xad]|(?<![A-Za-z])[¡-¿×÷€“”„‚‹›•†‡‰™]|[¡-¿×÷€“”„‚‹›•†‡‰™](?![A-Za-z])"
)
_FOREIGN = re.compile(r"[¡-¶¸-ÿ]{4}")  # letters of another script: no Western word has four beyond ASCII on end
_ODD = 50  # of so many characters beyond ASCII one may stand where Western text has none
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.{0,10000}?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FRONT_DATE = re.compile(r"^date[ \t]*:[ \t]*[\"']?(\d{4}-\d\d-\d\d)", re.IGNORECASE | re.MULTILINE)
_DAY = re.compile(r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def read_plain(data: bytes) -> DecodedDocument:
    """Read ``.txt`` and ``.md``: the text as decoded, not a character changed; a front matter states its date."""
    text = decode(data)
    front = _FRONT.match(text)
    found = _FRONT_DATE.search(front[1]) if front else None
    return DecodedDocument(text, date=iso_day(found[1]) if found else None)


def read_rtf(data: bytes) -> DecodedDocument:
    """Read the text of a Rich Text document."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableError("unreadable", "the file is no Rich Text")
    return DecodedDocument(rtf_to_text(data.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]


def iso_day(stated: str) -> str | None:
    """Return the day that a stated date begins with, ISO 8601; None where it is none."""
    found = _DAY.match(stated)
    try:
        return datetime.date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _guess(data: bytes) -> str:
    """Guess an encoding; among equally likely ones the one most often met wins, not the alphabet's first."""
    if _is_western(data[:_SAMPLE]):
        return _FALLBACK
    matches = from_bytes(data[:_SAMPLE])
    best = matches.best()
    if best is None or any(_FALLBACK in one.could_be_from_charset and one.chaos <= best.chaos for one in matches):
        return _FALLBACK
    return best.encoding


def _is_western(sample: bytes) -> bool:
    """Return whether bytes make sense as Windows-1252; in English those beyond ASCII are too few to guess by."""
    try:
        text = sample.decode(_FALLBACK)
    except UnicodeDecodeError:
        return False
    beyond = len(_BEYOND.findall(text))
    return not _FOREIGN.search(text) and _ODD * (beyond - len(_IN_PLACE.findall(text))) <= beyond


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return b"\x00" in sample or len(_CONTROL.findall(sample)) > len(sample) // 50


def encoding_of(sample: bytes) -> str:
    """Return a file's encoding by its first bytes: marks, zeros of UTF-16, UTF-8 (with the odd slip), else a guess."""
    if marked := _marked(sample):
        return marked
    if b"\x00" in sample and not _has_odd_zeros(sample):
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    text = sample.decode("utf-8", errors="replace")
    wrong = text[:-1].count("\ufffd")  # the sample may end inside a character
    right = sum(letter > "\x7f" for letter in text) - text.count("\ufffd")
    return "utf-8-sig" if right >= wrong else _guess(sample)


def _has_odd_zeros(sample: bytes) -> bool:
    """Return whether the zeros are slips in a text of bytes; text of two bytes a character has more, or is no UTF-8."""
    text = sample.decode("utf-8", errors="replace")
    return _ZEROS * sample.count(0) < len(sample) and "\ufffd" not in text[:-1]  # it may end inside a character


def decode(data: bytes) -> str:
    """Decode a file's bytes.

    Raises UnreadableError (``binary``, ``undecodable``) where they are no text.
    """
    encoding = _marked(data)
    if encoding is None and _is_binary(data):
        raise UnreadableError("binary", "the file holds binary data, not text; was it renamed from another format?")
    with suppress(UnicodeDecodeError):
        return data.decode(encoding or "utf-8")
    try:
        return data.decode(_guess(data))
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableError("undecodable", "no encoding fits the file's bytes; save it as UTF-8") from error
