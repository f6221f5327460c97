"""Numbers in digits and words with their place: the layer under amounts, useful on its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.mentions.amounts.chinese import CHINESE, read_chinese
from extractors.mentions.amounts.folding import fold, lower
from extractors.mentions.amounts.number_words import SCALES, STARTS, and_part, of_scale, read_written
from extractors.mentions.amounts.numerals import VULGAR, read_digits, vulgar
from extractors.mentions.amounts.tables import scale_surfaces, scales
from extractors.mentions.amounts.trie import trie_pattern


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: ``surface`` without its scale words, ``scale`` as written.

    ``letter`` and ``letter_end`` hold a scale letter ("5m") that counts only beside a currency. ``habit`` is how the
    digits are grouped (see ``read_digits``; ``unread``: no value), or ``words``, ``chinese``.
    """

    start: int
    end: int
    value: float
    surface: str
    habit: str
    scale: str | None = None
    letter: str | None = None
    letter_end: int = 0

    @property
    def undotted(self) -> "Number":
        """The number without the full stop behind its scale ("bn."), which may end the sentence."""
        if not (self.scale or "").endswith("."):
            return self
        scale = (self.scale or "").rstrip(".")
        return Number(self.start, self.end - 1, self.value, self.surface, self.habit, scale)

    @property
    def scaled(self) -> "Number":
        """The number with its scale letter taken for a scale."""
        if self.letter is None:
            return self
        value = tidy(self.value * scales()[self.letter.lower()])
        return Number(self.start, self.letter_end, value, self.surface, self.habit, self.letter)


_HAN = "一二三四五六七八九十两兩"
_START = re.compile(
    rf"(?=[\daefhnoqstz{VULGAR}{_HAN}])(?:(?P<digit>\d)|(?P<word>(?<![^\W_])(?:{STARTS}))|(?P<vulgar>[{VULGAR}])"
    rf"|(?P<chinese>[{_HAN}](?=[十百千万萬亿億元块]|[美欧港日]元|英镑)))"
)
_WORD_SCALE = re.compile(
    rf"[\s\-]{{0,2}}(?:(?P<word>{trie_pattern(scale_surfaces('word') + ('hundred',))})(?![^\W\d_])"
    rf"|(?P<chinese>{trie_pattern(scale_surfaces('chinese'))}))"
)
_LETTER_SCALE = re.compile(rf"[\s\-]?({trie_pattern(scale_surfaces('letter'))})(?!\w|-(?!year)[a-z])(?!\.\w)")
_ANY_SCALE = re.compile("|".join(SCALES))
_LAST_SCALE = re.compile(rf"(?:[\s\-]{{1,2}}(?:{'|'.join(SCALES)}))+\Z")
_HALVED = 1_000_000  # "a million and a half" is 1.5 million, but "ten thousand and a half" is taken at its word
_RUN = re.compile(r"\d*")
_IN_BRACKETS = re.compile(r"\s?\(\s?(\d[\d,. ]{0,20}\d|\d)\s?\)")
_AND_HALF = re.compile(r"\sand\s(?:a|one)\shalf\b(?! (?:years?|months?|times|day|hours?))")
_ODD = re.compile(r"[\s\-]odd\b")
_DOZEN = re.compile(r"\s(dozens?)\b")
_SIGN = re.compile(r"(?:\b(?:minus|negative)\s|(?:(?<=[\s(])|\A)-)\Z")


def tidy(value: float) -> float:
    """Round away what floating point adds to a decimal number times a power of ten."""
    return float(f"{value:.15g}")


def _scaled(low: str, value: float, end: int) -> tuple[float, int, str | None]:
    """Multiply a number by the scale words behind it; "20-odd million" and "a million and a half" included."""
    first, factor = end, 1.0
    odd = _ODD.match(low, end)
    end = odd.end() if odd else end
    for _ in range(3):
        found = _WORD_SCALE.match(low, end)
        if not found:
            break
        factor, end = factor * scales()[found["word"] or found["chinese"]], found.end()
    scale = low[odd.end() if odd else first : end].strip(" -") or None
    half = _AND_HALF.match(low, end) if factor >= _HALVED else None
    return tidy(value * factor + (factor / 2 if half else 0)), half.end() if half else end, scale


