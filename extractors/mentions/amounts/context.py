"""Which currency an ambiguous surface means in this text: the text's own other currencies, countries and years."""

import re
from collections import Counter
from functools import cache

from extractors.mentions.amounts.tables import Money, blanks, eras, marks, names, normal, places, units, word_marks
from extractors.mentions.amounts.trie import trie_pattern

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _is_sure(surface: str, money: Money) -> bool:
    return len(money.codes) == 1 and not money.minor and len(surface) > 1


@cache
def _certain_pattern() -> re.Pattern[str]:
    """Surfaces that name one currency beyond doubt, for counting; codes that are English words left out."""
    sure_marks = [mark for mark, money in marks().items() if _is_sure(mark, money) and mark not in word_marks()]
    sure_names = [name for name, money in names().items() if _is_sure(name, money) and len(name) > 3]
    return re.compile(
        rf"(?<![^\W_])(?:({trie_pattern(sure_marks)})(?![^\W\d_])|(?i:({trie_pattern(sure_names)}))(?![^\W\d_]))"
    )


@cache
def _place_pattern() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    by_word: dict[str, list[str]] = {}
    for code, words in places().items():
        for word in words:
            by_word.setdefault(word, []).append(code)
    return re.compile(rf"\b({trie_pattern(by_word)})\b"), {word: tuple(codes) for word, codes in by_word.items()}


class Context:
    """What a text says about its currencies; each part is read only when an ambiguous surface asks for it."""

    def __init__(self, text: str, *, date: str | None = None) -> None:
        self._text = text
        self._date = date
        self._written: Counter[str] | None = None
        self._places: Counter[str] | None = None
        self._latest: int | None = None

    @property
    def written(self) -> Counter[str]:
        """How often the text names each currency beyond doubt."""
        if self._written is None:
            found = _certain_pattern().finditer(self._text)
            self._written = Counter(_sure_code(match[1], match[2]) for match in found)
        return self._written

    @property
    def places(self) -> Counter[str]:
        """How often the text names the country of each currency."""
        if self._places is None:
            pattern, codes = _place_pattern()
            words = (blanks(match[1]) for match in pattern.finditer(self._text))
            self._places = Counter(code for word in words for code in codes.get(word, ()))
        return self._places

    @property
    def latest(self) -> int:
        """The latest year in the text or of its date."""
        if self._latest is None:
            years = [int(year) for year in _YEAR.findall(self._text)] + ([int(self._date[:4])] if self._date else [])
            self._latest = max(years, default=9999)
        return self._latest

    def choose(self, money: Money) -> tuple[str, str | None]:
        """Choose the currency of a surface.

        Returns:
            ISO 4217 code, and what was assumed to get there (None where the surface leaves no choice).
        """
        if len(money.codes) == 1:
            return self._of_the_time(money.codes[0])
        if written := self._written_out(money):
            return written, None if written == money.codes[0] else f"{written} elsewhere in the text"
        if money.rule != "explicit" and (placed := self._most(self.places, money.codes)):
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
            return self._most(self.written, money.codes)
        dollars = tuple(code for code in money.codes if units().get(code) == "dollar")
        return None if self.written["USD"] else self._most(self.written, dollars)

    def _most(self, counts: Counter[str], codes: tuple[str, ...]) -> str | None:
        best = max(codes, key=counts.__getitem__)
        return best if counts[best] else None

    def _of_the_time(self, code: str) -> tuple[str, str | None]:
        older = eras().get(code)
        if older and self.latest <= older[1]:
            return self._of_the_time(older[0])[0], f"{older[0]} until {older[1]}"
        return code, None


def _sure_code(mark: str | None, name: str | None) -> str:
    return (marks()[blanks(mark)] if mark else names()[normal(name or "")]).codes[0]
