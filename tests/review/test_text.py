import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.drafts import trimmed_span
from review.pages.edit import sentence_at
from review.text import Mark, escaped, excerpt, pieces
from schemas import Span

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    marks = []
    for name in draw(st.lists(st.sampled_from(["actor", "partner", "year", "amount"]), max_size=5)):
        start = draw(st.integers(0, len(text) - 1))
        marks.append(Mark(name, Span.of(text, start, draw(st.integers(start + 1, len(text)))), name))
    return text, marks


@given(marked())
def test_pieces_are_the_text_cut_and_know_their_place(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    cut = pieces(text, marks, 0, len(text))
    assert "".join(one.text for one in cut) == text
    assert all(text[one.start : one.start + len(one.text)] == one.text for one in cut)
    for mark in marks:
        assert "".join(one.text for one in cut if mark in one.marks) == mark.span.text


@given(marked())
def test_around_sends_the_evidence_whole_unless_it_has_no_end(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    evidence = marks[0].span if marks else Span.of(text, 0, 1)
    page = excerpt(text, evidence, marks, width=3)
    sent = evidence.text if len(text) <= 9 else evidence.text[:3]
    assert "".join(one.text for one in page.evidence) == sent
    assert "".join(one.text for one in [*page.before, *page.evidence, *page.after]) == text[page.start : page.end]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & \"c\" 'd'", "a &lt; b &amp; &#34;c&#34; &#39;d&#39;"),
        ("one\r\ntwo\rthree", "one&#13;\ntwo&#13;three"),
        ("a\0b", "a\ufffdb"),
        ("👩‍🔧 é", "👩‍🔧 é"),
        ("{{ 7*7 }} {% raw %}", "{{ 7*7 }} {% raw %}"),
    ],
)
def test_what_the_browser_gets(text: str, html: str) -> None:
    assert str(escaped(text)) == html


@pytest.mark.parametrize(
    ("text", "start", "end", "found"),
    [
        ("a  loan \n b", 1, 9, "loan"),
        ("🌊 sea", 0, 2, "🌊"),
        ("   ", 0, 3, None),
        ("abc", 2, 2, None),
        ("abc", 1, 9, None),
        ("abc", -1, 2, None),
    ],
)
def test_a_selection_loses_the_blanks_at_its_ends(text: str, start: int, end: int, found: str | None) -> None:
    span = trimmed_span(text, start, end)
    assert (span.text if span else None) == found
    assert span is None or span.quotes(text)


@pytest.mark.parametrize(
    ("text", "mention", "sentence"),
    [
        ("One. Two gave $3 million! Three.", "$3 million", "Two gave $3 million!"),
        ("A line\nanother with $3 million\nlast", "$3 million", "another with $3 million"),
        ("中国提供了3亿元。后来完成。", "3亿元", "中国提供了3亿元。"),
        ("no end to $3 million", "$3 million", "no end to $3 million"),
    ],
)
def test_the_sentence_of_a_mention(text: str, mention: str, sentence: str) -> None:
    start = text.index(mention)
    assert sentence_at(text, start, start + len(mention)).text == sentence
