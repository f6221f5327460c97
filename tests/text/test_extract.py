"""The whole way, from a text to records, and the promises that hold whatever the text."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.extract import Extract
from schemas import Document, Extraction, Span

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
PIECES = [
    "In 2009 China’s Exim Bank lent Mauritius 800 million RMB.", "Kenya and Peru signed an accord", "🙂", "\n\n", "  ",
    "# Heading", "\n- Joint laboratory with Brazil (2014)", "CÃ´te d’Ivoire", "\t|\t", "北京", "US$5m",
    "co\u00adoperation", "The World Bank approved", "<b>Japan</b>", "\\$3 billion", "“", ",", "2015",
]  # fmt: skip


def quotes(document: Document, spans: list[Span]) -> bool:
    return all(span.quotes(document.text) for span in spans)


def test_a_loan_is_read_whole(extract: Extract) -> None:
    text = "A loan for water\nIn 2009 China's Exim Bank lent Mauritius 800 million RMB for a water treatment plant."
    best = extract(text)[0]
    assert best.kind == "loan"
    assert (best.actor.name, best.partner and best.partner.country) == ("Export-Import Bank of China", "MUS")
    assert best.year is not None and best.year.start == 2009
    assert best.amount is not None and (best.amount.value, best.amount.unit) == (800_000_000, "CNY")
    assert best.sector.code == "140"


def test_the_same_words_elsewhere_are_the_same_act(extract: Extract) -> None:
    text = "In 2016 Brazil and Kenya signed an agreement on coffee research."
    [before], [after] = extract(text), extract("The weather was fine.\n\n" + text)
    assert before.record_id == after.record_id and before.evidence.start != after.evidence.start


@pytest.mark.parametrize("text", ["China and Germany are friends.", "The world spent $2 trillion on research in 2019."])
def test_what_is_no_act_is_no_record(extract: Extract, text: str) -> None:
    assert extract(text) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.name for path in SEEDS])
def test_seeds_are_quoted_exactly(seeds: Mapping[str, Extraction], name: str) -> None:
    found = seeds[name]
    told = [*found.records, *found.possible]
    assert len(told) > 12 and quotes(found.document, [span for record in told for span in record.spans()])
    assert quotes(found.document, [mention.span for mention in found.unclaimed])
    assert [record.rank for record in found.records] == list(range(1, len(found.records) + 1))
    assert len({record.record_id for record in found.records}) == len(found.records)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12))
def test_any_text_is_quoted_exactly(extract: Extract, pieces: list[str]) -> None:
    text = " ".join(pieces)
    if not text.strip():
        return
    found = extract.read(text)
    assert quotes(found.document, [span for record in found.records for span in record.spans()])
    assert quotes(found.document, [mention.span for mention in found.unclaimed])


def test_a_stream_gives_what_single_calls_give(extract: Extract) -> None:
    texts = ["Japan lent Vietnam 5 billion yen in 2004.", "Nothing happened.", "Chile joined CERN in 2012."]
    assert list(extract.pipe(texts)) == [extract(text) for text in texts]


def test_a_text_beyond_spacy_s_own_limit_is_read(extract: Extract) -> None:
    text = "In 2009 China lent Kenya $5 million.\n\n" + " " * 1_000_001
    assert [one.partner.name for one in extract(text) if one.partner] == ["Kenya"]
