"""The spaCy components write what the finders find."""

import spacy


def test_amounts_and_years() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("coopledger_amounts")
    nlp.add_pipe("coopledger_years")
    doc = nlp("In May 2012 it lent RMB1.2bn.")
    assert [(one.text, one.value) for one in doc._.amounts] == [("RMB1.2bn", 1.2e9)]
    assert [(one.text, one.first) for one in doc._.years] == [("May 2012", 2012)]


def test_the_date_of_a_document_is_used() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("coopledger_years")
    doc = nlp.make_doc("It opened last year.")
    doc.user_data["date"] = "2015-01-01"
    assert [one.first for one in nlp(doc)._.years] == [2014]


def test_parties() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("coopledger_parties")
    doc = nlp("Ghana thanked Japan.")
    assert [m.country for m in doc._.parties] == ["GHA", "JPN"]
