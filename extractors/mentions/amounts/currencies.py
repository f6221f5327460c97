"""Currencies in a text: those beside a number, and which one a surface that several share means there."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
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
from extractors.mentions.patterns import lower, trie_pattern
from extractors.mentions.surfaces import Surfaces, beginnings

_CJK = 0x2E80
_REACH = 44  # characters before a number in which its currency may begin
_NO_LETTER = r"(?![^\W\d_])"
_GAP = re.compile(r"[\s\-]{0,2}")
_MARK_GAP = re.compile(r"(?:[.,]-|/-)?[\s\-]{0,2}\(?")
_NAME_GAP = re.compile(r"[\s\-]{0,2}(?:of[\s\-]|in[\s\-]|de[\s\-]|di[\s\-]|d'|\()?")
_STOPPED = re.compile(r"\.(?: (?:[a-z(]|\d\d? ?[a-zøö])|[,;:)])")  # a full stop that ends no sentence
_BESIDE = 90  # characters before a sum in which its country is sought first
_SENTENCE = re.compile(r"[.;!?] |\n")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Found(NamedTuple):
    """A currency beside a number, with its place."""

    money: Money
    start: int
    end: int
    surface: str
    kind: str  # "mark", "name", "weak" or "label"


@cache
def _before() -> tuple[Surfaces, Surfaces, Surfaces]:
    def turned(surfaces: Iterable[str]) -> list[str]:
        return [surface[::-1] for surface in surfaces]

    letters = [mark for mark in marks() if mark[0].isalpha() and ord(mark[0]) < _CJK]
    symbols = marks().keys() - set(letters)
    majors = (name for name, money in names().items() if not money.minor)
    return (
        Surfaces((turned(letters), r"(?![^\W_]|[.]\w)"), (turned(symbols), "")),
        Surfaces((turned(majors), r"(?!\w)")),
        Surfaces((turned(weak_marks()), r"(?![\w$.'’])")),
    )


@cache
def _after() -> tuple[Surfaces, Surfaces]:
    letters = [mark for mark in marks() if mark[-1].isalpha() and ord(mark[-1]) < _CJK]
    symbols = marks().keys() - set(letters)
    return Surfaces((letters, r"(?![^\W\d_]|\d)"), (symbols, r"(?!\d)")), Surfaces((names(), _NO_LETTER))


def before(text: str, low: str, start: int, floor: int) -> Found | None:
    """Find the currency that ends where a number starts, not reaching back beyond ``floor``."""
    reach = max(floor, start - _REACH)
    mark, name, weak = _before()
    window = text[reach:start][::-1]
    gap = _GAP.match(window).end()  # type: ignore[union-attr] # matches nothing too
    if end := mark.end_of(window, gap):
        surface = text[start - end : start - gap]
        return Found(marks()[blanks(surface)], start - end, start - gap, surface, "mark")
    if end := name.end_of(low[reach:start][::-1], gap):
        money = names()[normal(low[start - end : start - gap])]
        return Found(money, start - end, start - gap, text[start - end : start - gap], "name")
    if end := weak.end_of(window, gap):
        surface = text[start - end : start - gap]
        return Found(weak_marks()[surface], start - end, start - gap, surface, "weak")
    return None


def after(text: str, low: str, end: int) -> Found | None:
    """Find the currency that follows a number."""
    mark, name = _after()
    found = None
    gap = _MARK_GAP.match(text, end).end()  # type: ignore[union-attr] # matches nothing too
    if (ends := mark.end_of(text, gap)) and (close := _closed(text, end, gap, ends)):
        surface = text[gap:ends]
        if not surface.isupper() and f"{surface}." in marks() and _STOPPED.match(text, ends):  # "45 mio. kr. to run"
            ends = close = ends + 1
        found = Found(marks()[blanks(text[gap:ends])], gap, close, text[gap:ends], "mark")
    gap = _NAME_GAP.match(low, end).end()  # type: ignore[union-attr] # matches nothing too
    if (
        (ends := name.end_of(low, gap))
        and (close := _closed(text, end, gap, ends))
        and (not found or close > found.end)
    ):
        return Found(names()[normal(low[gap:ends])], gap, close, text[gap:ends], "name")
    return found


def _closed(text: str, start: int, begin: int, end: int) -> int:
    """Give the end of a currency with the bracket that its opening one asks for; 0 where it is not closed."""
    if not text.endswith("(", start, begin):
        return end
    return end + 1 if text.startswith(")", end) else 0


def _is_sure(surface: str, money: Money) -> bool:
    return len(money.codes) == 1 and not money.minor and len(surface) > 1


@cache
def _certain() -> tuple[Surfaces, Surfaces]:
    """Surfaces that name one currency beyond doubt, for counting; codes that are English words left out."""
    sure_marks = (mark for mark, money in marks().items() if _is_sure(mark, money) and mark not in word_marks())
    sure_names = (name for name, money in names().items() if _is_sure(name, money) and len(name) > 3)
    return Surfaces((sure_marks, _NO_LETTER)), Surfaces((sure_names, _NO_LETTER))


def _written(text: str) -> Iterator[str]:
    """Give the currencies that a text names beyond doubt, each as often as it does."""
    mark, name = _certain()
    low, done = lower(text), 0
    for run, place in beginnings(text):
        if place < done:
            continue
        if run in mark and (end := mark.end_of(text, place)):
            done = end
            yield marks()[blanks(text[place:end])].codes[0]
        elif run.lower() in name and (end := name.end_of(low, place)):
            done = end
            yield names()[normal(low[place:end])].codes[0]


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
        return Counter(_written(self._text))

    @cached_property
    def places(self) -> Counter[str]:
        """How often the text names the country of each currency."""
        return self._placed(self._text)

    def _placed(self, text: str) -> Counter[str]:
        pattern, codes = _codes_by_place()
        words = (blanks(match[1]) for match in pattern.finditer(text))
        return Counter(code for word in words for code in codes.get(word, ()))

    @cached_property
    def latest(self) -> int:
        """The latest year in the text or of its date."""
        years = [int(year) for year in _YEAR.findall(self._text)] + ([int(self._date[:4])] if self._date else [])
        return max(years, default=9999)

    def choose(self, money: Money, at: int) -> tuple[str, str | None]:
        """Choose the currency of a surface.

        Args:
            money: What the surface may stand for.
            at: Where it stands; of countries named those in its sentence count first.

        Returns:
            ISO 4217 code, and what was assumed to get there (None where the surface leaves no choice).
        """
        if len(money.codes) == 1:
            return self._of_the_time(money.codes[0])
        if written := self._written_out(money):
            return written, None if written == money.codes[0] else f"{written} elsewhere in the text"
        if money.rule != "explicit" and (placed := self._beside(money, at) or _most(self.places, money.codes)):
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

    def _beside(self, money: Money, at: int) -> str | None:
        """Give the currency of the only country that the sentence up to the sum names, of those that have one."""
        sentence = _SENTENCE.split(self._text[max(0, at - _BESIDE) : at])[-1]
        near = self._placed(sentence).keys() & set(money.codes)
        return near.pop() if len(near) == 1 else None

    def _of_the_time(self, code: str) -> tuple[str, str | None]:
        older = eras().get(code)
        if older and self.latest <= older[1]:
            return self._of_the_time(older[0])[0], f"{older[0]} until {older[1]}"
        return code, None


def _most(counts: Counter[str], codes: tuple[str, ...]) -> str | None:
    best = max(codes, key=counts.__getitem__)
    return best if counts[best] else None
