"""The cleaned copy and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.text import clean

CASES = [
    ("The plant_„Žs output", "The plant’s output"),
    ("CÃ´te d’Ivoire and MÃ¼nchen", "Côte d’Ivoire and München"),
    ("joint infra-\nstructure projects", "joint infrastructure projects"),
    ("a \\$10 deficit", "a $10 deficit"),
    ("grew by **21%** in *all* years", "grew by 21% in all years"),
    ("US\u00a029\u00a0million", "US 29 million"),
    ("co\u00adoperation", "cooperation"),
]
UNTOUCHED = [
    "2 * 3 * 4",
    "* a bullet",
    "Sino-\nRussian talks",
    "naïve café, 北京 and Привет 🙂",
    "plain\r\ntext\twith  blanks",
]


@pytest.mark.parametrize(("kept", "cleaned"), CASES)
def test_mends(kept: str, cleaned: str) -> None:
    assert clean(kept).text == cleaned


@pytest.mark.parametrize("text", UNTOUCHED)
def test_leaves_alone(text: str) -> None:
    assert clean(text).text == text


def test_a_span_maps_back_to_what_was_kept() -> None:
    aligned = clean("In CÃ´te d’Ivoire, co\u00adoperation grew")
    for word, kept in [("Côte", "CÃ´te"), ("cooperation", "co\u00adoperation"), ("grew", "grew")]:
        at = aligned.text.index(word)
        start, end = aligned.to_kept(at, at + len(word))
        assert aligned.kept[start:end] == kept


@given(st.text(st.sampled_from("aZ Ã´©\u00a0\u00ad-\n*\\$„_Žé🙂"), max_size=60))
def test_every_span_maps_into_the_text_in_order(text: str) -> None:
    aligned = clean(text)
    spans = [aligned.to_kept(at, at + 1) for at in range(len(aligned.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    for at, (start, end) in enumerate(spans):
        if text[start:end] == aligned.text[at] or (text[start:end].isspace() and aligned.text[at].isspace()):
            continue
        assert clean(text[start:end]).text != text[start:end] or end - start > 1
