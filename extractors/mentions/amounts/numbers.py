"""Numbers in digits and words, with their offsets: the layer below amounts, also usable on its own.

Digits are read in every notation: ``1,234,567.89``, ``1.234.567,89``, ``1 234 567``, ``12,34,567``,
``1'234'567.89``, ``1,5``, ``.5``, ``3 1/2``, ``2½``. A single group of three after a full stop is decimals ("1.234"),
after a comma thousands ("1,234"), as in English; ``Number.dot_grouped`` reads "25.000 euros" as thousands.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.mentions.amounts.number_words import SCALES as WORD_SCALES
from extractors.mentions.amounts.number_words import (
    STARTS,
    and_part,
    of_scale,
    read_chinese,
    read_written,
)
from extractors.mentions.amounts.tables import SCALES, STOPS_IN_THOUSANDS, scale_surfaces
from extractors.mentions.patterns import Patterns, fold, lower, match_end, search_before, trie_pattern

_MOST_DIGITS = 40
_VULGAR = {char: unicodedata.numeric(char) for char in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
_LEAST_HALVED = 1_000_000  # "a million and a half" is 1.5 million, but "ten thousand and a half" is 10,000.5
_NEVER_SIGNS = "—―"
MINUS = "\u2212"
_RE = Patterns(
    "extractors.mentions.amounts",
    "numbers",
    STARTS=STARTS,
    SCALES="|".join(WORD_SCALES),
    SCALE_WORDS=trie_pattern([*scale_surfaces("word"), "hundred"]),
    WORD_SCALES=trie_pattern(scale_surfaces("word")),
    CHINESE_SCALES=trie_pattern(scale_surfaces("chinese")),
    LETTER_SCALES=trie_pattern(scale_surfaces("letter")),
    VULGAR="".join(_VULGAR),
    HAN="一二三四五六七八九十两兩",
    MOST_DIGITS=str(_MOST_DIGITS),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: ``surface`` is the text without scale words, ``scale`` the scale as written.

    ``letter`` and ``letter_end`` hold a scale letter ("5m") that counts only beside a currency. ``notation`` is the
    named group of the pattern ``digits`` that matched ("us", "euro", "plain" …), ``stop`` for one group of three after
    a full stop, ``unread`` for digits grouped in no known way (no value), ``words`` or ``chinese``.
    """

    start: int
    end: int
    value: float
    surface: str
    notation: str
    scale: str | None = None
    letter: str | None = None
    letter_end: int = 0

    @property
    def undotted(self) -> "Number":
        """The number without the full stop after its scale ("bn."), which may end the sentence."""
        if self.scale is None or not self.scale.endswith("."):
            return self
        return Number(self.start, self.end - 1, self.value, self.surface, self.notation, self.scale.rstrip("."))

    @property
    def scaled(self) -> "Number":
        """The number multiplied by its scale letter."""
        if self.letter is None:
            return self
        whole = self.value * (1000 if self.notation == "stop" and self.letter.lower() in STOPS_IN_THOUSANDS else 1)
        value = tidy(whole * SCALES[self.letter.lower()])
        return Number(self.start, self.letter_end, value, self.surface, self.notation, self.letter)

    @property
    def dot_grouped(self) -> "Number":
        """The number with "25.000" read as 25,000: sums and counts have no third decimal."""
        if self.notation != "stop" or self.scale or self.letter:
            return self
        return replace(self, value=tidy(self.value * 1000), notation="euro")

    @property
    def is_yearlike(self) -> bool:
        """Whether the number looks like a year from 1900 to 2099."""
        return self.notation == "plain" and self.scale is None and _RE.yearlike.fullmatch(self.surface) is not None


def tidy(value: float) -> float:
    """Round to 15 significant digits, which removes the floating-point error of multiplying a decimal by a scale."""
    return float(f"{value:.15g}")


def find_numbers(text: str) -> list[Number]:
    """Find the numbers of a text, in digits and in words, with scale words and letters.

    Args:
        text: Any text.

    Returns:
        Numbers in text order; ``text[start:end]`` is the number as written. Digits attached to letters ("C919",
        "5G"), ordinals, times and dotted identifiers are omitted.
    """
    folded = fold(text)
    low = lower(folded)
    numbers = [
        number.scaled.undotted
        for number in scan(folded, low)
        if number.notation != "unread" and _stands_alone(folded, number.scaled)
    ]
    signs = [sign_before(text, low, number.start) for number in numbers]
    return [number if at is None else negated(number, at) for number, at in zip(numbers, signs, strict=True)]


