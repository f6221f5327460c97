import numpy as np
import pytest

from extractors.estimators.text_model import (
    Block,
    FeatureVocabulary,
    Head,
    TextModel,
    arrays_of,
    model_of,
    pairs_of,
    pieces_of,
    save_arrays,
    words_of,
)


@pytest.fixture
def model():
    words = FeatureVocabulary(Block("text", "words", 1.0), 0, {"dam": 0, "school": 1}, np.ones(2, dtype=np.float32))
    pairs = FeatureVocabulary(Block("text", "pairs", 0.5), 2, {"new dam": 0}, np.ones(1, dtype=np.float32))
    weights = np.array([[1, -1], [-1, 1], [0.5, 0]], dtype=np.float32)
    head = Head(("230", "110"), weights, np.zeros(2, dtype=np.float32))
    return TextModel((words, pairs), frozenset({"utopia"}), {"sector": head})


def test_words_pairs_and_pieces():
    assert words_of("A New Dam, 2 of them", frozenset({"of"})) == ["a", "new", "dam", "them"]
    assert pairs_of(["a", "new", "dam"]) == ["a new", "new dam"]
    assert set(pieces_of("dam")) == {"<dam>", "<da", "dam", "am>", "<dam", "dam>"}


@pytest.mark.parametrize(
    ("text", "best"), [("A new dam", "230"), ("the school", "110"), ("Utopia dam dam school", "230")]
)
def test_the_best_label(model, text, best):
    head = model.heads["sector"]
    assert head.labels[int(np.argmax(head.scores(model.vector({"text": text}))))] == best


def test_a_text_without_known_words_scores_as_the_bias(model):
    assert model.scores(model.vector({"text": "nothing"}))["sector"].tolist() == [0.0, 0.0]


def test_saving_twice_gives_the_same_bytes_and_the_same_model(model, tmp_path):
    save_arrays(tmp_path / "one.npz", arrays_of(model))
    save_arrays(tmp_path / "two.npz", arrays_of(model))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz") as arrays:
        again = model_of(dict(arrays))
    vector = model.vector({"text": "a new dam"})
    assert np.allclose(again.scores(again.vector({"text": "a new dam"}))["sector"], model.scores(vector)["sector"])
