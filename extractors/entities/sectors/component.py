"""The spaCy component: writes ``doc._.sectors``."""

from spacy.language import Language
from spacy.tokens import Doc

from extractors.mentions import SectorMention
from extractors.texts import text_of

from .phrases import find_sectors

if not Doc.has_extension("sectors"):
    Doc.set_extension("sectors", default=None)


class Sectors:
    """Finds the phrases of a document that signal a sector or a field."""

    def match(self, doc: Doc) -> list[SectorMention]:
        """Find the phrases of a document without writing to it."""
        return find_sectors(text_of(doc))

    def __call__(self, doc: Doc) -> Doc:
        """Write the phrases of a document to ``doc._.sectors``."""
        doc._.sectors = self.match(doc)
        return doc


@Language.factory("coopledger_sectors", assigns=["doc._.sectors"])
def make_sectors(nlp: Language, name: str) -> Sectors:
    """Make the component for a pipeline."""
    return Sectors()
