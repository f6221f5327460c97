"""The headline: the one act that a document as a whole is about, with its fields; learned from human coders."""

from extractors.headline.headline import Headline, headline, headline_of, is_single_act
from extractors.headline.model import classify_sector
from extractors.headline.scene import Scene, make_scene

__all__ = ["Headline", "Scene", "classify_sector", "headline", "headline_of", "is_single_act", "make_scene"]
