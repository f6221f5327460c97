"""What the words around an act say, beside the network."""

from dataclasses import replace

import pytest

from extractors.reader.acts import SECTORS
from extractors.reader.network import shipped
from extractors.reader.wording import HEADS, zones_of
from tests.records.acts import act, one_hot

TEXT = "News of the week\nRain fell. Japan lent Kenya money for a hospital and its nurses. Nobody spoke."
BOUNDS = [(0, 16), (17, 27), (28, 81), (82, 95)]


def test_sentence_surroundings_and_title_are_seen() -> None:
    start = TEXT.index("lent")
    assert zones_of(TEXT, BOUNDS, start, start + 4) == {
        "act": "Japan lent Kenya money for a hospital and its nurses.",
        "near": "News of the week\nRain fell.   Nobody spoke.",
        "title": "News of the week",
    }


def test_a_text_without_sentences_shows_the_act_alone() -> None:
    assert zones_of("lent", [], 0, 4) == {"act": "lent", "near": " ", "title": ""}


@pytest.mark.parametrize("name", HEADS)
def test_the_shipped_wording_knows_every_label(name: str) -> None:
    assert shipped().wording.texts.heads[name].labels == tuple(HEADS[name])


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("money for a hospital and its nurses", "120"),
        ("money for a highway and three bridges", "210"),
        ("money for primary schools and teachers", "110"),
    ],
)
def test_words_decide_where_the_network_does_not(words: str, sector: str) -> None:
    text = TEXT.replace("money for a hospital and its nurses", words)
    codes = dict.fromkeys(SECTORS, 1 / len(SECTORS))
    heard = shipped().wording(replace(act(text, "lent", {}), sectors=codes), text, [(28, text.index(" Nobody"))])
    assert heard.sector == sector
    assert sum(heard.sectors.values()) == pytest.approx(1)
    assert list(heard.sectors) == list(codes)


def test_a_sure_network_is_not_overruled() -> None:
    sure = act(TEXT, "lent", {}, kind="loan")
    assert shipped().wording(sure, TEXT, BOUNDS).kind == "loan"
    assert set(shipped().wording(sure, TEXT, BOUNDS).kinds) == set(one_hot(HEADS["kind"], "loan"))
