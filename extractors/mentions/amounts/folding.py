"""Folding that keeps every offset: full-width forms, odd blanks and dashes become their plain one-character forms."""

import re
import unicodedata

_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u301c"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DIGITS = {
    code: str(unicodedata.digit(chr(code)))
    for start in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10)
    for code in range(start, start + 10)
}
_TABLE: dict[int, str | int] = {
    **_FULL_WIDTH,
    **_DIGITS,
    **{ord(char): " " for char in _BLANKS},
    **{ord(char): "-" for char in _DASHES},
    0xFFE5: "¥",
    0xFFE1: "£",
    0xFFE0: "¢",
    0x2019: "'",
    0x2018: "'",
    0x00B4: "'",
}
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


_EDITORIAL = re.compile(r"\[([A-Z][a-z]+)\](?= [a-z])")


def fold(text: str) -> str:
    """Fold a text for matching; the result has the same length, so offsets agree.

    What an editor added in brackets reads as said ("4m [Tunisian] dinars").
    """
    folded = text.replace("\t", " ") if text.isascii() else text.translate(_TABLE)
    return _EDITORIAL.sub(r" \1 ", folded) if "[" in folded else folded


def lower(text: str) -> str:
    """Put a text in lower case without changing its length."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_ASCII_LOWER)
