"""Which currency an ambiguous surface means in this text: the text's own other currencies, countries and years."""

import re
from collections import Counter
from functools import cache

from extractors.entities.amounts.tables import Money, eras, marks, names, normal, places
from extractors.entities.amounts.trie import trie_pattern

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@cache
def _certain_pattern() -> re.Pattern[str]:
    """Surfaces that name one currency beyond doubt, for counting; codes that are English words left out."""
    sure_marks = [mark for mark, money in marks().items() if len(money.codes) == 1 and len(mark) > 1 and mark not in WORDS]
    sure_names = [name for name, money in names().items() if len(money.codes) == 1 and not money.minor and len(name) > 3]
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


# Codes that are English words or common abbreviations: a currency only beside a sum.
WORDS = frozenset(
    "ALL TOP TRY CUP MOP GEL PEN MAD BOB COP SOS BAM ANG STD LAK RON LEI SIT ESP DEM MAN BAD ARM MRO SAR BIF CVE DOP MUR "
    "PAB SEK SCR SLE XAG XAU XBA XUA SAT TAS ECU ID DA KM LL LE DT RO FF FG FC MK RF RM UM VT BD JD KD LD DH DM SR QR "
    "YR AR CF HK GIP".split()
)


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
            self._places = Counter(
                code for match in pattern.finditer(self._text) for code in codes.get(re.sub(r"[\s\-]+", " ", match[1]), ())
            )
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
        if written := self._most(self.written, money.codes):
            explicit_dollars = money.rule == "explicit" and self.written["USD"] and written != "USD"
            if not explicit_dollars:
                return written, None if written == money.codes[0] else f"{written} elsewhere in the text"
        if money.rule != "explicit" and (placed := self._most(self.places, money.codes)):
            code, older = self._of_the_time(placed)
            return code, older or f"{placed} by the countries named"
        if money.rule == "weak":
            return "", None
        code, older = self._of_the_time(money.codes[0])
        return code, older or f"{money.codes[0]} by default"

    def _most(self, counts: Counter[str], codes: tuple[str, ...]) -> str | None:
        best = max(codes, key=counts.__getitem__)
        return best if counts[best] else None

    def _of_the_time(self, code: str) -> tuple[str, str | None]:
        older = eras().get(code)
        if older and self.latest <= older[1]:
            return self._of_the_time(older[0])[0], f"{older[0]} until {older[1]}"
        return code, None


def _sure_code(mark: str | None, name: str | None) -> str:
    if mark:
        money = marks().get(mark) or marks()[re.sub(r"[\s\-]+", " ", mark)]
    else:
        money = names()[normal(name or "")]
    return money.codes[0]
