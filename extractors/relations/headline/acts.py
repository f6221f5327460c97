"""Kind and status of a text, and whether it tells of a sum: the trained classifier of acts."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from extractors.entities.sectors.classify import softmax
from extractors.entities.sectors.text_model import TextModel

from .model import Model, shipped

Scores = Mapping[str, NDArray[np.float32]]


def act_scores(model: TextModel, text: str, title: str | None = None) -> Scores:
    """Return the scores of each head (``kind``, ``status``, ``money``); without a title the text is its own title."""
    return model.scores(model.vector({"title": text if title is None else title, "text": text}))


def likeliest(model: Model, question: str, scores: Scores) -> tuple[str, tuple[float, ...]]:
    """Return the best label of a head and the signals of its confidence."""
    labels = model.acts.heads[question].labels
    return labels[int(np.argmax(scores[question]))], label_signals(scores[question])


def label_signals(scores: NDArray[np.floating], sharpness: float = 3.0) -> tuple[float, ...]:
    """Return what the confidence of a label goes by: best and second score, their distance, the best's share."""
    ordered = np.sort(np.asarray(scores, dtype=np.float64))[::-1]
    first, second = float(ordered[0]), float(ordered[1])
    return first, second, first - second, float(softmax(ordered * sharpness)[0])


def classify_kind(text: str, title: str | None = None, *, model: Model | None = None) -> tuple[str, float]:
    """Return the likeliest kind of the act that a text or sentence states, and its probability."""
    return _classify("kind", text, title, model or shipped())


def classify_status(text: str, title: str | None = None, *, model: Model | None = None) -> tuple[str, float]:
    """Return the likeliest status of the act that a text or sentence states, and its probability."""
    return _classify("status", text, title, model or shipped())


def _classify(question: str, text: str, title: str | None, model: Model) -> tuple[str, float]:
    label, signals = likeliest(model, question, act_scores(model.acts, text, title))
    return label, model.confidences[question].of(signals)
