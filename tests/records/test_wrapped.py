"""The records of a text do not hang on where its lines were broken."""

from collections import Counter
from collections.abc import Mapping

import pytest

from extractors.extract import Extract
from extractors.text import make_document
from schemas import Extraction
from tests.text.test_wrapped import DOCUMENTS, WIDTHS, double_spaced, justified, texts, wrapped

Facts = Counter[tuple[object, ...]]


def facts(extraction: Extraction) -> Facts:
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
        for one in extraction.records
    )


@pytest.mark.slow
def test_the_seeds_and_ten_documents_give_the_same_records(extract: Extract, seeds: Mapping[str, Extraction]) -> None:
    """Two of twelve may differ: a full line that ends a paragraph or a title cannot be told from a broken one."""
    same, found = 0, 0
    for i, (name, title, text) in enumerate(texts()):
        flowed = facts(seeds.get(name) or extract.read(make_document(name, text, title=title or None)))
        broken_by, width = ((wrapped, 45), (justified, 60), (double_spaced, 72))[i % 3]
        same += flowed == facts(extract.read(make_document(name, broken_by(text, width), title=title or None)))
        found += flowed.total()
    assert found > 50
    assert same >= DOCUMENTS


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_a_seed_with_paragraphs_on_end_keeps_nearly_all_records(
    extract: Extract, seeds: Mapping[str, Extraction], width: int
) -> None:
    """Of its 58 paragraphs, with no blank line between, up to four end in a full line, and nothing tells them apart.

    Where the cleaned text is the same, as `tests/text/test_wrapped.py` shows of the others, so are the records.
    """
    (name, _, text), *_ = texts()
    flowed = facts(seeds[name])
    read = facts(extract.read(make_document(name, wrapped(text, width))))
    assert flowed.total() - (flowed & read).total() <= 4