def _digits(text: str, low: str, start: int) -> Number | None:
    read = read_digits(text, start)
    if read is None:
        return None
    value, digits_end, habit = read
    if start and text[start - 1] == "." and habit == "plain" and not text[start - 2 : start - 1].isalnum():
        value, start = float(f".{text[start:digits_end]}") if "." not in text[start:digits_end] else value, start - 1
    end = digits_end
    if added := and_part(low, end):
        value, end = value + added[0], added[1]
    surface = text[start:end]
    value, end, scale = _scaled(low, value, end)
    if scale is None and (dozen := _DOZEN.match(low, end)):
        return Number(start, dozen.end(), value * 12, surface, habit, dozen[1])
    letter = None if scale else _LETTER_SCALE.match(low, end)
    if letter:
        return Number(start, end, value, surface, habit, None, text[letter.start(1) : letter.end(1)], letter.end())
    return Number(start, end, value, surface, habit, scale)


def _own_scale(surface: str) -> tuple[str, str | None]:
    """Part the scale words that end a written number, where it has no others, from the rest."""
    found = _LAST_SCALE.search(surface.lower())
    if not found or _ANY_SCALE.search(surface.lower(), 0, found.start()):
        return surface, None
    return surface[: found.start()], surface[found.start() :].strip(" -")


def _repeated(text: str, value: float, end: int) -> int:
    """Step over the same number in digits: "two (2) million", "ten million (10,000,000) dollars"."""
    again = _IN_BRACKETS.match(text, end)
    read = read_digits(text, again.start(1)) if again else None
    return again.end() if again and read and read[0] == value and read[1] == again.end(1) else end


def _written(text: str, low: str, start: int) -> Number | None:
    read = read_written(low, start)
    if read is None:
        return None
    value, end = read
    surface, own_scale = _own_scale(text[start:end])
    value, end, scale = _scaled(low, value, _repeated(text, value, end))
    return Number(start, _repeated(text, value, end), value, surface, "words", scale or own_scale)


def _chinese(text: str, start: int) -> Number | None:
    found = CHINESE.match(text, start)
    return Number(start, found.end(), read_chinese(found[0]), found[0], "chinese") if found else None


def _vulgar(text: str, low: str, start: int) -> Number:
    factor, scale, end = of_scale(low, start + 1)
    return Number(start, end, tidy(vulgar(text[start]) * factor), text[start], "mixed", scale or None)


def scan(text: str, low: str) -> Iterator[Number]:
    """Find numbers in a folded text; ``low`` is the same in lower case."""
    position = 0
    while found := _START.search(low, position):
        start = found.start()
        if found["digit"]:
            number = _digits(text, low, start)
        elif found["word"]:
            number = _written(text, low, start)
        else:
            number = _chinese(text, start) if found["chinese"] else _vulgar(text, low, start)
        position = max(found.end(), number.end) if number else _RUN.match(text, found.end()).end()  # type: ignore[union-attr]
        if number:
            yield number


def signed(text: str, low: str, number: Number) -> Number:
    """Take a minus sign or word before the number into it."""
    sign = _SIGN.search(low, max(0, number.start - 10), number.start)
    if not sign:
        return number
    start = sign.start()
    return Number(
        start, number.end, -number.value, text[start : number.start] + number.surface, number.habit, number.scale
    )


def find_numbers(text: str) -> list[Number]:
    """Find the numbers of a text, in digits and in words, with scale words and letters.

    Args:
        text: Any text.

    Returns:
        Numbers in order; ``text[start:end]`` is the number as written. Digits glued to letters ("C919", "5G"),
        ordinals, times and dotted identifiers are left out.
    """
    folded = fold(text)
    low = lower(folded)
    return [
        signed(folded, low, number.scaled.undotted)
        for number in scan(folded, low)
        if number.habit != "unread" and _stands_alone(folded, number.scaled)
    ]


_GLUE_BEFORE = re.compile(r"[^\W\d_]|\d[.:/]|[/_#]")
_GLUE_AFTER = re.compile(r"[^\W\d_一-鿿]|[.:/]\d|_")


def _stands_alone(text: str, number: Number) -> bool:
    before = text[max(0, number.start - 2) : number.start]
    glued = bool(before) and bool(_GLUE_BEFORE.search(before, len(before) - 1) or _GLUE_BEFORE.fullmatch(before))
    return not glued and not _GLUE_AFTER.match(text, number.end)
