"""Surfaces are found at a place of the text, the longest first, and never within a word."""

from extractors.mentions.patterns import Surfaces, surface_starts

NAMES = Surfaces((["us dollar", "us dollars", "euro", "元", "d'or"], r"(?![^\W\d_])"), (["€", "€m"], ""))


def test_the_longest_surface_is_found_with_blanks_and_hyphens_of_any_kind() -> None:
    assert NAMES.end_of("5 us  dollars", 2) == 13
    assert NAMES.end_of("us-dollar", 0) == 9
    assert NAMES.end_of("d'or", 0) == 4
    assert NAMES.end_of("€m5", 0) == 2
    assert NAMES.end_of("5元", 1) == 2


def test_a_surface_is_no_part_of_a_word() -> None:
    assert NAMES.end_of("euros", 0) is None
    assert NAMES.end_of("use", 0) is None
    assert NAMES.end_of("", 0) is None


def test_surfaces_begin_with_words_and_signs() -> None:
    assert list(surface_starts("It's €5m, 元 b2b")) == [("It", 0), ("s", 3), ("", 5), ("", 10), ("b", 12)]
    assert "euro" in NAMES
    assert "eu" not in NAMES
