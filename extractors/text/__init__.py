"""Readers, one for each format, and the cleaned copy of a text that the pipeline reads."""

from extractors.text.clean import Aligned, clean
from extractors.text.documents import UnreadableError, make_document
from extractors.text.read import SUFFIXES, read
from extractors.text.rows import CORPORA

__all__ = ["CORPORA", "SUFFIXES", "Aligned", "UnreadableError", "clean", "make_document", "read"]
