"""Sentence bounds by rule."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extractors.text.sentences import set_sentences, split

NLP = spacy.blank("en")
CASES = [
    "Kenya signed the accord in March.|It will run for ten years.",
    "Dr. Amina Okoye met Gov. Ruiz of the U.S. Treasury.|They agreed.",
    "The plant was sold to Aker Co. Ltd. for $3.5 million.|Work began in Oct. 2011.",
    "Grants went to schools, e.g. Kibera Primary, and clinics, i.e. to people.|Nobody else was paid.",
    "J. R. Moreno leads the lab.|P. K. Singh, its founder, left.",
    "Article No. 5 applies.|No.|It does not!|Really?|Yes.",
    "He moved to the U.S.|The ministry stayed in Lima.",
    "“We will pay,” she said.|“All of it.”|Then she left.",
    "They run three labs.[4]|The fourth is planned.",
    "Output rose 4.4 times, see www.example.org/a.html for more.|Costs fell.",
    "1. Poland gave two ships.\n|2. Norway gave one.",
]


@pytest.mark.parametrize("marked", CASES)
def test_marks(marked: str) -> None:
    text = marked.replace("|", " ").replace("\n ", "\n")
    assert [text[start:end] for start, end in split(text)] == [part.strip() for part in marked.split("|")]


LINES = [
    "Our partners¦\n\nPeru gave two boats.",
    "Europe¦\nIn 2015 Spain and Chile opened a school. ¦It is large.",
    "Goals:¦\n- a shared lab¦\n- Twenty grants a year\n  for young farmers¦\n• an office",
    "The two ministries of agriculture have agreed on a plan for\nrice that will be paid for by the bank. ¦"
    "The plan was drawn up in\nManila and signed there by both sides before the end of the year.",
    "Ghana\t2011\t5¦\nTogo\t2012\t7",
    "A first line ends here¦\r\nSecond Heading\r\nthe end",
    "Each side pays half.¦The work ends in 2020.",
]


@pytest.mark.parametrize("marked", LINES)
def test_lines(marked: str) -> None:
    text = marked.replace("¦", "")
    assert [text[start:end] for start, end in split(text)] == [part.strip() for part in marked.split("¦")]


def test_empty_text_has_no_sentence() -> None:
    assert split("") == []
    assert split(" \n\t ") == []
    assert len(list(set_sentences(NLP.make_doc("")).sents)) == 0


@given(st.text(alphabet=st.sampled_from("aB. \n\t!?-1\"'”(é中•")))
def test_bounds_hold_every_word_once(text: str) -> None:
    bounds = split(text)
    assert "".join("".join(text[start:end].split()) for start, end in bounds) == "".join(text.split())
    assert all(start < end for start, end in bounds)
    assert all(end <= start for (_, end), (start, _) in zip(bounds, bounds[1:], strict=False))


@given(st.text(alphabet=st.sampled_from("aB. \n\t!?-1\"'”(é中•")))
def test_every_token_has_a_bound(text: str) -> None:
    doc = set_sentences(NLP.make_doc(text))
    assert all(token.is_sent_start is not None for token in doc)
    assert "".join(sent.text_with_ws for sent in doc.sents) == text
