"""The spaCy pipeline: sentences, a component for each kind of mention, and the reader of acts."""

import sys

import spacy
from spacy.language import Language

from extractors.reader import reader_folder
from extractors.tokenizer import BoundedTokenizer

MENTIONS = ("coopledger_parties", "coopledger_years", "coopledger_amounts")


def make_pipeline(model: str | None = None) -> Language:
    """Make the pipeline.

    Args:
        model: a folder that holds another trained reader, or the name or path of a spaCy pipeline that gives tokens and
            sentences; None for the package's own

    Raises:
        ValueError: there is no such reader or pipeline
    """
    reader = reader_folder(model)
    nlp = mention_pipeline(None if reader else model)
    nlp.add_pipe("coopledger_acts", config={"folder": str(reader) if reader else None})
    return nlp


def mention_pipeline(model: str | None = None) -> Language:
    """Make the pipeline without the reader: tokens, sentences and mentions. ``model`` names a spaCy pipeline."""
    nlp = _base(model)
    nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    for name in MENTIONS:
        nlp.add_pipe(name)
    return nlp


def _base(model: str | None) -> Language:
    if model is None:
        nlp = spacy.blank("en")
        nlp.add_pipe("coopledger_sentences")
    else:
        try:
            nlp = spacy.load(model)
        except OSError as error:
            raise ValueError(
                f"{model!r} is neither a folder with a trained reader nor an installed spaCy pipeline"
            ) from error
    nlp.max_length = sys.maxsize  # spaCy's limit is for its parser; the rules here take texts of any length
    return nlp