def _stands_alone(text: str, number: Number) -> bool:
    before = text[max(0, number.start - 2) : number.start]
    glued = bool(before) and bool(_RE.glue_before.search(before, len(before) - 1) or _RE.glue_before.fullmatch(before))
    return not glued and not _RE.glue_after.match(text, number.end)


def scan(text: str, low: str) -> Iterator[Number]:
    """Yield the numbers of a folded text, signs and context aside; ``low`` is the same in lower case."""
    position = 0
    while found := _RE.start.search(low, position):
        start = found.start()
        if found["digit"]:
            number = _number_in_digits(text, low, start)
        elif found["word"]:
            number = _number_in_words(text, low, start)
        elif found["chinese"]:
            value, end = read_chinese(text, start)
            number = Number(start, end, value, text[start:end], "chinese")
        else:
            factor, scale, end = of_scale(low, start + 1)
            number = Number(start, end, tidy(_VULGAR[text[start]] * factor), text[start], "mixed", scale or None)
        position = max(found.end(), number.end) if number else match_end(_RE.run, text, found.end())
        if number:
            yield number


def sign_before(text: str, low: str, start: int) -> int | None:
    """Return the offset of the sign before ``start``, None without one.

    A sign is "minus", "negative", or a dash attached to the number, itself after a blank or a bracket.

    Args:
        text: The text as written, in which a minus differs from other dashes: only a minus may precede a blank.
        low: The same folded and in lower case.
        start: The start of the number, or of the currency before it.
    """
    if "-" not in low[max(0, start - 2) : start] and not low.endswith(("minus", "negative"), 0, max(0, start - 1)):
        return None
    sign = search_before(_RE.sign, low, start, 12)
    if sign is None or text[sign.start()] in _NEVER_SIGNS:
        return None
    return None if sign[0] == "- " and text[sign.start()] != MINUS else sign.start()


def negated(number: Number, start: int) -> Number:
    """Return the negative of a number, which now begins with its sign at ``start``."""
    return replace(number, start=start, value=-number.value, surface=f"-{number.surface}")


def _number_in_digits(text: str, low: str, start: int) -> Number | None:
    read = _read_digits(text, start)
    if read is None:
        return None
    value, digits_end, notation = read
    if start and text[start - 1] == "." and notation == "plain" and not text[start - 2 : start - 1].isalnum():
        value, start = float(f".{text[start:digits_end]}") if "." not in text[start:digits_end] else value, start - 1
    end = digits_end
    if added := and_part(low, end):
        value, end = value + added[0], added[1]
    surface = text[start:end]
    bare, (value, end, scale) = value, _with_scale(low, value, end)
    if notation == "stop" and scale in STOPS_IN_THOUSANDS:
        value, notation = tidy(value * 1000), "euro"
    if scale and bare and (rest := _smaller_scale(low, value / bare, end)):
        return Number(start, rest[1], tidy(value + rest[0]), text[start : rest[1]], "words")
    if repeat_end := _repeated_in_words(low, value, end):
        value, end, scale = _with_scale(low, value, repeat_end) if scale is None else (value, repeat_end, scale)
        return Number(start, end, value, surface, notation, scale)
    if scale is None and (dozen := _RE.dozen.match(low, end)):
        return Number(start, dozen.end(), value * 12, surface, notation, dozen[1])
    letter = None if scale else _RE.letter_scale.match(low, end)
    if letter:
        return Number(start, end, value, surface, notation, None, text[letter.start(1) : letter.end(1)], letter.end())
    return Number(start, end, value, surface, notation, scale)


def _number_in_words(text: str, low: str, start: int) -> Number | None:
    read = read_written(low, start)
    if read is None:
        return None
    value, end = read
    surface, own_scale = _split_scale(text[start:end])
    value, end, scale = _with_scale(low, value, _repeated_in_digits(text, value, end))
    return Number(start, _repeated_in_digits(text, value, end), value, surface, "words", scale or own_scale)


