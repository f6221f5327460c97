import pytest

from extractors.headline import classify_kind, classify_status


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Utopia extended a concessional loan of 20 million dollars at 2 percent interest.", "loan"),
        ("Utopia donated office equipment worth 20,000 dollars.", "grant"),
        ("Utopia sent a medical team of twelve doctors.", "technical_assistance"),
        ("Utopia cancelled the debt that had matured.", "debt_relief"),
    ],
)
def test_kind(text, kind):
    assert classify_kind(text)[0] == kind


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Utopia handed over the completed school at a ceremony.", "completed"),
        ("Utopia pledged to provide a loan and talks are expected to continue.", "pledged"),
    ],
)
def test_status(text, status):
    found, share = classify_status(text)
    assert found == status
    assert 0 < share <= 1
