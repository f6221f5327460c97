"""Currencies beside a number: what stands before it, what stands after it."""

import re
from functools import cache
from typing import NamedTuple

from extractors.mentions.amounts.tables import Money, blanks, marks, names, normal, weak_marks
from extractors.mentions.amounts.trie import trie_pattern

_CJK = 0x2E80
_REACH = 44  # characters before a number in which its currency may begin


class Found(NamedTuple):
    """A currency beside a number, with its place."""

    money: Money
    start: int
    end: int
    surface: str
    kind: str  # "mark", "name" or "weak"


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
            rf"(?:,-)?[\s\-]{{0,2}}(?:\()?((?:{trie_pattern(letters)})(?![^\W\d_]|\d)|{trie_pattern(symbols)}(?!\d))"
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
    if (as_mark := mark.match(text, end)) and _closed(text, as_mark):
        found = Found(marks()[blanks(as_mark[1])], as_mark.start(1), _closed(text, as_mark), as_mark[1], "mark")
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
