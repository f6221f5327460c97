"""The light lemmatiser."""

import pytest

from extractors.english import lemma

CASES = [
    ("signed", "VBD", "sign"), ("Funding", "VBG", "fund"), ("agreed", "VBN", "agree"), ("gave", "VBD", "give"),
    ("lent", "VBD", "lend"), ("planned", "VBN", "plan"), ("built", "VBN", "build"), ("provides", "VBZ", "provide"),
    ("countries", "NNS", "country"), ("universities", "NNS", "university"), ("loans", "NNS", "loan"),
    ("Exports", "NNS", "export"), ("was", "VBD", "be"), ("Peru", "NNP", "Peru"), ("launching", "VBG", "launch"),
    ("financed", "VBN", "finance"), ("trained", "VBD", "train"), ("donated", "VBD", "donate"),
    ("pledged", "VBN", "pledge"), ("businesses", "NNS", "business"), ("crises", "NNS", "crisis"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "tag", "expected"), CASES)
def test_lemma(word: str, tag: str, expected: str) -> None:
    assert lemma(word, tag) == expected