def _with_scale(low: str, value: float, end: int) -> tuple[float, int, str | None]:
    """Multiply a value by up to three scale words at ``end``; return value, end and scale as written.

    "20-odd million" and "a million and a half" are read too.
    """
    odd = _RE.odd.match(low, end)
    first = end = odd.end() if odd else end
    factor = 1.0
    for _ in range(3):
        found = _RE.word_scale.match(low, end)
        if not found:
            break
        factor, end = factor * SCALES[found["word"] or found["chinese"]], found.end()
    scale = low[first:end].strip(" -") or None
    half = _RE.and_half.match(low, end) if factor >= _LEAST_HALVED else None
    return tidy(value * factor + (factor / 2 if half else 0)), half.end() if half else end, scale


def _smaller_scale(low: str, scale: float, end: int) -> tuple[float, int] | None:
    """Read a further part in a smaller scale, "276 million 790 thousand": the value to add and the end, else None."""
    found = _RE.on_scale.match(low, end)
    if found is None:
        return None
    rest, ends, _ = _with_scale(low, float(found[1] or found[2]), found.end())
    return (rest, ends) if rest < scale else None


def _repeated_in_words(low: str, value: float, end: int) -> int | None:
    """Return the end of the same number repeated in words, "12 (twelve) tractors"; None where it is not repeated."""
    opened = _RE.opened.match(low, end)
    again = _RE.start.match(low, opened.end()) if opened is not None else None
    if opened is None or again is None or not again["word"]:
        return None
    read = read_written(low, opened.end())
    if read is None or read[0] != value:
        return None
    closed = _RE.closed.match(low, read[1])
    return closed.end() if closed is not None else None


def _split_scale(surface: str) -> tuple[str, str | None]:
    """Split the scale words off the end of a written number; (surface, None) if it has none or others before them."""
    found = _RE.last_scale.search(surface.lower())
    if not found or _RE.any_scale.search(surface.lower(), 0, found.start()):
        return surface, None
    return surface[: found.start()], surface[found.start() :].strip(" -")


def _repeated_in_digits(text: str, value: float, end: int) -> int:
    """Return the end of the same number repeated in digits, "two (2) million"; ``end`` where it is not repeated."""
    again = _RE.in_brackets.match(text, end)
    read = _read_digits(text, again.start(1)) if again else None
    return again.end() if again and read and read[0] == value and read[1] == again.end(1) else end


def _read_digits(text: str, start: int) -> tuple[float, int, str] | None:
    """Read the number that begins with the digit at ``start``: value, end and notation; None for no number."""
    if bare := _RE.bare.match(text, start):
        return float(bare[0]), bare.end(), "plain"
    found = _RE.digits.match(text, start)
    if not found:
        return None
    notation, surface, end = found.lastgroup or "plain", found[0], found.end()
    if notation in ("mixed", "part"):
        whole, part = _RE.between_mixed.split(surface) if notation == "mixed" else ("0", surface)
        added = _fraction(part)
        if added is not None:
            return float(whole.replace(",", "")) + added, end, notation
        surface = whole if notation == "mixed" else part.split("/")[0]
        return float(surface.replace(",", "")), start + len(surface), "plain"
    if run_end := _unread_end(text, start, end, notation):
        return 0.0, max(end, run_end), "unread"
    if len(surface) > _MOST_DIGITS:
        return 0.0, end, "unread"
    value = _value(notation, surface)
    if vulgar := _RE.vulgar_at.match(text, end):
        return value + _VULGAR[vulgar[1]], vulgar.end(), "mixed"
    return value, end, "stop" if notation == "plain" and _RE.stop.fullmatch(surface) else notation


def _unread_end(text: str, start: int, end: int, notation: str) -> int | None:
    """Return the end of digits that continue a number in no known grouping, "1,234,56.78", "5 000 00"; else None."""
    if notation == "blank" and (on := _RE.blank_on.match(text, end)):
        return on.end()
    return match_end(_RE.run_on, text, start) if _RE.on.match(text, end) else None


def _fraction(text: str) -> float | None:
    top, bottom = map(int, text.split("/"))
    return top / bottom if 0 < top < bottom <= 16 or bottom == 100 else None


def _value(notation: str, digits: str) -> float:
    """Return the value of digits whose marks are used as in ``notation``."""
    digits = digits.replace(" ", "").replace("'", "")
    if notation in ("euro", "comma"):
        return float(digits.replace(".", "").replace(",", "."))
    return float(digits.replace(",", "." if notation in ("swiss", "blank") else ""))
