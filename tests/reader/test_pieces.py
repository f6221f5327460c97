"""Text cut into pieces: places, marks for layout, and what finders know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.mentions import PartyMention
from extractors.mentions.parties import parties_in_name
from extractors.reader.pieces import SHAPES, TAGS, candidates
from extractors.reader.read import after_genitive, is_empty_name, whole_words, without_unmatched_brackets
from tests.reader.reading import VOCABULARY, mentions_of, pieces_of


def shown(text: str) -> str:
    """The pieces, marks as their first letters."""
    pieces = pieces_of(text)
    marks = {identity: f"<{mark[0]}>" for mark, identity in VOCABULARY.marks.items()}
    parts = zip(pieces.ids.tolist(), pieces.starts.tolist(), pieces.ends.tolist(), strict=True)
    return " ".join(text[a:b] if a < b else marks[one] for one, a, b in parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kenya signed.", "Kenya signed ."),
        ("Title\nBody", "Title <l> Body"),
        ("Title\n\nBody\n \n\nMore", "Title <p> Body <p> More"),
        ("Donor\tYear\n Japan\t2004", "Donor <c> Year <l> Japan <c> 2004"),
        ("Japan    2004", "Japan <c> 2004"),
        ("\n\n  Late\n", "Late"),
        ("", ""),
    ],
)
def test_layout_becomes_marks(text: str, expected: str) -> None:
    assert shown(text) == expected


@given(st.text(max_size=300))
def test_pieces_stand_in_order_and_quote_the_text(text: str) -> None:
    pieces = pieces_of(text)
    assert (pieces.starts[1:] >= pieces.ends[:-1]).all() or (pieces.starts[1:] >= pieces.starts[:-1]).all()
    assert ((pieces.starts >= 0) & (pieces.ends <= len(text)) & (pieces.starts <= pieces.ends)).all()


def test_shapes_and_tags_of_words() -> None:
    text = "China lent iPhone makers USD 5 million in 2004"
    pieces = pieces_of(text, mentions_of(text))
    assert [SHAPES[i] for i in pieces.shapes[:3]] == ["Title", "lower", "miXed"]
    tags = [TAGS[i] for i in pieces.tags.tolist()]
    assert tags[0] == "B-country"
    assert tags[1] == ""
    assert "B-money" in tags and "I-money" in tags and tags[-1] == "B-year"


def test_within_finds_the_pieces_of_a_stretch_and_no_marks() -> None:
    text = "First line\nSecond line"
    pieces = pieces_of(text)
    first, last = pieces.within(0, len(text))
    assert (first, last) == (0, len(pieces))
    assert pieces.within(10, 11) == (2, 2)  # the newline alone holds no word
    start, end = pieces.within(11, 17)
    assert text[pieces.starts[start] : pieces.ends[end - 1]] == "Second"


def test_mentions_of_one_party_are_one_entity_and_the_date_comes_last() -> None:
    text = "Zambia thanked Japan. The Zambian minister signed in 2004."
    found = candidates(pieces_of(text), mentions_of(text), dated=True)
    parties = [one for one in found if one.sort == "party" and one.entity == "ZMB"]
    assert len(parties) == 2
    assert found[-1].mention is None and found[-1].sort == "year"


@pytest.mark.parametrize(
    ("text", "at", "whole"),
    [
        ("Siemens", (2, 4), "Siemens"), ("Pompen B.V., a firm", (0, 8), "Pompen B.V"), ("O’Brien", (0, 1), "O’Brien"),
        ("AFR-IX Telecom", (0, 4), "AFR-IX"), ("the Kenya-based firm", (4, 9), "Kenya"),
        ("in Israel.China is", (3, 9), "Israel"), ("the U.S.A. pays", (4, 5), "U.S.A"), ("A - Martin", (0, 1), "A"),
        ("Chevron's gift", (0, 7), "Chevron"), ("China's", (0, 5), "China"), ("The end. New", (4, 7), "end"),
    ],
)  # fmt: skip
def test_names_break_no_word(text: str, at: tuple[int, int], whole: str) -> None:
    start, end = whole_words(text, *at)
    assert text[start:end] == whole


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sino-Russian talks were held.", ["Sino", "Russian"]),
        ("The China–Kenya Joint Commission met.", ["China–Kenya Joint Commission", "China", "Kenya"]),
        ("The EU-Africa Partnership Fund pays.", ["EU-Africa Partnership Fund", "EU", "Africa"]),
        (
            "The China-Latin America Innovation Forum met.",
            ["China-Latin America Innovation Forum", "China", "Latin America"],
        ),
        ("The Inter-American Development Bank pays.", ["Inter-American Development Bank"]),
        ("Rolls-Royce signed.", ["Rolls-Royce"]),
        ("The Rio Tinto-China Fund pays.", ["Rio Tinto-China Fund"]),
    ],
)
def test_who_a_name_is_made_of_may_act_too(text: str, names: list[str]) -> None:
    found = [one.mention.text for one in candidates(pieces_of(text), mentions_of(text), dated=False) if one.mention]
    assert sorted(found) == sorted(names)


@pytest.mark.parametrize(
    ("name", "empty"),
    [("the", True), ("of the", True), ("' ", True), ("US", False), ("Un Monde", False), ("s", True), ("X", False)],
)
def test_a_name_needs_a_word_of_its_own(name: str, empty: bool) -> None:
    assert is_empty_name(name) == empty


@pytest.mark.parametrize(
    ("text", "at", "name"),
    [("Tobago's Met Service", 7, "Met Service"), ("is Met", 1, "s Met"), ("Met Service", 0, "Met Service")],
)
def test_a_name_begins_behind_the_genitive(text: str, at: int, name: str) -> None:
    assert text[after_genitive(text, at) :] == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("SCA)", "SCA"), ("Observatory (OSA", "Observatory"), ("Institute (KIPT)", "Institute (KIPT)"),
        ("(KIPT", "KIPT"), ("Fund (FAR) of (New", "Fund (FAR) of"), ("Siemens", "Siemens"), (")", ""),
        ("Fund (A (B", "Fund"), ("Fund (A (B)", "Fund"), ("Fund (A (B))", "Fund (A (B))"),
    ],
)  # fmt: skip
def test_a_name_holds_no_half_of_brackets(name: str, kept: str) -> None:
    text = f"the {name} and others"
    start, end = without_unmatched_brackets(text, 4, 4 + len(name))
    assert text[start:end] == kept


@pytest.mark.parametrize("name", ["China- ", "-", "China-", "- -"])
def test_dashes_that_link_nothing_name_nobody(name: str) -> None:
    assert parties_in_name(PartyMention(0, len(name), name, name=name, type="organisation")) == ()


def test_a_name_in_a_word_without_end_is_widened_a_little() -> None:
    text = "a" * 1_000_000
    start, end = whole_words(text, 500_000, 500_003)
    assert 499_000 < start < 500_000 and 500_003 < end < 501_000
