"""Laws: amounts written in random notation are read back; any text is read without failing; offsets slice exactly."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.mentions.amounts import find_amounts, find_numbers
from extractors.mentions.years import find_years
from flows.limits import time_limit

_CURRENCIES = [
    ("US${}", "USD"), ("€{}", "EUR"), ("{} euros", "EUR"), ("RMB {}", "CNY"), ("{} yuan", "CNY"), ("KSh {}", "KES"),
    ("{} Namibian dollars", "NAD"), ("USD {}", "USD"), ("{} USD", "USD"), ("£{}", "GBP"), ("{} CFA francs", "XOF"),
    ("Rs {}", "INR"), ("{} million yen", "JPY"), ("{} bn baht", "THB"), ("€{}m", "EUR"), ("{} crore rupees", "INR"),
]  # fmt: skip
_SCALES = {"million": 1e6, "bn": 1e9, "€{}m": 1e6, "crore": 1e7}


def _american(value: int, cents: int) -> str:
    return f"{value:,}" + (f".{cents:02}" if cents else "")


def _european(value: int, cents: int) -> str:
    return f"{value:,}".replace(",", ".") + f",{cents:02}"


def _spaced(value: int, cents: int) -> str:
    return f"{value:,}".replace(",", " ") + (f".{cents:02}" if cents else "")


def _swiss(value: int, cents: int) -> str:
    return f"{value:,}".replace(",", "'") + (f".{cents:02}" if cents else "")


def _bare(value: int, cents: int) -> str:
    return str(value) + (f".{cents:02}" if cents else "")


def _indian(value: int, cents: int) -> str:
    head, tail = divmod(value, 1000)
    groups = []
    while head:
        head, part = divmod(head, 100)
        groups.append(f"{part:02}")
    lead = ",".join(reversed(groups)).lstrip("0")
    return (f"{lead},{tail:03}" if lead else str(tail)) + (f".{cents:02}" if cents else "")


def _full_width(value: int, cents: int) -> str:
    return _american(value, cents).translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


HABITS = [_american, _european, _spaced, _swiss, _bare, _indian, _full_width]


def _factor(frame: str) -> float:
    return next((factor for word, factor in _SCALES.items() if word in frame), 1.0)


@given(
    value=st.integers(3, 99_999_999),
    cents=st.sampled_from([0, 5, 50, 99]),
    habit=st.sampled_from(HABITS),
    currency=st.sampled_from(_CURRENCIES),
    bound=st.sampled_from([("", "exact"), ("about ", "about"), ("at least ", "at_least"), ("up to ", "at_most")]),
)
def test_what_is_written_is_read_back(value, cents, habit, currency, bound) -> None:  # type: ignore[no-untyped-def]
    frame, unit = currency
    surface = frame.format(habit(value, cents))
    text = f"The bank lent {bound[0]}{surface} to the port."
    if 1900 <= value < 2100 and not cents:
        return
    (mention,) = [one for one in find_amounts(text) if one.kind == "money"]
    assert mention.text == surface
    assert mention.value == pytest.approx((value + cents / 100) * _factor(frame))
    assert (mention.unit, mention.bound) == (unit, bound[1])


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for mention in [*find_amounts(text), *find_years(text, date="2015-06-01"), *find_numbers(text)]:
        assert 0 <= mention.start < mention.end <= len(text)
    for mention in [*find_amounts(text), *find_years(text)]:
        assert text[mention.start : mention.end] == mention.text


_PIECES = st.sampled_from(
    ["$", "5", "1,000", " ", "million", "-", "to", "and", "RMB", "(", ")", "2010", "half a", "hundred", "%", "年", "亿",
     "ß", "İ", "𝟓", "½", "€", "in", "by", "May", ",", ".", "people", "\u00a0", "５", "several", "a year", "’"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map(" ".join) | st.lists(_PIECES, max_size=40).map("".join))
def test_mentions_stand_in_order_and_apart(text: str) -> None:
    for mentions in (find_amounts(text), find_years(text, date="2015-06-01")):
        assert all(text[one.start : one.end] == one.text for one in mentions)
        assert all(first.end <= second.start for first, second in zip(mentions, mentions[1:], strict=False))


_HOSTILE = [
    "1", "1,", "1,000,", "1 000 ", "one ", "hundred million ", "$5 and ", "5-", "several hundred million ", " ", "亿",
    "RMB 5 (", "a half ", "annual budget of ", "一", "2010-", "may 5 ", "will by 2020 ", "between ", "5 a ", "K5m ",
    "one million, ", "1,2,", "5 , 000 , ", "$5xq", "€", "MUSD ",
]  # fmt: skip


@pytest.mark.parametrize("unit", _HOSTILE)
def test_hostile_repeats_end(unit: str) -> None:
    """Thirty thousand characters of what tempts a pattern to go back: only linear work gets through in time."""
    text = unit * (30_000 // len(unit))
    with time_limit(20):
        assert all(one.end <= len(text) for one in [*find_amounts(text), *find_years(text, date="2015-01-01")])


@given(st.integers(1, 10**40), st.sampled_from(["", " thousand", " million", " billion", " trillion", " quadrillion"]))
def test_values_can_be_held(number: int, scale: str) -> None:
    for one in find_amounts(f"It paid ${number:,}{scale} to Kenya."):
        assert one.value is None or abs(one.value) <= 1e18


def test_reading_twice_gives_the_same() -> None:
    """The same text gives the same mentions."""
    words = ["$5m", "and", "10", "to", "20", "million", "euros", "50", "schools", "(RMB", "3bn)"]
    text = " ".join(random.Random(7).choices(words, k=200))
    assert find_amounts(text) == find_amounts(text)
