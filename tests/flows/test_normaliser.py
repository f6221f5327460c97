"""Words that a curator selects become values as the extractors make them."""

from typing import Any

import pytest

from flows.normaliser import ExtractorsNormaliser

TEXT = "In May 2011 the Export-Import Bank of China lent Kenya up to $30 million for a water plant until 2014."


def select(words: str) -> tuple[str, int, int]:
    start = TEXT.index(words)
    return TEXT, start, start + len(words)


@pytest.mark.parametrize(
    ("field", "words", "expected"),
    [
        ("party", "Export-Import Bank of China", {"name": "Export-Import Bank of China", "country": "CHN"}),
        ("party", "Kenya", {"name": "Kenya", "type": "country", "country": "KEN"}),
        ("party", "water plant", {"name": "water plant"}),
        ("year", "May 2011", {"start": 2011, "end": 2011}),
        ("amount", "up to $30 million", {"value": 30_000_000, "unit": "USD", "bound": "at_most"}),
        ("sector", "a water plant", {"code": "140"}),
    ],
)
def test_a_selection_becomes_a_value_that_quotes_it(field: str, words: str, expected: dict[str, Any]) -> None:
    value = getattr(ExtractorsNormaliser(), field)(*select(words))
    assert {name: getattr(value, name) for name in expected} == expected
    assert value.span.text == words
    assert value.span.quotes(TEXT)


@pytest.mark.parametrize(("field", "words"), [("year", "water"), ("amount", "Kenya")])
def test_words_that_give_no_value(field: str, words: str) -> None:
    assert getattr(ExtractorsNormaliser(), field)(*select(words)) is None


def test_dollars_are_those_of_the_act_s_year() -> None:
    text = "a grant of 10 million RMB"
    amount = ExtractorsNormaliser().amount(text, 11, len(text), year=2007)
    assert amount is not None
    assert amount.usd == pytest.approx(1_314_000, rel=0.01)


def test_suggestions_come_in_order_with_their_fields() -> None:
    found = ExtractorsNormaliser().suggest(TEXT, 0, len(TEXT))
    assert [(one.field, one.span.text) for one in found][:3] == [
        ("year", "May 2011"),
        ("party", "Export-Import Bank of China"),
        ("party", "Kenya"),
    ]
    assert all(one.span.quotes(TEXT) for one in found)


def test_a_second_currency_in_the_selection_is_quoted_too() -> None:
    text = "They agreed on 200 million renminbi (US$29 million) a year."
    amount = ExtractorsNormaliser().amount(text, text.index("200"), text.index(" a year"), year=2018)
    assert amount is not None and amount.stated
    assert all(one.span.quotes(text) for one in amount.stated)
