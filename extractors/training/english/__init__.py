"""Training of the English pipeline: treebanks and named entities in, a spaCy ``Language`` with UD labels out."""

from .build import build_english
from .conllu import Sentence, read_conllu
from .package import save_english, save_lemmas
from .train import Settings, train_english

__all__ = [
    "Sentence",
    "Settings",
    "build_english",
    "read_conllu",
    "save_english",
    "save_lemmas",
    "train_english",
]
