import spacy


def test_the_component_writes_the_phrases_of_a_doc():
    nlp = spacy.blank("en")
    nlp.add_pipe("coopledger_sectors")
    doc = nlp("A hospital for Utopia")
    assert [(one.text, one.code) for one in doc._.sectors] == [("hospital", "120")]
