import pytest

from extractors.headline import classify_sector


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Utopia sends a medical team of twelve doctors to the provincial hospital.", "120"),
        ("The bank lent 40 million dollars for the rehabilitation of the coast road and its bridges.", "210"),
        ("A donation of tents and blankets for the victims of the earthquake.", "700"),
        ("The loan pays for a hydropower station and its transmission lines.", "230"),
        ("The government cancelled the debt that had matured.", "600"),
    ],
)
def test_clear_sentences(text, code):
    found, share = classify_sector(text)
    assert found == code
    assert 0.3 < share <= 1
