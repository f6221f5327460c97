"""Currencies in a text: those beside a number, and which one a surface that several share means there."""

import re
from collections import Counter
from functools import cache, cached_property
from typing import NamedTuple

from extractors.mentions.amounts.tables import (
    Money,
    blanks,
    eras,
    marks,
    names,
    normal,
    places,
    units,
    weak_marks,
    word_marks,
)
from extractors.mentions.patterns import trie_pattern

_CJK = 0x2E80
_REACH = 44  # characters before a number in which its currency may begin
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Found(NamedTuple):
    """A currency beside a number, with its place."""

    money: Money
    start: int
    end: int
    surface: str
    kind: str  # "mark", "name", "weak" or "label"


@cache
def _before() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    def turned(surfaces: list[str]) -> str:
        return trie_pattern(surface[::-1] for surface in surfaces)

    gap = r"[\s\-]{0,2}"
    letters = [mark for mark in marks() if mark[0].isalpha() and ord(mark[0]) < _CJK]
    symbols = [mark for mark in marks() if mark not in letters]
    return (
        re.compile(rf"({gap})({turned(letters)}(?![^\W_]|[.]\w)|{turned(symbols)})"),
        re.compile(rf"({gap})({turned([name for name in names() if not names()[name].minor])})(?!\w)"),
        re.compile(rf"({gap})({turned(list(weak_marks()))})(?![\w$.'’])"),
    )


@cache
def _after() -> tuple[re.Pattern[str], re.Pattern[str]]:
    letters = [mark for mark in marks() if mark[-1].isalpha() and ord(mark[-1]) < _CJK]
    symbols = [mark for mark in marks() if mark not in letters]
    return (
        re.compile(
            rf"(?:[.,]-|/-)?[\s\-]{{0,2}}(?:\()?((?:{trie_pattern(letters)})(?![^\W\d_]|\d)|{trie_pattern(symbols)}(?!\d))"
        ),
        re.compile(
            rf"[\s\-]{{0,2}}(?:of[\s\-]|in[\s\-]|de[\s\-]|di[\s\-]|d'|\()?({trie_pattern(names())})(?![^\W\d_])"
        ),
    )


def before(text: str, low: str, start: int, floor: int) -> Found | None:
    """Find the currency that ends where a number starts, not reaching back beyond ``floor``."""
    reach = max(floor, start - _REACH)
    mark, name, weak = _before()
    window = text[reach:start][::-1]
    if found := mark.match(window):
        return _turned(found, text, start, marks()[blanks(found[2][::-1])], "mark")
    if found := name.match(low[reach:start][::-1]):
        return _turned(found, text, start, names()[normal(found[2][::-1])], "name")
    if found := weak.match(window):
        return _turned(found, text, start, weak_marks()[found[2][::-1]], "weak")
    return None


def _turned(found: re.Match[str], text: str, start: int, money: Money, kind: str) -> Found:
    begin, end = start - found.end(2), start - found.start(2)
    return Found(money, begin, end, text[begin:end], kind)


def after(text: str, low: str, end: int) -> Found | None:
    """Find the currency that follows a number."""
    mark, name = _after()
    found = None
    if (as_mark := mark.match(text, end)) and (close := _closed(text, as_mark)):
        found = Found(marks()[blanks(as_mark[1])], as_mark.start(1), close, as_mark[1], "mark")
    if (as_name := name.match(low, end)) and (close := _closed(text, as_name)) and (not found or close > found.end):
        money = names()[normal(as_name[1])]
        return Found(money, as_name.start(1), close, text[as_name.start(1) : as_name.end(1)], "name")
    return found


def _closed(text: str, found: re.Match[str]) -> int:
    """Give the end of a currency with the bracket that its opening one asks for; 0 where it is not closed."""
    opened = found.string[found.start() : found.start(1)].endswith("(")
    if not opened:
        return found.end(1)
    return found.end(1) + 1 if text.startswith(")", found.end(1)) else 0


def _is_sure(surface: str, money: Money) -> bool:
    return len(money.codes) == 1 and not money.minor and len(surface) > 1


@cache
def _certain() -> re.Pattern[str]:
    """Surfaces that name one currency beyond doubt, for counting; codes that are English words left out."""
    sure_marks = [mark for mark, money in marks().items() if _is_sure(mark, money) and mark not in word_marks()]
    sure_names = [name for name, money in names().items() if _is_sure(name, money) and len(name) > 3]
    return re.compile(
        rf"(?<![^\W_])(?:({trie_pattern(sure_marks)})(?![^\W\d_])|(?i:({trie_pattern(sure_names)}))(?![^\W\d_]))"
    )


@cache
def _codes_by_place() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    codes: dict[str, list[str]] = {}
    for code, words in places().items():
        for word in words:
            codes.setdefault(word, []).append(code)
    return re.compile(rf"\b({trie_pattern(codes)})\b"), codes


class Context:
    """What a text says about its currencies; each part is read only when an ambiguous surface asks for it."""

    def __init__(self, text: str, *, date: str | None = None) -> None:
        self._text = text
        self._date = date

    @cached_property
    def written(self) -> Counter[str]:
        """How often the text names each currency beyond doubt."""
        found = _certain().finditer(self._text)
        sure = (marks()[blanks(match[1])] if match[1] else names()[normal(match[2])] for match in found)
        return Counter(money.codes[0] for money in sure)

    @cached_property
    def places(self) -> Counter[str]:
        """How often the text names the country of each currency."""
        pattern, codes = _codes_by_place()
        words = (blanks(match[1]) for match in pattern.finditer(self._text))
        return Counter(code for word in words for code in codes.get(word, ()))

    @cached_property
    def latest(self) -> int:
        """The latest year in the text or of its date."""
        years = [int(year) for year in _YEAR.findall(self._text)] + ([int(self._date[:4])] if self._date else [])
        return max(years, default=9999)

    def choose(self, money: Money) -> tuple[str, str | None]:
        """Choose the currency of a surface.

        Returns:
            ISO 4217 code, and what was assumed to get there (None where the surface leaves no choice).
        """
        if len(money.codes) == 1:
            return self._of_the_time(money.codes[0])
        if written := self._written_out(money):
            return written, None if written == money.codes[0] else f"{written} elsewhere in the text"
        if money.rule != "explicit" and (placed := _most(self.places, money.codes)):
            code, older = self._of_the_time(placed)
            return code, older or f"{placed} by the countries named"
        if money.rule == "weak":
            return "", None
        code, older = self._of_the_time(money.codes[0])
        return code, older or f"{money.codes[0]} by default"

    def prevailing(self) -> tuple[str, str]:
        """Return the currency that the text writes most, dollars where it writes none, and what was assumed."""
        written = self.written.most_common(1)
        return (written[0][0], f"{written[0][0]} elsewhere in the text") if written else ("USD", "USD by default")

    def _written_out(self, money: Money) -> str | None:
        """Give the currency that the text itself writes out; for a bare dollar only where no US dollars are."""
        if money.rule != "explicit":
            return _most(self.written, money.codes)
        dollars = tuple(code for code in money.codes if units().get(code) == "dollar")
        return None if self.written["USD"] else _most(self.written, dollars)

    def _of_the_time(self, code: str) -> tuple[str, str | None]:
        older = eras().get(code)
        if older and self.latest <= older[1]:
            return self._of_the_time(older[0])[0], f"{older[0]} until {older[1]}"
        return code, None


def _most(counts: Counter[str], codes: tuple[str, ...]) -> str | None:
    best = max(codes, key=counts.__getitem__)
    return best if counts[best] else None
