"""How sure a frame is: a logistic score of its features with weights from a table, and reasons for what falls short."""

import math
from functools import cache

from extractors.relations.frames.frame import Frame
from schemas import UnclaimedReason
from schemas.packaged import packaged_rows

THRESHOLD = 0.5
_DROP: dict[str, UnclaimedReason] = {"negated": "negated", "hedged": "hedged"}


@cache
def _weights(column: str = "weight") -> dict[str, float]:
    return {
        row["feature"]: float(row[column])
        for row in packaged_rows("extractors.relations.frames", "weights.csv")
        if row[column]
    }


def _odds(features: dict[str, float], weights: dict[str, float]) -> float:
    return weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())


def calibrated(frame: Frame) -> float:
    """Return how sure a frame is: of records with this number, that share proved right in documents left out.

    By the fitted weights of the table (see ``extractors.training.judging``).
    """
    fitted = _weights("fitted")
    odds = fitted["calibration_scale"] * _odds(described(frame), fitted) + fitted["calibration_shift"]
    return 1 / (1 + math.exp(-odds))


def described(frame: Frame) -> dict[str, float]:
    """Return the features of a frame with its shape, its kind and whether it has no partner."""
    whole = {"null": float(frame.partner is None), f"shape_{frame.shape}": 1.0, f"kind_{frame.kind}": 1.0}
    return {**frame.features, **whole}


def accepted(frame: Frame) -> bool:
    """Whether a judged frame is to be a record."""
    return frame.score >= THRESHOLD and not frame.reason


def judge(frame: Frame) -> Frame:
    """Set the frame's score and, where it is no record, the reason."""
    frame.score = 1 / (1 + math.exp(-_odds(described(frame), _weights())))
    effects = {cue.effect for cue in frame.cues}
    if "would" in effects and not frame.features.get("reported"):
        effects.add("hedged")
    for effect, reason in _DROP.items():
        if effect in effects:
            frame.score, frame.reason = min(frame.score, 0.1), reason
            return frame
    if frame.features.get("domestic"):
        frame.score, frame.reason = min(frame.score, 0.1), "out_of_scope"
    elif frame.score < THRESHOLD:
        frame.reason = "below_threshold"
    return frame
