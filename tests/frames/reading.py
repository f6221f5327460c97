"""A text read to records without the trained pipeline: mentions by their functions, sentences by rule."""

import spacy
from spacy.tokens import Doc

from extractors.entities.amounts import find_amounts
from extractors.entities.parties import find_parties
from extractors.entities.years import find_years
from extractors.relations.assemble import assemble
from schemas import CooperationRecord, Document, Unclaimed, digest_of

_BLANK = spacy.blank("en")
for _name in ("parties", "amounts", "years"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=())


def read(text: str, *, name: str = "text") -> tuple[list[CooperationRecord], list[Unclaimed]]:
    """Return the records and unclaimed mentions of ``text``."""
    document = Document(id=name, text=text, sha256=digest_of(text), digest=digest_of(text))
    return assemble(annotated(document), document)


def annotated(document: Document) -> Doc:
    """Return the text of a document with its mentions."""
    doc, text = _BLANK.make_doc(document.text), document.text
    doc._.parties, doc._.amounts, doc._.years = find_parties(text), find_amounts(text), find_years(text)
    return doc


def records(text: str) -> list[CooperationRecord]:
    """Return the records of ``text``."""
    return read(text)[0]
