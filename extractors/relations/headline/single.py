"""How far a document is about one act: a note or a piece of news, against a survey, a deck or a list."""

import math

from spacy.tokens import Doc

from .candidates import countries_of
from .headline import scene_of
from .scene import Scene

_BASE, _SENTENCE, _PARTY, _BULLET = 4.5, 0.13, 0.45, 0.6
_FREE_SENTENCES, _FREE_PARTIES = 10, 5
_BULLETS = ("-", "*", "•", "–", "·", "|", "#")


def is_single_act(doc: Doc) -> float:
    """Return the probability that ``doc`` tells of one act, so that choosing for the whole document is right, 0..1."""
    return single_act_share(scene_of(doc))


def single_act_share(scene: Scene) -> float:
    """Return the probability that a scene tells of one act: it is short, has few countries and bodies and no lists."""
    countries = {key for mention in scene.parties for key in countries_of(mention) if isinstance(key, str)}
    lines = [line.lstrip() for line in scene.text.split("\n")]
    bullets = sum(line.startswith(_BULLETS) for line in lines)
    doubt = _SENTENCE * max(0, len(scene.bounds) - _FREE_SENTENCES) + _PARTY * max(0, len(countries) - _FREE_PARTIES)
    return 1 / (1 + math.exp(doubt + _BULLET * bullets - _BASE))
