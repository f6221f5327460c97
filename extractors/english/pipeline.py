"""Loading the trained pipeline from the package, with NumPy's matrix products."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from thinc.api import NumpyOps, get_current_ops, set_current_ops

from . import gazetteer as _gazetteer  # noqa: F401  registers the embedding of the names
from .sentences import make_sentences as _make_sentences  # noqa: F401  registers the factory of the sentences

TRAINED = ("tok2vec", "tagger", "parser", "ner")
"""The trained parts, in the order in which they run."""

_MODEL = Path(__file__).parent.parent / "model" / "english"


def load_english(path: Path = _MODEL, *, lazy: bool = True, blis: bool = False) -> Language:
    """Load the English pipeline that ships with the package, or one at ``path`` as saved by spaCy.

    ``lazy`` adds the rule-based sentences and switches the trained parts off, for `parse` to run where they are wanted.
    ``blis`` keeps thinc's default matrix products, which take about twice as long. Raises OSError where there is no
    pipeline at ``path``.
    """
    with numpy_products(blis=blis):
        nlp = spacy.load(path)
    _set_products(nlp, blis=blis)
    if lazy:
        nlp.select_pipes(disable=[name for name in TRAINED if name in nlp.pipe_names])
        nlp.add_pipe("coopledger_sentences", first=True)
    return nlp


def _set_products(nlp: Language, *, blis: bool) -> None:
    """Layers that spaCy resizes while it loads have the default products again."""
    parts: list[tuple[str, Any]] = nlp.components
    for _, part in parts:
        for node in part.model.walk() if hasattr(part, "model") else ():
            node.ops = NumpyOps(use_blis=blis)


@contextmanager
def numpy_products(*, blis: bool = False) -> Iterator[None]:
    """Models made or loaded inside multiply matrices by NumPy (OpenBLAS) and not by BLIS."""
    before = get_current_ops()
    set_current_ops(NumpyOps(use_blis=blis))
    try:
        yield
    finally:
        set_current_ops(before)
