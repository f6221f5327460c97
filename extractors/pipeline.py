"""The spaCy pipeline: sentences, one component for each kind of mention, and the reader of acts."""

import re
import sys
from collections.abc import Callable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors.reader import reader_folder

MENTIONS = ("coopledger_parties", "coopledger_years", "coopledger_amounts")
PIECE_LENGTH = 100
"""Characters of a piece into which a word of at least twice the length is cut; no word of a language is so long."""

_LONG_WORD = re.compile(rf"\S{{{2 * PIECE_LENGTH},}}")


def make_pipeline(model: str | None = None) -> Language:
    """Make the pipeline.

    Args:
        model: a folder that holds another trained reader, or the name or path of a spaCy pipeline that gives tokens and
            sentences; None for the shipped reader and the rules of the package

    Raises:
        ValueError: there is no such reader or pipeline
    """
    reader = reader_folder(model)
    nlp = mention_pipeline(None if reader else model)
    nlp.add_pipe("coopledger_acts", config={"folder": str(reader) if reader else None})
    return nlp


def mention_pipeline(model: str | None = None) -> Language:
    """Make the pipeline without the reader: tokens, sentences and mentions. ``model`` names a spaCy pipeline."""
    nlp = _base_pipeline(model)
    nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    for name in MENTIONS:
        nlp.add_pipe(name)
    return nlp


def _base_pipeline(model: str | None) -> Language:
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


class BoundedTokenizer:
    """Wraps a tokenizer and gives it long words in pieces: spaCy's takes time quadratic in the length of a word."""

    def __init__(self, tokenizer: Callable[[str], Doc]) -> None:
        """Wrap ``tokenizer``."""
        self.tokenizer = tokenizer

    def __call__(self, text: str) -> Doc:
        """Return the tokens of ``text``; their texts and whitespace joined are ``text``."""
        if _LONG_WORD.search(text) is None:
            return self.tokenizer(text)
        docs = [self.tokenizer(piece) for piece in _pieces_of(text)]
        words = [token.text for doc in docs for token in doc]
        spaces = [bool(token.whitespace_) for doc in docs for token in doc]
        return Doc(docs[0].vocab, words=words, spaces=spaces)


def _pieces_of(text: str) -> Iterator[str]:
    start = 0
    for match in _LONG_WORD.finditer(text):
        for end in range(match.start() + PIECE_LENGTH, match.end(), PIECE_LENGTH):
            yield text[start:end]
            start = end
    yield text[start:]
