"""A tokenizer whose time is linear in the length of a word: spaCy's own is quadratic in it."""

import re
from collections.abc import Callable, Iterator

from spacy.tokens import Doc

LONGEST = 100
"""Characters of a word without blanks that are read in one piece; no word of a language is longer."""

_LONG = re.compile(rf"\S{{{2 * LONGEST},}}")


class BoundedTokenizer:
    """Wraps a tokenizer and hands it unbroken stretches of text in pieces."""

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
