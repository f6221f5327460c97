"""The records of a text do not hang on where its lines were broken."""

from collections import Counter

import pytest

from coopledger import load
from extractors.extract import Extract
from extractors.text import make_document
from tests.text.test_wrapped import DOCUMENTS, double_spaced, justified, texts, wrapped

Facts = Counter[tuple[object, ...]]


@pytest.fixture(scope="module")
def extract() -> Extract:
    return load()


def facts(extract: Extract, name: str, title: str, text: str) -> Facts:
    """What the records of a text say, without the breaks in their quotations."""
    return Counter(
        (
            one.kind,
            one.status,
            one.actor.name,
            one.partner and one.partner.name,
            one.year and (one.year.start, one.year.end),
            one.amount and (one.amount.value, one.amount.unit),
            one.sector and one.sector.code,
            "".join(one.evidence.text.split()),
        )
        for one in extract(make_document(name, text, title=title or None))
    )


@pytest.mark.slow
def test_the_seeds_and_ten_documents_give_the_same_records(extract: Extract) -> None:
    """Two of twelve may differ: a full line that ends a paragraph or a title cannot be told from a broken one."""
    same, found = 0, 0
    for i, (name, title, text) in enumerate(texts()):
        flowed = facts(extract, name, title, text)
        broken_by, width = ((wrapped, 45), (justified, 60), (double_spaced, 72))[i % 3]
        same += flowed == facts(extract, name, title, broken_by(text, width))
        found += flowed.total()
    assert found > 50
    assert same >= DOCUMENTS
