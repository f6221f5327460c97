"""Numbers in Chinese characters: 三亿五千万, 两百, 十二."""

import re

_DIGITS = {char: n for n, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
CHINESE = re.compile("[一二三四五六七八九十百千两兩〇零][〇零一二三四五六七八九十百千两兩万萬亿億]{0,24}")


def read_chinese(text: str) -> float:
    """Read a run of Chinese numerals as a number."""
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        else:
            total = (
                (total + section + digit) * _BIG[char] if total < _BIG[char] else total + (section + digit) * _BIG[char]
            )
            section = digit = 0
    return float(total + section + digit)
