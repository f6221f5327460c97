"""The tables of expressions hold what the code asks for, and nothing else."""

import re
from pathlib import Path

import pytest

from extractors.mentions.patterns import expressions

MENTIONS = Path(__file__).parents[2] / "extractors" / "mentions"


@pytest.mark.parametrize(
    ("file", "section"),
    [
        ("amounts/number_words.py", "words"),
        ("amounts/numbers.py", "numbers"),
        ("amounts/currencies.py", "currencies"),
        ("amounts/money.py", "money"),
        ("amounts/counts.py", "counts"),
        ("amounts/drafts.py", "drafts"),
        ("amounts/finder.py", "finder"),
        ("parties/capitals.py", "capitals"),
        ("parties/build.py", "build"),
        ("years/__init__.py", "finder"),
        ("years/forms.py", "around"),
    ],
)
def test_every_expression_is_used(file: str, section: str) -> None:
    texts = expressions(f"extractors.mentions.{file.partition('/')[0]}", section, **dict.fromkeys(PARTS, "x"))
    asked = set(re.findall(r"\b_RE\.([a-z_]+)\b", (MENTIONS / file).read_text("utf-8"))) - {"texts"}
    assert asked == {name for name in texts if name.islower()}


PARTS = (
    *("SMALL", "SCALE", "PART", "TENS", "ONES", "FACTORS", "SCALES", "STARTS", "SCALE_WORDS", "WORD_SCALES"),
    *("CHINESE_SCALES", "LETTER_SCALES", "VULGAR", "HAN", "MOST_DIGITS", "UNDOTTED", "UNITS", "BOUNDS", "MONTH"),
    *("BOUNDS_BACKWARDS", "BOUNDS_AFTER", "PHRASAL", "PLANNERS", "CODES", "PERSONS"),
)  # what only code writes
