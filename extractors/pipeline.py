"""The spaCy pipeline: sentences, a component for each kind of mention, and the reader of acts."""

import re
import sys
from collections.abc import Callable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extractors.reader import reader_folder

MENTIONS = ("coopledger_parties", "coopledger_years", "coopledger_amounts")
LONGEST = 100
"""Characters of a word without blanks that are read in one piece; no word of a language is longer."""

_LONG = re.compile(rf"\S{{{2 * LONGEST},}}")


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


class BoundedTokenizer:
    """Wraps a tokenizer and hands it long words in pieces: spaCy's own is quadratic in a word's length."""

    def __init__(self, tokenizer: Callable[[str], Doc]) -> None:
        """Take the tokenizer that reads ordinary words."""
        self.tokenizer = tokenizer

    def __call__(self, text: str) -> Doc:
        """Return the tokens of ``text``; their texts and blanks put together are the text."""
        if _LONG.search(text) is None:
            return self.tokenizer(text)
        docs = [self.tokenizer(piece) for piece in _pieces(text)]
        words = [token.text for doc in docs for token in doc]
        spaces = [bool(token.whitespace_) for doc in docs for token in doc]
        return Doc(docs[0].vocab, words=words, spaces=spaces)


def _pieces(text: str) -> Iterator[str]:
    at = 0
    for match in _LONG.finditer(text):
        for cut in range(match.start() + LONGEST, match.end(), LONGEST):
            yield text[at:cut]
            at = cut
    yield text[at:]
