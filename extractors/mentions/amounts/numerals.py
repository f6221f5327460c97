"""Digits in every grouping habit, as numbers.

``1,234,567.89``, ``1.234.567,89``, ``1 234 567``, ``12,34,567``, ``1'234'567.89``, ``1,5``, ``.5``, ``3 1/2``, ``2½``.
A lone group of three behind a full stop is a decimal ("1.234"), behind a comma a thousand ("1,234"): the reader of
English expects it. ``grouped_by_stop`` lets money and counts take "25.000 euros" for thousands.
"""

import re
import unicodedata

from extractors.mentions.amounts.tables import scale_surfaces
from extractors.mentions.amounts.trie import trie_pattern

_DECIMAL = (  # behind ". " in tokenised text: what shows that no sentence begins with it
    rf"\d{{1,2}}(?= ?(?:{trie_pattern(scale_surfaces('word'))}|%|per ?cent)(?![^\W_]))|\d\d(?= ?(?:[,;:)]|\.?\s*\Z))"
)

# Every repeat is bounded, and no two branches fight over the same run: matching time is linear in the text.
DIGITS = re.compile(
    rf"(?P<loose>\d{{1,3}}(?: , \d{{3}}){{0,8}} \. (?:{_DECIMAL})|\d{{1,3}}(?: , \d{{3}}){{1,8}} \. \d\d(?! ?\d))"
    r"|(?P<apart>\d{1,3}(?: , \d{3}){1,8}(?! ?[,.]? ?\d))"
    r"|(?P<broken>(?<!\d, )\d{1,3}(?:,\d{3}){1,4}, \d{3}(?:,\d{3}){1,4}(?!\d|,\s?\d|,? (?:and|or|&)\b)(?:\.\d+)?)"
    r"|(?P<us>\d{1,3}(?:(?:,\d{3}){1,8}(?:, 000(?![\d,]))?|, 000(?![\d,]))(?![\d]|,\d)(?:\.\d+)?)"
    r"|(?P<indian>\d{1,2}(?:,\d{2}){1,6},\d{3}(?![\d]|,\d)(?:\.\d+)?)"
    r"|(?P<odd>\d{1,3}(?:,\d{3}){0,4},(?!(?:19|20)\d\d(?!\d))\d{4}(?![\d,]))"
    r"|(?P<euro>\d{1,3}(?:\.\d{3}){2,8}(?![\d]|\.\d)(?:,\d{1,4}(?!\d))?|\d{1,3}(?:\.\d{3}){1,8},\d{1,2}(?!\d|,\d))"
    r"|(?P<swiss>\d{1,3}(?:'\d{3}){1,8}(?!\d)(?:[.,]\d{1,2}(?!\d))?)"
    r"|(?P<blank>[1-9]\d{0,2}(?: \d{3}){1,8}(?![\d]|[,.]\d{3}(?!\d))(?:[.,]\d{1,2}(?!\d))?)"
    r"|(?P<mixed>\d{1,4}(?:,\d{3})?(?: | and |-)(?=\d{1,2}/\d{1,2}(?![\d/]))\d{1,2}/\d{1,2})"
    r"|(?P<part>\d{1,2}/\d{1,2}(?![\d/]))"
    r"|(?P<comma>\d+,\d{1,2}(?![\d]|,\d|\.\d))"
    r"|(?P<plain>\d+(?:\.\d+)?(?:[eE][+\-]?\d{1,2}(?!\w))?)"
)
_MIXED = re.compile(r" and |[ -]")
_VULGAR = {char: unicodedata.numeric(char) for char in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
VULGAR = "".join(_VULGAR)
_VULGAR_AT = re.compile(rf"\s?([{VULGAR}])")


_RUN = re.compile(r"\d+(?:[.,']\d+)*")
_ON = re.compile(r"[.,'](?=\d)")
_BLANK_ON = re.compile(r" \d{1,2}(?![\d.,/:]|\w)")


def _run_end(text: str, start: int, end: int, kind: str) -> int | None:
    """Return where digits end that go on behind a number in no known grouping: "1,234,56.78", "5 000 00"."""
    if kind == "blank" and (on := _BLANK_ON.match(text, end)):
        return on.end()
    return _RUN.match(text, start).end() if _ON.match(text, end) else None  # type: ignore[union-attr]


def _fraction(text: str) -> float | None:
    top, bottom = (int(piece) for piece in text.split("/"))
    return top / bottom if 0 < top < bottom <= 16 or bottom == 100 else None


def _mixed(text: str) -> float | None:
    whole, part = _MIXED.split(text)
    value = _fraction(part)
    return None if value is None else float(whole.replace(",", "")) + value


def _simple(kind: str, text: str) -> float:
    if kind in ("euro", "comma"):
        return float(text.replace(".", "").replace(",", "."))
    if kind in ("apart", "loose"):
        return float(text.replace(" , ", "").replace(" ", ""))
    if kind in ("swiss", "blank"):
        return float(text.replace("'", "").replace(" ", "").replace(",", "."))
    return float(text.replace(",", "").replace(" ", ""))


def read_digits(text: str, start: int) -> tuple[float, int, str] | None:
    """Read the number that starts with the digit here.

    Returns:
        Value, end, and the habit of grouping (``unread`` where the digits are grouped in no known way, ``apart`` and
        ``loose`` with blanks around the marks, ``us``, ``broken`` by a stray blank, ``odd`` with a mark set wrong,
        ``indian``, ``euro``, ``swiss``, ``blank``, ``mixed``, ``part``, ``comma``, ``plain``, ``stop`` for one group
        of three behind a full stop), or None for no number.
    """
    found = DIGITS.match(text, start)
    if not found:
        return None
    kind, surface, end = found.lastgroup or "plain", found[0], found.end()
    if kind not in ("mixed", "part") and (run_end := _run_end(text, start, end, kind)):
        return 0.0, max(end, run_end), "unread"
    if kind in ("mixed", "part"):
        value = (_mixed if kind == "mixed" else _fraction)(surface)
        if value is not None:
            return value, end, kind
        surface = _MIXED.split(surface)[0] if kind == "mixed" else surface.split("/")[0]
        return float(surface.replace(",", "")), start + len(surface), "plain"
    if len(surface) > 40:
        return 0.0, end, "unread"
    value = _simple(kind, surface)
    if vulgar := _VULGAR_AT.match(text, end):
        return value + _VULGAR[vulgar[1]], vulgar.end(), "mixed"
    return value, end, "stop" if kind == "plain" and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", surface) else kind


def vulgar(char: str) -> float:
    """Value of a fraction in one character."""
    return _VULGAR[char]
