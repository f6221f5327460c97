"""The headline: what a document as a whole says of the one act it is about, learned from human coders."""

from .acts import classify_kind, classify_status
from .headline import Choice, Headline, headline, headline_of
from .model import Model
from .scene import Scene, make_scene
from .single import is_single_act

__all__ = [
    "Choice", "Headline", "Model", "Scene", "classify_kind", "classify_status", "headline", "headline_of",
    "is_single_act", "make_scene",
]  # fmt: skip
