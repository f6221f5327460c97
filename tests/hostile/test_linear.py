"""Time is linear in the length of a text: the work at four times the length is about four times as much.

What Python does is counted line by line. What regular expressions do is not seen by that, so each shape is read once at
a length at which a quadratic search would not end within the processor time allowed, which linear work is far below.
"""

from collections.abc import Callable
from functools import cache, partial

import pytest
from spacy.language import Language

from extractors.headline.headline import scene_of
from extractors.mentions.parties import find_parties
from extractors.pipeline import mention_pipeline
from extractors.records.unclaimed import unclaimed
from extractors.text import clean
from extractors.text.outline import Outline
from flows.limits import time_limit
from tests.hostile.shapes import SHAPES
from tests.hostile.work import lines_run

SHORT, LONG, LONGEST = 1_000, 4_000, 30_000
_FIXED = 20_000  # lines run whatever the length: tables that are read, caches that are filled


@cache
def _pipeline() -> Language:
    nlp = mention_pipeline()
    nlp("In 2014 Peru lent Chile $5 million, and China's Ministry of Health built two schools.")  # fill the caches
    return nlp


def _read(text: str) -> None:
    """Run all that reads a text but the learned reader."""
    Outline(clean(text).text)
    doc = _pipeline()(text)
    find_parties(text, capitals=True)
    unclaimed(doc, "a", (), ())
    scene_of(doc)


@pytest.mark.parametrize("unit", ["word ", "a, b ", "a,b", "a;b", "a;'b ", "(a) | b   c"])
def test_one_line_of_a_million_characters_is_outlined_in_time(unit: str) -> None:
    with time_limit(20):
        Outline(unit * (1_000_000 // len(unit)))


@pytest.mark.parametrize("name", SHAPES)
def test_the_work_grows_as_the_text_does(name: str) -> None:
    make: Callable[[int], str] = SHAPES[name]
    _pipeline()
    short, long = (lines_run(partial(_read, make(length))) for length in (SHORT, LONG))
    assert long <= 6 * short + _FIXED, f"{short} lines are run for {SHORT} characters, {long} for {LONG}"
    with time_limit(20):
        _read(make(LONGEST))
