"""The spaCy pipeline: a tokenizer and one component for each kind of mention."""

import spacy
from spacy.language import Language

from extractors.english import load_english
from extractors.tokenizer import BoundedTokenizer

MENTIONS = ("coopledger_parties", "coopledger_years", "coopledger_amounts", "coopledger_sectors")


def make_pipeline(model: str | None = None) -> Language:
    """Make the pipeline on the package's own English, or on ``model``, the name or path of another spaCy pipeline.

    Raises ValueError where there is no such pipeline.
    """
    nlp = _base(model)
    nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    for name in MENTIONS:
        nlp.add_pipe(name)
    return nlp


def _base(model: str | None) -> Language:
    if model is None:
        return load_english()
    try:
        return spacy.load(model)
    except OSError as error:
        raise ValueError(
            f"no spaCy pipeline named {model!r} is installed, and no folder of that name holds one"
        ) from error
