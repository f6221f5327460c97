"""Currencies in a text: those beside a number or in its label, and the choice where a surface is ambiguous."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from extractors.mentions.amounts.tables import (
    ERAS,
    MARKS,
    NAMES,
    PLACES,
    UNIT_NAMES,
    WEAK_MARKS,
    WORD_MARKS,
    Money,
    fold_blanks,
    fold_name,
    scale_surfaces,
)
from extractors.mentions.patterns import Patterns, Surfaces, match_end, surface_starts, trie_pattern

_RE = Patterns("extractors.mentions.amounts", "currencies")
_CJK = 0x2E80
_REACH = 44  # characters before a number in which its currency may begin
_NO_LETTER = r"(?![^\W\d_])"
_SENTENCE_REACH = 90  # characters before a sum in which the country of its sentence is looked for

_LABEL_REACH = 40  # characters before a number in which its label is looked for
_LABEL_SCALES = {word: word for word in (*scale_surfaces("word"), *scale_surfaces("plural"), "m", "k", "bn", "cr")}
_LABEL_SCALES["cr."] = "cr"


def _reversed(surfaces: Iterable[str]) -> list[str]:
    return [surface[::-1] for surface in surfaces]


def _is_certain(surface: str, money: Money) -> bool:
    """Return whether a surface names exactly one currency: one code, no minor unit, not a single character."""
    return len(money.codes) == 1 and not money.minor and len(surface) > 1


def _marks_with_letter(place: int) -> set[str]:
    """Return the marks whose character at index ``place`` is a letter of a script that separates words by blanks."""
    return {mark for mark in MARKS if mark[place].isalpha() and ord(mark[place]) < _CJK}


_MARK_BEFORE = Surfaces(
    (_reversed(_marks_with_letter(0)), r"(?![^\W_]|[.]\w)"), (_reversed(MARKS.keys() - _marks_with_letter(0)), "")
)  # reversed, to match backwards from the number, as the next two
_NAME_BEFORE = Surfaces((_reversed(name for name, money in NAMES.items() if not money.minor), r"(?!\w)"))
_WEAK_BEFORE = Surfaces((_reversed(WEAK_MARKS), r"(?![\w$.'’])"))
_MARK_AFTER = Surfaces((_marks_with_letter(-1), r"(?![^\W\d_]|\d)"), (MARKS.keys() - _marks_with_letter(-1), r"(?!\d)"))
_NAME_AFTER = Surfaces((NAMES, _NO_LETTER))
_CERTAIN_MARK = Surfaces(
    ((mark for mark, money in MARKS.items() if _is_certain(mark, money) and mark not in WORD_MARKS), _NO_LETTER)
)
_CERTAIN_NAME = Surfaces(
    ((name for name, money in NAMES.items() if _is_certain(name, money) and len(name) > 3), _NO_LETTER)
)


class CurrencyMatch(NamedTuple):
    """A currency beside a number, with its offsets in the text."""

    money: Money
    start: int
    end: int
    surface: str
    kind: str  # "mark", "name", "weak" or "label"


@cache
def _codes_by_place() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for code, words in PLACES.items():
        for word in words:
            codes[word].append(code)
    return re.compile(rf"\b({trie_pattern(codes)})\b"), codes


class Context:
    """A folded text, as written and in lower case, and what it says about its currencies.

    The whole text is searched for currencies and countries only when an ambiguous surface needs them.
    """

    def __init__(self, text: str, low: str, *, date: str | None = None) -> None:
        self.text = text
        self.low = low
        self._date = date

    def before(self, start: int, floor: int) -> CurrencyMatch | None:
        """Find the currency that ends where a number starts; it does not begin before the offset ``floor``."""
        reach = max(floor, start - _REACH)
        window = self.text[reach:start][::-1]
        gap = match_end(_RE.gap, window)
        if end := _MARK_BEFORE.end_of(window, gap):
            kind, money = "mark", MARKS[fold_blanks(self.text[start - end : start - gap])]
        elif end := _NAME_BEFORE.end_of(self.low[reach:start][::-1], gap):
            kind, money = "name", NAMES[fold_name(self.low[start - end : start - gap])]
        elif end := _WEAK_BEFORE.end_of(window, gap):
            kind, money = "weak", WEAK_MARKS[self.text[start - end : start - gap]]
        else:
            return None
        return CurrencyMatch(money, start - end, start - gap, self.text[start - end : start - gap], kind)

    def after(self, end: int) -> CurrencyMatch | None:
        """Find the currency that follows a number which ends at ``end``."""
        text, found = self.text, None
        gap = match_end(_RE.mark_gap, text, end)
        if (ends := _MARK_AFTER.end_of(text, gap)) and (close := self._closing_end(end, gap, ends)):
            surface = text[gap:ends]
            if (
                not surface.isupper() and f"{surface}." in MARKS and _RE.stopped.match(text, ends)
            ):  # "45 mio. kr. to run"
                ends = close = ends + 1
            found = CurrencyMatch(MARKS[fold_blanks(text[gap:ends])], gap, close, text[gap:ends], "mark")
        gap = match_end(_RE.name_gap, self.low, end)
        close = self._closing_end(end, gap, ends) if (ends := _NAME_AFTER.end_of(self.low, gap)) else 0
        if ends and close > (found.end if found else 0):
            return CurrencyMatch(NAMES[fold_name(self.low[gap:ends])], gap, close, text[gap:ends], "name")
        return found

    def _closing_end(self, start: int, begin: int, end: int) -> int:
        """Return the end of a currency, past the closing bracket if one was opened; 0 where it is not closed."""
        if not self.text.endswith("(", start, begin):
            return end
        return end + 1 if self.text.startswith(")", end) else 0

    def label_before(self, start: int, end: int, floor: int) -> tuple[CurrencyMatch, str] | None:
        """Find the currency in the label of a number from ``start`` to ``end``, and the scale there or ""."""
        closes = self.low[max(0, start - 5) : start].rstrip("- \n")[-1:]
        if not closes or closes not in ")|:=" or not _RE.label_ends.match(self.low, end):
            return None
        label = _RE.label.search(self.text, max(floor, start - _LABEL_REACH), start)
        group = "unit" if label and label["unit"] else "code"
        read = _read_label(label[group].strip()) if label else None
        if label is None or read is None:
            return None
        return CurrencyMatch(read[0], *label.span(group), label[group], "label"), read[1]

    @cached_property
    def _code_counts(self) -> Counter[str]:
        """How often the text names each currency unambiguously, by code."""
        return Counter(self._certain_codes())

    def _certain_codes(self) -> Iterator[str]:
        done = 0
        for run, place in surface_starts(self.text):
            if place < done:
                continue
            if run in _CERTAIN_MARK and (end := _CERTAIN_MARK.end_of(self.text, place)):
                done = end
                yield MARKS[fold_blanks(self.text[place:end])].codes[0]
            elif run.lower() in _CERTAIN_NAME and (end := _CERTAIN_NAME.end_of(self.low, place)):
                done = end
                yield NAMES[fold_name(self.low[place:end])].codes[0]

    @cached_property
    def places(self) -> Counter[str]:
        """How often the text names the country of each currency, by code."""
        return self._count_places(self.text)

    def _count_places(self, text: str) -> Counter[str]:
        pattern, codes = _codes_by_place()
        words = (fold_blanks(match[1]) for match in pattern.finditer(text))
        return Counter(code for word in words for code in codes.get(word, ()))

    @cached_property
    def _latest_year(self) -> int:
        """The latest year in the text or its date; 9999 where there is none."""
        years = [*_RE.year.findall(self.text), *([self._date[:4]] if self._date else [])]
        return max(map(int, years), default=9999)

    def choose(self, money: Money, at: int) -> tuple[str, str | None]:
        """Choose the currency of a surface.

        Args:
            money: What the surface may stand for.
            at: Its offset; a country named in its sentence takes precedence over the rest of the text.

        Returns:
            ISO 4217 code ("" for none), and the assumption behind it (None where the surface is unambiguous).
        """
        if len(money.codes) == 1:
            return self._code_at_the_time(money.codes[0])
        if written := self._written_code(money):
            return written, None if written == money.codes[0] else f"{written} elsewhere in the text"
        if money.rule != "explicit" and (placed := self._sentence_code(money, at) or _most(self.places, money.codes)):
            return self._code_at_the_time(placed, f"{placed} by the countries named")
        if money.rule == "weak":
            return "", None
        return self._code_at_the_time(money.codes[0], f"{money.codes[0]} by default")

    def most_written(self) -> tuple[str, str]:
        """Return the code that the text names most often, else US dollars, and the assumption behind it."""
        written = self._code_counts.most_common(1)
        return (written[0][0], f"{written[0][0]} elsewhere in the text") if written else ("USD", "USD by default")

    def _written_code(self, money: Money) -> str | None:
        """Return the candidate that the text names unambiguously and most often.

        A bare dollar sign is another dollar only where the text names no US dollars.
        """
        if money.rule != "explicit":
            return _most(self._code_counts, money.codes)
        dollars = tuple(code for code in money.codes if UNIT_NAMES.get(code) == "dollar")
        return None if self._code_counts["USD"] else _most(self._code_counts, dollars)

    def _sentence_code(self, money: Money, at: int) -> str | None:
        """Return the candidate whose country the sentence names before ``at``; None unless there is exactly one."""
        sentence = _RE.sentence.split(self.text[max(0, at - _SENTENCE_REACH) : at])[-1]
        near = self._count_places(sentence).keys() & set(money.codes)
        return near.pop() if len(near) == 1 else None

    def _code_at_the_time(self, code: str, assumed: str | None = None) -> tuple[str, str | None]:
        older = ERAS.get(code)
        if older and self._latest_year <= older[1]:
            return self._code_at_the_time(older[0])[0], f"{older[0]} until {older[1]}"
        return code, assumed


def _most(counts: Counter[str], codes: tuple[str, ...]) -> str | None:
    best = max(codes, key=counts.__getitem__)
    return best if counts[best] else None


@cache
def _read_label(label: str) -> tuple[Money, str] | None:
    """Parse "US$ million", "millions of euros", "$m", "EUR '000" into the currency and the scale ("" for none)."""
    label = _RE.link.sub(" ", label)
    for cut in range(len(label), -1, -1):
        for surface, scale in ((label[:cut], label[cut:]), (label[cut:], label[:cut])):
            surface, scale = surface.strip(), scale.strip()
            money = MARKS.get(fold_blanks(surface)) or NAMES.get(fold_name(surface.removeprefix("of ")))
            known = "thousand" if _RE.thousands.fullmatch(scale) else _LABEL_SCALES.get(scale.lower())
            if money and not money.minor and (known or not scale):
                return money, known or money.scale
    return None
