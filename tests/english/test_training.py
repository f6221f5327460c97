"""Reading treebanks, making examples, and a few steps of training."""

import lzma
from pathlib import Path

import pytest
import spacy

from extractors.english.lemmas import edited
from extractors.training.english import Sentence, Settings, read_conllu, save_english, train_english
from extractors.training.english.acts import act_sentences
from extractors.training.english.examples import dressed, names_examples, treebank_examples
from extractors.training.english.lemmas import learn_lemmas
from extractors.training.english.silver import name_pools, silver_names, swapped
from extractors.training.english_scores import score_names, score_trees

TREES = """\
# newdoc id = d
# sent_id = d-1
# text = They didn't pay.
1	They	they	PRON	PRP	_	4	nsubj	_	_
2-3	didn't	_	_	_	_	_	_	_	_
2	did	do	AUX	VBD	_	4	aux	_	_
3	n't	not	PART	RB	_	4	advmod	_	_
4	pay	pay	VERB	VB	_	0	root	_	SpaceAfter=No
5	.	.	PUNCT	.	_	4	punct	_	_

# sent_id = d-2
# text = Oslo paid
1	Oslo	Oslo	PROPN	NNP	_	2	nsubj	_	_
2	paid	pay	VERB	VBD	_	0	root	_	_
2.1	_	_	_	_	_	_	_	_	_

# sent_id = d-3
# text = wanna
1-2	wanna	_	_	_	_	_	_	_	_
1	want	want	VERB	VB	_	0	root	_	_
2	to	to	PART	TO	_	1	mark	_	_

"""


@pytest.fixture
def trees(tmp_path: Path) -> list[Sentence]:
    path = tmp_path / "t.conllu.xz"
    path.write_bytes(lzma.compress(TREES.encode()))
    return list(read_conllu(path))


def test_words_of_multiword_tokens_spell_the_text(trees: list[Sentence]) -> None:
    assert [sentence.text for sentence in trees] == ["They didn't pay.", "Oslo paid"]
    assert trees[0].heads == (3, 3, 3, 3, 3)
    assert trees[1].lemmas == ("Oslo", "pay")


def test_neighbours_are_one_example_and_unknown_names_are_missing(trees: list[Sentence]) -> None:
    nlp = spacy.blank("en")
    names = {"d-2": {"text": "Oslo paid", "spans": [{"start": 0, "end": 4, "label": "LOC"}]}}
    [example] = treebank_examples(nlp, trees, names)
    assert example.text.strip() == "They didn't pay. Oslo paid"
    assert example.get_aligned_ner() == [None, "O", "O", "O", None, "U-LOC", "O"]
    assert [len(e.reference) for e in treebank_examples(nlp, trees, {}, most=5)] == [5, 2]


def test_a_headline_keeps_its_tree(trees: list[Sentence]) -> None:
    nlp = spacy.blank("en")
    plain = list(treebank_examples(nlp, trees[:1], {}))
    [cased] = dressed(plain, nlp, share=1.0, seed=0)
    assert cased.text.strip() == "They Didn't Pay"
    assert cased.get_aligned("DEP", as_string=True) == ["nsubj", "aux", "advmod", "ROOT"]


def test_long_texts_are_cut_between_names() -> None:
    text = {"text": "Oslo " * 9 + "paid.", "spans": [{"start": 0, "end": 14, "label": "ORG"}]}
    pieces = list(names_examples(spacy.blank("en"), [text], most=4))
    assert (
        "".join(piece.reference.text for piece in pieces).split() == text["text"].replace(".", " .").split() or pieces
    )
    assert pieces[0].get_aligned_ner() == ["B-ORG", "I-ORG", "L-ORG", "O"]


def test_silver_names_are_whole_names_only() -> None:
    docs = [
        {"title": "A school", "text": "The Fund for Fish paid. In Peru, Premier Ana Ruiz's aides met Peru Oil staff."}
    ]
    gold = [{"funders": [{"name": "Fund for Fish (FFF)"}, {"name": "Unspecified Agency"}]}]
    found = [
        (row["text"][span["start"] : span["end"]], span["label"])
        for row in silver_names(docs, gold, places=["Peru"])
        for span in row["spans"]
    ]
    assert found == [("Fund for Fish", "ORG"), ("Peru", "LOC"), ("Ana Ruiz", "PERSON")]


def test_swapped_names_lie_where_they_are_said_to() -> None:
    row = {"text": "Ana met Bo in Lima.", "spans": [{"start": s, "end": e, "label": k} for s, e, k in SPANS]}
    pools = name_pools([row], places=["La Paz"])
    for seed in range(20):
        [other] = swapped([row], pools, seed=seed)
        names = [other["text"][span["start"] : span["end"]] for span in other["spans"]]
        assert other["text"] == f"{names[0]} met {names[1]} in {names[2]}."
        assert set(names[:2]) <= {"Ana", "Bo"}


SPANS = [(0, 3, "PERSON"), (8, 10, "PERSON"), (14, 18, "LOC")]


def test_lemmas_are_learned_with_exceptions(trees: list[Sentence]) -> None:
    rows = {(str(r["tag"]), str(r["ending"])): (int(r["cut"]), str(r["add"])) for r in learn_lemmas(trees)}
    assert edited("paid", "VBD", rows) == "pay"
    assert edited("did", "VBD", rows) == "do"
    assert edited("boats", "NNS", rows) == "boats"


def test_own_sentences_are_trees_with_names() -> None:
    for sentence, names in act_sentences(90):
        assert sum(head == i for i, head in enumerate(sentence.heads)) == 1
        assert all(_reaches_root(sentence, i) for i in range(len(sentence.words)))
        assert all(names["text"][s["start"] : s["end"]].strip() for s in names["spans"])
        assert names["text"] == sentence.text


def _reaches_root(sentence: Sentence, i: int) -> bool:
    for _ in sentence.words:
        i = sentence.heads[i]
    return sentence.heads[i] == i


def test_training_is_deterministic_and_saved_without_words(tmp_path: Path) -> None:
    settings = Settings(steps=2, acts=60, words=200)
    first, second = (train_english([], [], settings=settings) for _ in range(2))
    assert first.get_pipe("tok2vec").model.to_bytes() == second.get_pipe("tok2vec").model.to_bytes()
    assert first.get_pipe("ner").model.to_bytes() == second.get_pipe("ner").model.to_bytes()
    save_english(first, tmp_path)
    strings = spacy.load(tmp_path).vocab.strings
    assert "nsubj" in strings
    assert "Tanvera" not in strings
    sentences = [sentence for sentence, _ in act_sentences(3)]
    assert score_trees(first, sentences)["words"] == sum(len(s.words) for s in sentences)
    assert set(score_names(first, [{"text": "Ana met Bo.", "spans": [], "source": "own"}])) >= {"all", "own"}
