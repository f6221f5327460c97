"""Written-out numbers: "two million three thousand and eighty-four", "two and three quarters", 三亿五千万."""

import re
import unicodedata

from extractors.mentions.patterns import Patterns, numerals, trie_pattern

ONES, TEENS, TENS = numerals("one"), numerals("teen"), numerals("ten")
SCALES, PARTS = numerals("scale"), numerals("part")
SMALL = ONES | TEENS | TENS

_MOST_WORDS = 24  # after the first; "nine hundred and ninety-nine trillion ..." needs no more
_FACTORS = SCALES | {"hundred": 100, "dozen": 12}
_RE = Patterns(
    "extractors.mentions.amounts",
    "words",
    SMALL=trie_pattern(SMALL),
    SCALE=trie_pattern(["hundred", "dozen", *SCALES]),
    PART="|".join(f"{part}s?" for part in PARTS),
    TENS="|".join(TENS),
    ONES="|".join(ONES),
    FACTORS="|".join(_FACTORS),
    SCALES="|".join(SCALES),
)
STARTS = _RE.texts["STARTS"]
"""The pattern of the first words of a written number."""

_KINDS = {
    **dict.fromkeys(ONES, "one"),
    **dict.fromkeys(TEENS, "teen"),
    **dict.fromkeys(TENS, "ten"),
    **dict.fromkeys(SCALES, "scale"),
    **{"hundred": "hundred", "dozen": "dozen"},
}
_GROUP_OPENERS = frozenset({"start", "hundred", "scale"})
_MAY_FOLLOW = {  # for each kind of word, the kinds that may precede it
    **dict.fromkeys(["one", "teen", "ten"], _GROUP_OPENERS),
    "compound": frozenset({"ten"}),
    "hundred": frozenset({"start", "one", "teen", "compound"}),
    "dozen": frozenset({"start", "one", "teen", "ten", "compound", "hundred"}),
    "scale": _GROUP_OPENERS | {"one", "teen", "ten", "compound", "dozen"},
}


def _part_value(count: str | None, part: str) -> float:
    return SMALL.get(count or "one", 1) / (PARTS.get(part) or PARTS[part.rstrip("s")])


def _read_words(low: str, start: int, depth: int = 0) -> tuple[float, int] | None:
    """Read number words up to the first that cannot continue the number; return value and end, None for no number."""
    total, current, last, least, end = 0.0, None, "start", float("inf"), start
    for place in range(_MOST_WORDS + 1):
        step = _RE.step.match(low, end) if place else _RE.first.match(low, start)
        word = step["word"] if step else ""
        kind = "compound" if last == "ten" and word != "zero" and _KINDS.get(word) == "one" else _KINDS.get(word, "")
        joins = step is not None and (not step["and"] or last == "hundred")  # "and" after a scale: see ``lower``
        if step is None or not joins or last not in _MAY_FOLLOW[kind]:
            break
        if word in SMALL:
            current = (current or 0) + SMALL[word]
        elif kind != "scale":
            current = (1 if current is None else current) * _FACTORS[word]
        elif current is None and last == "scale":
            total *= SCALES[word]
        elif SCALES[word] > least:
            total = (total + (current or 0)) * SCALES[word]
        else:
            total += (1 if current is None else current) * SCALES[word]
        if kind == "scale":
            current, least = None, min(least, SCALES[word])
        last, end = kind, step.end()
    if last == "start":
        return None
    value = total + (current or 0)
    if point := _RE.point.match(low, end):
        digits = "".join(str(ONES[word]) for word in point[1].split())
        return value + float(f"0.{digits}"), point.end()
    gap = _RE.lower.match(low, end) if last == "scale" and depth < len(SCALES) else None
    lower = _read_words(low, gap.end(), depth + 1) if gap else None
    return (value + lower[0], lower[1]) if lower and lower[0] < least else (value, end)


def and_part(low: str, end: int) -> tuple[float, int] | None:
    """Read "and a half", "and three quarters" after a number: the value to add and the end, None without it."""
    part = _RE.and_part.match(low, end)
    return (_part_value(part[1], part[2]), part.end()) if part else None


def of_scale(low: str, end: int) -> tuple[float, str, int]:
    """Read "million", "a million", "of a billion" after a fraction: factor (1 without one), word and end."""
    found = _RE.of_scale.match(low, end)
    return (_FACTORS[found[1]], found[1], found.end()) if found else (1, "", end)


def read_written(low: str, start: int) -> tuple[float, int] | None:
    """Read the written number that begins at ``start``.

    Args:
        low: The text in lower case.
        start: An offset at which ``STARTS`` matches.

    Returns:
        The value and the end, or None where the words are no number.
    """
    if half := _RE.half.match(low, start):
        return 0.5, half.end()
    part = _RE.bare_part.match(low, start)
    if part or low.startswith("half", start):
        value, end = (_part_value(part[1], part[2]), part.end()) if part else (0.5, start + 4)
        factor, _, end = of_scale(low, end)
        return value * factor, end
    if score := _RE.score.match(low, start):
        return 20.0, score.end()
    couple = _RE.couple.match(low, start)
    whole = _read_words(low, couple.end() if couple else start)
    if couple and whole:
        return 2 * whole[0], whole[1]
    if whole is None:
        return (1.0, start + 1 + low.startswith("an", start)) if low[start] == "a" else None
    value, end = whole
    if added := and_part(low, end):
        factor = SCALES.get(re.split(r"[\s\-]", low[start:end])[-1], 1)  # "a million and a half"
        value, end = value + added[0] * (factor if factor >= SCALES["million"] else 1), added[1]
        if times := _RE.times.match(low, end):
            value, end = value * _FACTORS[times[1]], times.end()
    return value, end


_CHINESE = re.compile("[一二三四五六七八九十百千两兩〇零][〇零一二三四五六七八九十百千两兩万萬亿億]{0,24}")


def read_chinese(text: str, start: int) -> tuple[float, int]:
    """Read the Chinese numerals that begin at ``start``: the value and the end."""
    run = _CHINESE.match(text, start)
    total = section = digit = 0
    for char in run[0].replace("两", "兩") if run else "":
        value = int(unicodedata.numeric(char))
        if value < 10:
            digit = value
        elif value < 10_000:
            section, digit = section + (digit or 1) * value, 0
        else:
            below = section + digit
            total = (total + below) * value if total < value else total + below * value
            section = digit = 0
    return float(total + section + digit), run.end() if run else start
