"""The spaCy components, and every currency of the tables."""

import pycountry
import pytest
import spacy

from extractors.mentions.amounts import find_amounts
from extractors.mentions.amounts.tables import UNREAD, currency_rows, marks, names


def test_components_write_what_the_functions_find() -> None:
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


def test_every_iso_currency_is_known() -> None:
    assert {one.alpha_3 for one in pycountry.currencies} - set(currency_rows()) <= {"XXX"}


@pytest.mark.parametrize("code", sorted(currency_rows().keys() - UNREAD))
def test_every_code_before_and_after(code: str) -> None:
    for text in (
        f"It lent {code} 25 million in all.",
        f"It lent 25 million {code} in all.",
        f"It lent {code}25m in all.",
    ):
        (mention,) = find_amounts(text)
        assert (mention.value, mention.unit) == (25_000_000, code)


@pytest.mark.parametrize("name", sorted(name for name in names() if not names()[name].minor))
def test_every_name(name: str) -> None:
    (mention,) = [one for one in find_amounts(f"It lent 25 million {name}, they say.") if one.kind == "money"]
    assert mention.value == 25_000_000
    assert mention.text == f"25 million {name}"


@pytest.mark.parametrize("mark", sorted(mark for mark in marks() if not mark[0].isspace()))
def test_every_mark(mark: str) -> None:
    (mention,) = [one for one in find_amounts(f"It lent {mark} 25 million, they say.") if one.kind == "money"]
    assert mention.value == 25_000_000
