"""Arguments and phrases in hand-made trees."""

from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import create_vocab

from extractors.english import trees


def tree(*rows: tuple[str, str, int, str]) -> Doc:
    """A Doc from rows of word, tag, head and label."""
    words, tags, heads, deps = (list(column) for column in zip(*rows, strict=True))
    return Doc(create_vocab("en", English.Defaults), words=words, tags=tags, heads=heads, deps=deps)


LENT = tree(
    ("Norway", "NNP", 3, "nsubj"), ("and", "CC", 2, "cc"), ("Japan", "NNP", 0, "conj"), ("lent", "VBD", 3, "ROOT"),
    ("Peru", "NNP", 3, "iobj"), ("boats", "NNS", 3, "obj"), ("and", "CC", 7, "cc"), ("trained", "VBD", 3, "conj"),
    ("crews", "NNS", 7, "obj"), ("with", "IN", 10, "case"), ("Lima", "NNP", 7, "obl"), ("and", "CC", 12, "cc"),
    ("Callao", "NNP", 10, "conj"),
)  # fmt: skip
FUNDED = tree(
    ("A", "DT", 1, "det"), ("school", "NN", 3, "nsubj:pass"), ("was", "VBD", 3, "aux:pass"),
    ("funded", "VBN", 3, "ROOT"),
    ("by", "IN", 6, "case"), ("the", "DT", 6, "det"), ("bank", "NN", 3, "obl:agent"), ("that", "WDT", 8, "nsubj"),
    ("failed", "VBD", 6, "acl:relcl"), ("and", "CC", 10, "cc"), ("built", "VBN", 3, "conj"), ("by", "IN", 12, "case"),
    ("Oslo", "NNP", 10, "obl:agent"),
)  # fmt: skip
PHRASE = tree(
    ("a", "DT", 2, "det"), ("soft", "JJ", 2, "amod"), ("loan", "NN", 2, "ROOT"), ("of", "IN", 5, "case"),
    ("five", "CD", 5, "nummod"), ("dollars", "NNS", 2, "nmod"), (",", ",", 8, "punct"), ("which", "WDT", 8, "nsubj"),
    ("failed", "VBD", 2, "acl:relcl"),
)  # fmt: skip


def texts(tokens: list) -> list[str]:
    return [token.text for token in tokens]


def test_coordinated_subjects_are_shared_by_coordinated_verbs() -> None:
    assert texts(trees.subjects(LENT[3])) == ["Norway", "Japan"]
    assert texts(trees.subjects(LENT[7])) == ["Norway", "Japan"]


def test_objects_and_receivers_are_the_verbs_own() -> None:
    assert texts(trees.objects(LENT[3])) == ["boats"]
    assert texts(trees.objects(LENT[7])) == ["crews"]
    assert texts(trees.indirect_objects(LENT[3])) == ["Peru"]
    assert trees.indirect_objects(LENT[7]) == []


def test_conjuncts_of_an_oblique_share_its_preposition() -> None:
    assert [(mark, noun.text) for mark, noun in trees.obliques(LENT[7])] == [("with", "Lima"), ("with", "Callao")]


def test_conjuncts_are_the_same_from_each() -> None:
    assert trees.conjuncts(LENT[0]) == trees.conjuncts(LENT[2]) == [LENT[0], LENT[2]]


def test_passive_is_shared_by_a_coordinated_participle() -> None:
    assert [trees.is_passive(FUNDED[i]) for i in (3, 8, 10)] == [True, False, True]
    assert texts(trees.agents(FUNDED[3])) == ["bank"]
    assert texts(trees.agents(FUNDED[10])) == ["Oslo"]
    assert trees.agents(FUNDED[8]) == []


def test_relative_clause_takes_the_noun_as_its_subject() -> None:
    assert texts(trees.subjects(FUNDED[8])) == ["bank"]


def test_phrase_leaves_out_the_relative_clause_and_a_chunk_the_complement() -> None:
    assert trees.phrase(PHRASE[2]).text == "a soft loan of five dollars"
    assert trees.noun_chunk(PHRASE[2]).text == "a soft loan"
    assert trees.phrase(FUNDED[6]).text == "the bank"
