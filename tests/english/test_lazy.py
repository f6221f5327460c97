"""Parsing of chosen sentences in one Doc."""

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from extractors.english import is_parsed, load_english, parse, parse_sentences

TEXT = (
    "Joint work\n\nNorway and Peru signed an agreement in 2012. The weather was fine.\n"
    "- The school was built by Oslo\nMr. Jorge Soto, who lives in Lima, thanked the University of Bergen."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_english()


def bounds(doc: Doc) -> list[tuple[int, int]]:
    return [(sent.start, sent.end) for sent in doc.sents]


def test_a_text_is_not_parsed_until_it_is_wanted(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert doc.text == TEXT
    assert not any(is_parsed(sent) for sent in doc.sents)


def test_only_what_is_wanted_is_parsed(nlp: Language) -> None:
    doc = nlp(TEXT)
    before = bounds(doc)
    sentences = list(doc.sents)
    assert parse(nlp, doc, sentences[1:2]) is doc
    assert [is_parsed(sent) for sent in doc.sents] == [False, True, False, False, False]
    parse(nlp, doc, [sentences[4], sentences[3], sentences[1]])
    assert [is_parsed(sent) for sent in doc.sents] == [False, True, False, True, True]
    assert bounds(doc) == before
    assert doc.text == TEXT
    assert all(ent.sent.start in {sentences[i].start for i in (1, 3, 4)} for ent in doc.ents)


def test_trees_lie_inside_their_sentence(nlp: Language) -> None:
    doc = nlp(TEXT)
    parse(nlp, doc, doc.sents)
    for sent in doc.sents:
        assert all(sent.start <= token.head.i < sent.end for token in sent)
        assert sum(token.dep_ == "ROOT" for token in sent) == 1


def test_parts_of_speech_and_lemmas_are_set(nlp: Language) -> None:
    doc = nlp("Norway and Peru signed two agreements.")
    parse(nlp, doc, doc.sents)
    assert [(t.pos_, t.lemma_) for t in doc][3:6] == [("VERB", "sign"), ("NUM", "two"), ("NOUN", "agreement")]
    assert [child.text for child in doc[3].children if child.dep_ in {"nsubj", "obj"}] == ["Norway", "agreements"]


def test_small_documents_have_the_tokens_of_their_spans(nlp: Language) -> None:
    doc = nlp(TEXT)
    spans = list(doc.sents)[1:4]
    small = parse_sentences(nlp, spans)
    assert [[t.text for t in one] for one in small] == [[t.text for t in span] for span in spans]
    assert not any(is_parsed(span) for span in spans)


def test_a_table_taken_for_a_sentence_stays_one_tree(nlp: Language) -> None:
    doc = nlp("lot " * 450)
    parse(nlp, doc, doc.sents)
    assert len(bounds(doc)) == 1
    assert sum(token.dep_ == "ROOT" for token in doc) == 1


def test_nothing_wanted_changes_nothing(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert parse(nlp, doc, []) is doc
    assert doc.ents == ()


def test_plain_pipeline_parses_all() -> None:
    doc = load_english(lazy=False)("Norway paid. Peru built the school.")
    assert all(is_parsed(token) for token in doc)
