"""The headline: what a document as a whole says of the one act it is about, learned from human coders."""

from extractors.headline.headline import (
    Choice,
    Headline,
    headline,
    headline_of,
    is_single_act,
)
from extractors.headline.model import Model
from extractors.headline.scene import Scene, make_scene

__all__ = [
    "Choice", "Headline", "Model", "Scene", "headline", "headline_of",
    "is_single_act", "make_scene",
]  # fmt: skip
