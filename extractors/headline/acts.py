"""Kind and status of a text, and whether it tells of a sum: the trained classifier of acts."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from extractors.headline.sectors import softmax
from extractors.headline.text_model import TextModel

from .model import Model, shipped
from .scene import Scene

Scores = Mapping[str, NDArray[np.float32]]


def zones_of(scene: Scene) -> dict[str, str]:
    """Return title, body, first and last sentence of the body, as the text models read them."""
    body = [(start, end) for start, end in scene.bounds[scene.titled :] if start < end]
    return {
        "title": scene.title if scene.titled else scene.body,
        "text": scene.body,
        "lead": scene.text[slice(*body[0])] if body else "",
        "tail": scene.text[slice(*body[-1])] if len(body) > 1 else "",
    }


def act_scores(model: TextModel, zones: Mapping[str, str]) -> Scores:
    """Return the scores of each head (``kind``, ``status``, ``money``) for a text given zone by zone."""
    return model.scores(model.vector(zones))


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
    zones = {"title": text if title is None else title, "text": text, "lead": text}
    label, signals = likeliest(model, question, act_scores(model.acts, zones))
    return label, model.confidences[question].of(signals)
