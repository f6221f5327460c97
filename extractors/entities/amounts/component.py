"""The spaCy component: writes ``doc._.amounts``."""

from spacy.language import Language
from spacy.tokens import Doc

from extractors.entities.amounts.finder import find_amounts
from extractors.mentions import AmountMention
from extractors.texts import text_of

if not Doc.has_extension("amounts"):
    Doc.set_extension("amounts", default=None)


class Amounts:
    """Finds the amounts of a document."""

    def match(self, doc: Doc) -> list[AmountMention]:
        """Find the amounts of a document without writing to it."""
        return find_amounts(text_of(doc), date=doc.user_data.get("date"))

    def __call__(self, doc: Doc) -> Doc:
        """Write the amounts of a document to ``doc._.amounts``."""
        doc._.amounts = self.match(doc)
        return doc


@Language.factory("coopledger_amounts", assigns=["doc._.amounts"])
def make_amounts(nlp: Language, name: str) -> Amounts:
    """Make the component for a pipeline."""
    return Amounts()
