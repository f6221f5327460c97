import pytest

from extractors.headline.headline import Choice, likeliest
from extractors.headline.model import shipped


def choice(question: str, text: str) -> Choice:
    model = shipped()
    scores = model.acts.scores(model.acts.vector({"title": text, "text": text, "lead": text}))
    return likeliest(model, question, scores)


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
    assert choice("kind", text).value == kind


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Utopia handed over the completed school at a ceremony.", "completed"),
        ("Utopia pledged to provide a loan and talks are expected to continue.", "pledged"),
    ],
)
def test_status(text, status):
    found = choice("status", text)
    assert found.value == status
    assert 0 < found.confidence <= 1
