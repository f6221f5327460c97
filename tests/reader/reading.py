"""Texts as the reader sees them, for tests."""

from collections.abc import Sequence
from importlib.resources import files

from tokenizers import Tokenizer

from extractors.mentions import Mention
from extractors.pipeline import mention_pipeline
from extractors.reader import TOKENIZER
from extractors.reader.pieces import Pieces, Vocabulary, read_pieces
from extractors.text.sentences import split

VOCABULARY = Vocabulary(Tokenizer.from_str((files("extractors.model") / "reader" / TOKENIZER).read_text("utf-8")))
NLP = mention_pipeline()


def mentions_of(text: str) -> list[Mention]:
    doc = NLP(text)
    return [*doc._.parties, *doc._.amounts, *doc._.years]


def pieces_of(text: str, mentions: Sequence[Mention] = ()) -> Pieces:
    return read_pieces(text, split(text), mentions, VOCABULARY)
