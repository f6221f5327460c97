import pytest

from extractors.text.sector_phrases import fields_of, find_signals, signals
from schemas import crs_sectors, fields


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a joint laboratory for quantum optics", "430"),
        ("two primary schools were built", "110"),
        ("the hospital received vaccines", "120"),
        ("a hydropower station on the river", "230"),
        ("tents for the victims of the flood", "700"),
        ("the railways of the coast", "210"),
        ("a smart city pilot", "430"),
        ("a safe city system", "150"),
        ("mobile payment in shops", "240"),
        ("an e-commerce platform", "330"),
        ("the Belt and Road Initiative", "210"),
    ],
)
def test_phrases_signal_a_sector(text, code):
    assert code in [code for code, _ in find_signals(text)]


@pytest.mark.parametrize("text", ["", "They met twice.", "The two sides said nothing further."])
def test_plain_talk_signals_nothing(text):
    assert find_signals(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joint work on semiconductors and artificial intelligence", ("semiconductors", "artificial-intelligence")),
        ("a 5G network", ("telecommunications",)),
        ("solar panels and wind farms", ("energy-renewable",)),
        ("they shook hands", ()),
    ],
)
def test_fields_of_a_sentence(text, expected):
    assert fields_of(text) == expected


def test_the_table_knows_only_codes_and_fields_of_the_lists():
    assert {code for code, _ in signals().values() if code} <= set(crs_sectors())
    assert {one for _, own in signals().values() for one in own} <= set(fields())
