"""What each line is and what stands above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.text.outline import Outline


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("# Title\n\nA sentence that ends.", ["heading", "text"]),
        ("EUROPE\nGermany signed. It did.", ["heading", "text"]),
        ("Selected examples:\n- CERN\n- ITER", ["lead", "bullet", "bullet"]),
        ("❑ one\n ✓ two\n12\n", ["bullet", "bullet", "noise"]),
        ("1. First (2011).\n2. Second (2012).", ["bullet", "bullet"]),
        ("a\tb\tc\n1\t2\t3", ["row", "row"]),
        ("May 2003. Peru signs.\n\nJune 2004. Chile pays.", ["text", "text"]),
        ("1990 Peru signs.\n1994 Chile pays.\n2001 Cuba joins.", ["bullet", "bullet", "bullet"]),
        ("Title\n\nGhana\nWells, 2004\n€3m from Italy\n\nA text.", ["heading", "heading", "bullet", "bullet", "text"]),
        ("• 2003. Peru signs.\n• 2004. Chile pays.", ["bullet", "bullet"]),
        ("Milk aid\nPolicy brief, Dairy Institute\n\nBackground\n\nA word.", ["heading", "text", "heading", "text"]),
        (
            "A title that is rather long but ends without a stop\nWhat stands below it is a subtitle of it\n\nOne.",
            ["heading", "heading", "text"],
        ),
    ],
)
def test_lines_have_kinds(text: str, kinds: list[str]) -> None:
    assert [place.line.kind for place in Outline(text).places] == kinds


def test_headings_and_parents_stand_above() -> None:
    text = "# Asia\n\n## Japan\n\nTwo laboratories:\n- in Kyoto\n  - since 2010\n\n## Korea\n\nOne."
    outline = Outline(text)
    above = {text[p.line.start : p.line.end]: [text[x.start : x.end] for x in outline.above(p)] for p in outline.places}
    assert above["since 2010"] == ["in Kyoto", "Two laboratories:", "Japan", "Asia"]
    assert above["One."] == ["Korea", "Asia"]


@given(st.text(alphabet="aB 1.-|\t\n#:•", max_size=80))
def test_lines_never_overlap_and_hold_something(text: str) -> None:
    places = Outline(text).places
    assert all(text[p.line.start : p.line.end].strip() for p in places)
    assert all(a.line.end <= b.line.start for a, b in zip(places, places[1:], strict=False))
